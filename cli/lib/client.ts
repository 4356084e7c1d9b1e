import type { ProblemDocument, Viewer } from '@/core/wire';
import type { Credentials } from './credentials';
import { ApiError, UnreachableError, UsageError } from './errors';

type Query = Record<string, string | number | undefined>;
interface Call {
  query?: Query;
  body?: unknown;
  /** A body that is sent as it is, instead of `body`. */
  bytes?: Uint8Array<ArrayBuffer>;
  headers?: Record<string, string>;
  signal?: AbortSignal;
}

/** Talks to a Slipway server as a user. */
export class Client {
  private own: Promise<string> | undefined;

  constructor(private readonly credentials: Credentials) {}

  get baseUrl(): string {
    return this.credentials.baseUrl;
  }

  /**
   * One call; the answer as it came.
   * @throws ApiError for any status above 399, UnreachableError without an answer
   */
  async send(
    method: string,
    path: string,
    { query = {}, body, bytes, headers = {}, signal }: Call = {},
  ): Promise<Response> {
    const url = new URL(`${this.credentials.baseUrl}${path}`);
    for (const [name, value] of Object.entries(query))
      if (value !== undefined) url.searchParams.set(name, String(value));
    const response = await fetch(url, {
      method,
      headers: {
        authorization: `Bearer ${this.credentials.apiKey}`,
        accept: 'application/json',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      body: bytes ?? (body === undefined ? null : JSON.stringify(body)),
      signal: signal ?? null,
    }).catch((error: unknown) => {
      if (signal?.aborted) throw error;
      throw new UnreachableError(`${this.credentials.baseUrl} cannot be reached: ${reasonOf(error)}`, {
        cause: error,
      });
    });
    if (!response.ok) throw new ApiError(response.status, await problemOf(response));
    return response;
  }

  async call<T>(method: string, path: string, call: Call = {}): Promise<T> {
    const response = await this.send(method, path, call);
    return (response.status === 204 ? undefined : await response.json()) as T;
  }

  get = <T>(path: string, query?: Query): Promise<T> => this.call<T>('GET', path, query ? { query } : {});
  post = <T>(path: string, body: unknown = {}): Promise<T> => this.call<T>('POST', path, { body });

  /** The entity that was asked for, else `SLIPWAY_ENTITY`, else the user's own space. */
  async entity(asked: string | undefined): Promise<string> {
    const chosen = asked ?? process.env.SLIPWAY_ENTITY;
    if (chosen) return chosen;
    this.own ??= this.get<Viewer>('/api/v1/viewer').then(({ entities }) => {
      const own = entities.find(({ kind }) => kind === 'user') ?? entities[0];
      if (!own) throw new UsageError('You belong to no entity. Name one with -e.');
      return own.name;
    });
    return this.own;
  }

  /** Path of an entity's things, each part encoded. */
  async path(entity: string | undefined, ...parts: string[]): Promise<string> {
    return `/api/v1/entities/${[await this.entity(entity), ...parts].map(encodeURIComponent).join('/')}`;
  }
}

async function problemOf(response: Response): Promise<ProblemDocument> {
  const fallback = {
    type: 'about:blank',
    title: `The server answered ${String(response.status)}`,
    status: response.status,
  };
  try {
    const body: unknown = await response.json();
    return typeof body === 'object' && body !== null && 'title' in body
      ? (body as ProblemDocument)
      : fallback;
  } catch {
    return fallback;
  }
}

function reasonOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  if (cause instanceof Error && cause.message) return cause.message;
  return error instanceof Error ? error.message : String(error);
}
