import { encode } from 'next-auth/jwt';
import { expect } from 'vitest';
import { problemSchema } from '@/core/wire';
import type { ProblemDocument } from '@/core/wire';
import { sessionCookieName } from '../../session-cookie';
import type { Services } from '../../services';
import type { SeededUser } from '../../testing';
import type { HttpApp } from '../app';
import type { Endpoint } from '../endpoint';

export interface Answer<T = Record<string, unknown>> {
  status: number;
  headers: Headers;
  text: string;
  body: T;
  /** The body as a problem document; fails the test when it is none. */
  problem: ProblemDocument;
}
export interface CallOptions {
  token?: string | undefined;
  body?: unknown;
  /** A body that is sent as it is. */
  raw?: BodyInit;
  headers?: Record<string, string>;
  /** What Node's socket would say. */
  remoteAddress?: string;
}

/**
 * Calls the app in process. Every answer is held against what the call declares: its status, its schema (without unknown keys being
 * lost), or a problem document.
 */
export function createClient(app: HttpApp) {
  return async <T = Record<string, unknown>>(line: string, options: CallOptions = {}): Promise<Answer<T>> => {
    const [method = 'GET', path = '/'] = line.split(' ');
    const headers: Record<string, string> = {
      ...(options.token ? { authorization: `Bearer ${options.token}` } : {}),
    };
    if (options.body !== undefined) headers['content-type'] = 'application/json';
    Object.assign(headers, options.headers);
    const init: RequestInit = { method, headers };
    if (options.raw !== undefined) Object.assign(init, { body: options.raw, duplex: 'half' });
    else if (options.body !== undefined) init.body = JSON.stringify(options.body);
    const env = { incoming: { socket: { remoteAddress: options.remoteAddress ?? '192.0.2.1' } } };
    const response = await app.request(`http://127.0.0.1:3000${path}`, init, env);
    const text = await response.text();
    const isJson = /json/.test(response.headers.get('content-type') ?? '');
    const body = (isJson ? JSON.parse(text) : undefined) as T;
    if (response.status >= 400) expectProblem(response, body);
    else expectDeclared(app.endpoints, method, path, response.status, body);
    return {
      status: response.status,
      headers: response.headers,
      text,
      body,
      get problem() {
        return problemSchema.parse(body);
      },
    };
  };
}

function expectProblem(response: Response, body: unknown): void {
  if (response.headers.get('content-type') !== 'application/problem+json') return;
  const problem = problemSchema.parse(body);
  expect(problem.status).toBe(response.status);
  expect(problem.requestId).toBe(response.headers.get('x-request-id'));
}

function expectDeclared(
  endpoints: readonly Endpoint[],
  method: string,
  path: string,
  status: number,
  body: unknown,
): void {
  const plainPath = path.split('?')[0] ?? path;
  const endpoint = endpoints.find(
    (each) =>
      each.method.toUpperCase() === method &&
      new RegExp(`^${each.path.replace(/\{\w+\}/g, '[^/]+')}$`).test(plainPath),
  );
  if (!endpoint) return;
  const declared = [
    endpoint.status ?? (endpoint.answer ? 200 : 204),
    ...Object.keys(endpoint.alsoStatus ?? {}).map(Number),
  ];
  expect(declared, `${method} ${plainPath}`).toContain(status);
  if (endpoint.answer && !endpoint.rawAnswer)
    expect(endpoint.answer.parse(body), `${method} ${plainPath}`).toEqual(body);
}

/** The cookie of a browser in which the user has signed in. */
export async function sessionCookie({ config }: Services, user: SeededUser, version = 0): Promise<string> {
  const token = await encode({ token: { sub: user.id, sv: version }, secret: config.NEXTAUTH_SECRET });
  return `${sessionCookieName(config.SLIPWAY_BASE_URL)}=${token}`;
}
