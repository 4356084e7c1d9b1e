import { STATUS_CODES } from 'node:http';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { Logger } from 'pino';
import { ProblemError } from '@/core/problems';
import type { ProblemDocument } from '@/core/wire';
import { databaseAway, isDatabaseAway } from '../db';
import type { HttpContext } from './types';

/** Statuses that have no kind of `ProblemError`, since no use case knows of them. */
export class HttpProblem extends Error {
  constructor(
    readonly status: 404 | 405 | 415,
    message: string,
    readonly code: string,
    readonly headers: Record<string, string> = {},
  ) {
    super(message);
    this.name = 'HttpProblem';
  }
}

/** SQLSTATEs of a statement that may well succeed when it is tried again: timeouts, deadlocks, serialisation. */
const BUSY = new Set(['57014', '55P03', '40P01', '40001']);

function asProblem(error: unknown): ProblemError | HttpProblem | null {
  if (error instanceof ProblemError || error instanceof HttpProblem) return error;
  if (isDatabaseAway(error)) return databaseAway(error);
  const code = error instanceof Error ? (error as { code?: unknown }).code : undefined;
  if (typeof code === 'string' && BUSY.has(code)) {
    return new ProblemError(
      'unavailable',
      'The server is too busy for this call just now. Try again in a few seconds.',
      {
        code: 'busy',
        retryAfterSeconds: 2,
        cause: error,
      },
    );
  }
  return null;
}

const reasonOf = ({ cause, message }: Error): string => (cause instanceof Error ? cause.message : message);

/** A refusal as it goes over the wire (RFC 9457), without what belongs to the request. */
export function problemDocument(problem: ProblemError | HttpProblem): ProblemDocument {
  const { code, status, message } = problem;
  const document: ProblemDocument = {
    type: `urn:slipway:problem:${code}`,
    title: STATUS_CODES[status] ?? 'Error',
    status,
    detail: message,
  };
  if (problem instanceof ProblemError && problem.errors && problem.errors.length > 0)
    document.errors = problem.errors;
  return document;
}

/** The one place where whatever was thrown becomes an answer. Faults of ours are logged and answered without detail. */
export function problemResponse(
  c: HttpContext,
  error: unknown,
  log: Pick<Logger, 'error' | 'warn'>,
): Response {
  const problem = asProblem(error);
  const requestId = c.get('requestId');
  const headers: Record<string, string> = {
    'Content-Type': 'application/problem+json',
    'Cache-Control': 'no-store',
  };
  const status = problem?.status ?? 500;
  const document: ProblemDocument = {
    ...(problem
      ? problemDocument(problem)
      : {
          type: 'about:blank',
          title: STATUS_CODES[status] ?? 'Error',
          status,
          detail: `Something went wrong on the server. Its log has more under request ${requestId}.`,
        }),
    instance: c.req.path,
    requestId,
  };
  const request = { requestId, method: c.req.method, route: c.get('route') };
  if (problem === null) log.error({ err: error, ...request }, 'a request failed');
  // No stack: while the database is away, each request would add the same one.
  else if (status === 503)
    log.warn({ reason: reasonOf(problem), ...request }, 'a request could not be served');
  if (problem instanceof ProblemError) {
    if (problem.retryAfterSeconds !== undefined)
      headers['Retry-After'] = String(Math.ceil(problem.retryAfterSeconds));
    if (status === 401) headers['WWW-Authenticate'] = 'Bearer realm="slipway"';
    // 413 closes nothing: a connection closed with unread bytes takes the answer with it. The listener reads on for a moment, then closes.
  }
  if (problem instanceof HttpProblem) Object.assign(headers, problem.headers);
  return c.body(JSON.stringify(document), status as ContentfulStatusCode, headers);
}
