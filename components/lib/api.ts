import type { FieldError, ProblemDocument } from '@/core/wire';
import { observeServerDate } from './clock';
import { observeServerBuild } from './server-version';
import { setSessionEnded } from './session-ended';

/** A refusal or failure of the interface, as the problem document said it. `status` 0: the server could not be reached. */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem';
  readonly status: number;
  readonly title: string;
  readonly detail: string | undefined;
  readonly errors: readonly FieldError[];
  readonly requestId: string | undefined;

  constructor(
    problem: Pick<ProblemDocument, 'title' | 'status' | 'detail' | 'errors' | 'requestId'>,
    options?: ErrorOptions,
  ) {
    super(problem.detail ?? problem.title, options);
    this.status = problem.status;
    this.title = problem.title;
    this.detail = problem.detail;
    this.errors = problem.errors ?? [];
    this.requestId = problem.requestId;
  }
}

export type QueryValue = string | number | boolean | null | undefined;
export interface RequestOptions {
  query?: Record<string, QueryValue>;
  headers?: Record<string, string>;
  signal?: AbortSignal;
}

const BASE = '/api/v1';
/** Joins path segments, each escaped: `path('entities', name, 'queues')`. */
export const path = (...segments: (string | number)[]): string =>
  `/${segments.map((each) => encodeURIComponent(each)).join('/')}`;

function withQuery(address: string, query: RequestOptions['query']): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value !== undefined && value !== null && value !== '') params.set(name, String(value));
  }
  const text = params.toString();
  return text ? `${address}?${text}` : address;
}

async function problemOf(response: Response): Promise<ApiProblem> {
  const requestId = response.headers.get('x-request-id') ?? undefined;
  const fallback = {
    title: response.statusText || `The server answered ${response.status}`,
    status: response.status,
    requestId,
  };
  const body: unknown = await response.json().catch(() => null);
  if (response.status === 401) {
    return new ApiProblem({
      ...fallback,
      title: 'Your session has ended',
      detail: 'Sign in again and repeat it; what you typed is kept.',
    });
  }
  if (typeof body !== 'object' || body === null || !('title' in body)) return new ApiProblem(fallback);
  return new ApiProblem({ ...fallback, ...(body as ProblemDocument) });
}

/** Sends a request with the browser's session and gives the raw answer; throws ApiProblem when it is not 2xx. */
export async function send(
  method: string,
  address: string,
  body?: unknown,
  options: RequestOptions = {},
): Promise<Response> {
  const response = await fetch(withQuery(BASE + address, options.query), {
    method,
    credentials: 'same-origin',
    cache: 'no-store',
    signal: options.signal,
    headers: {
      accept: 'application/json',
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...options.headers,
    },
    body: body === undefined ? undefined : JSON.stringify(body),
  }).catch((cause: unknown) => {
    if (cause instanceof DOMException && cause.name === 'AbortError') throw cause;
    throw new ApiProblem(
      {
        status: 0,
        title: 'The server cannot be reached',
        detail: 'Check the connection; what you typed is kept.',
      },
      { cause },
    );
  });
  observeServerDate(response.headers.get('date'));
  observeServerBuild(response.headers);
  if (response.status === 401) setSessionEnded(true);
  if (!response.ok) throw await problemOf(response);
  return response;
}

async function json<T>(
  method: string,
  address: string,
  body?: unknown,
  options?: RequestOptions,
): Promise<T> {
  const response = await send(method, address, body, options);
  if (response.status === 204) return undefined as T;
  return (await response.json()) as T;
}

/** The interface under /api/v1, same origin. The types are those of `core/wire`; the server has checked them. */
export const api = {
  get: <T>(address: string, options?: RequestOptions) => json<T>('GET', address, undefined, options),
  post: <T>(address: string, body?: unknown, options?: RequestOptions) =>
    json<T>('POST', address, body ?? {}, options),
  put: <T>(address: string, body?: unknown, options?: RequestOptions) =>
    json<T>('PUT', address, body ?? {}, options),
  patch: <T>(address: string, body?: unknown, options?: RequestOptions) =>
    json<T>('PATCH', address, body ?? {}, options),
  delete: <T = undefined>(address: string, options?: RequestOptions) =>
    json<T>('DELETE', address, undefined, options),
};

/** An unknown failure as something that can be shown. */
export function toProblem(error: unknown): ApiProblem {
  if (error instanceof ApiProblem) return error;
  return new ApiProblem(
    {
      status: 0,
      title: 'Something went wrong in the page',
      detail: error instanceof Error ? error.message : String(error),
    },
    { cause: error },
  );
}
