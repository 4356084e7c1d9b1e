import { problemSchema, type ProblemDocument } from '@/core/wire';
import type { z } from 'zod';
import type { AgentLog } from '../support/logger';
import { errorMessage, sleep } from '../support/timing';
import { AgentRequestError, type AgentRequestReason } from './errors';
import { parseRetryAfter, retryDelay, type TryOutcome } from './retry';

export interface HttpOptions {
  /** Address of the server, without a path of ours. */
  baseUrl: string;
  token: string;
  log: AgentLog;
  userAgent: string;
}

export interface CallOptions {
  signal?: AbortSignal;
  /** Longest time of one try, milliseconds. */
  timeoutMs?: number;
  /** How many times at most; none: until it is answered or aborted. */
  maxTries?: number;
}

const DEFAULT_TIMEOUT_MS = 30_000;
/** After so many tries without success in a row the operator is told; before, a restart of the server makes no noise. */
const WARN_AFTER_TRIES = 3;

export type Post = <T>(
  path: string,
  body: unknown,
  answer: z.ZodType<T>,
  options?: CallOptions,
) => Promise<T>;

/** One JSON call with the retry rule of `retry.ts`. Throws nothing but AgentRequestError. */
export function createPost({ baseUrl, token, log, userAgent }: HttpOptions): Post {
  const root = baseUrl.replace(/\/+$/, '');
  return async (path, body, answer, options = {}) => {
    const text = JSON.stringify(body);
    for (let attempt = 0; ; attempt++) {
      throwIfAborted(options.signal);
      const result = await tryOnce(`${root}${path}`, text, { token, userAgent }, options);
      let failed: { outcome: TryOutcome; message: string; error?: AgentRequestError; cause?: unknown };
      if (result.kind === 'answer' && result.status >= 200 && result.status < 300) {
        const parsed = answer.safeParse(parseJson(result.text));
        if (parsed.success) return parsed.data;
        failed = {
          outcome: { kind: 'unreadable' },
          message: `the answer to ${path} is not what an agent of this version understands`,
          cause: parsed.error,
        };
      } else if (result.kind === 'answer') {
        const error = toError(result.status, result.text, path);
        failed = {
          outcome: { kind: 'status', status: result.status, retryAfterSeconds: result.retryAfterSeconds },
          message: error.message,
          error,
        };
      } else {
        throwIfAborted(options.signal);
        failed = { outcome: { kind: 'network' }, message: errorMessage(result.error), cause: result.error };
      }
      const delay = retryDelay(failed.outcome, attempt);
      if (delay === null && failed.error) throw failed.error;
      if (delay === null || attempt + 1 >= (options.maxTries ?? Infinity)) {
        throw new AgentRequestError('unreachable', `${root} is not reachable: ${failed.message}`, {
          cause: failed.cause,
        });
      }
      if (attempt + 1 === WARN_AFTER_TRIES) {
        log.warn(`The server does not answer as it should; going on trying. ${failed.message}`, { path });
      } else {
        log.debug(`Call failed, trying again: ${failed.message}`, { path, delayMs: Math.round(delay) });
      }
      await sleep(delay, options.signal);
    }
  };
}

type TryResult =
  | { kind: 'answer'; status: number; text: string; retryAfterSeconds?: number }
  | { kind: 'error'; error: unknown };

async function tryOnce(
  url: string,
  body: string,
  { token, userAgent }: { token: string; userAgent: string },
  { signal, timeoutMs = DEFAULT_TIMEOUT_MS }: CallOptions,
): Promise<TryResult> {
  const timeout = AbortSignal.timeout(timeoutMs);
  try {
    const response = await fetch(url, {
      method: 'POST',
      body,
      // A redirect would carry the token elsewhere, or turn the POST into a GET: better an error that names the address.
      redirect: 'manual',
      headers: {
        authorization: `Bearer ${token}`,
        'content-type': 'application/json',
        'user-agent': userAgent,
      },
      signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
    });
    const retryAfterSeconds = parseRetryAfter(
      response.headers.get('retry-after'),
      response.headers.get('date'),
    );
    return { kind: 'answer', status: response.status, text: await response.text(), retryAfterSeconds };
  } catch (error) {
    return { kind: 'error', error };
  }
}

function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new AgentRequestError('aborted', 'The call was given up.');
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

const REASON_BY_STATUS: Record<number, AgentRequestReason> = {
  401: 'unauthorized',
  403: 'forbidden',
  404: 'not-found',
};

/** What an answer other than 2xx means. `path`: of the call, for answers without a problem. */
export function toError(status: number, text: string, path: string): AgentRequestError {
  const parsed = problemSchema.safeParse(parseJson(text));
  if (parsed.success) return toProblemError({ ...parsed.data, status });
  const redirect = status >= 300 && status < 400 ? ', a redirect: is the address of the server right?' : '';
  return new AgentRequestError(
    REASON_BY_STATUS[status] ?? 'refused',
    `${path} was answered with status ${status}${redirect}`,
    { status },
  );
}

/** What a problem document says, whether it was the answer or one result among many. */
export function toProblemError({ type, status, title, detail, errors }: ProblemDocument): AgentRequestError {
  const code = type.split(/[/:#]/).at(-1);
  const reason: AgentRequestReason =
    code === 'stale-attempt' || code === 'superseded' ? code : (REASON_BY_STATUS[status] ?? 'refused');
  const details = errors?.map((e) => `${e.path}: ${e.message}`).join('; ');
  const message = [detail ?? title, details].filter(Boolean).join(' ');
  return new AgentRequestError(reason, message, { status, ...(code === undefined ? {} : { code }) });
}
