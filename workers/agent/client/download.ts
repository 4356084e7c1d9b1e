import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import { errorCode, errorMessage, sleep } from '../support/timing';
import { AgentRequestError } from './errors';
import { toError, type CallOptions, type HttpOptions } from './http';
import { parseRetryAfter, retryDelay, type TryOutcome } from './retry';

/** Takes the whole body. Called again, from the first byte, after a cut connection. */
export type TakeBody = (body: Readable) => Promise<void>;
export type Download = (path: string, take: TakeBody, options?: CallOptions) => Promise<void>;

/** A large download is given up after so many tries: a run that cannot get its source shall fail and say so. */
const MAX_TRIES = 8;
/** Longest wait for the head of an answer, and for each further piece of it, milliseconds. */
const SILENCE_MS = 60_000;

/**
 * A GET whose body is streamed, with the retry rule of `retry.ts`. What `take` throws is passed on as it is, unless the connection was
 * to blame.
 *
 * @throws AgentRequestError
 */
export function createDownload({ baseUrl, token, userAgent }: HttpOptions): Download {
  const root = baseUrl.replace(/\/+$/, '');
  return async (path, take, { signal, maxTries = MAX_TRIES } = {}) => {
    for (let attempt = 0; ; attempt++) {
      const failed = await tryOnce(`${root}${path}`, take, { token, userAgent, signal });
      if (failed === null) return;
      if (signal?.aborted) throw new AgentRequestError('aborted', 'The call was given up.');
      const delay = retryDelay(failed.outcome, attempt);
      if (delay === null || attempt + 1 >= maxTries) throw failed.error;
      await sleep(delay, signal);
    }
  };
}

interface Failed {
  outcome: TryOutcome;
  error: AgentRequestError;
}

/** Null: all of it was taken. */
async function tryOnce(
  url: string,
  take: TakeBody,
  { token, userAgent, signal }: { token: string; userAgent: string; signal: AbortSignal | undefined },
): Promise<Failed | null> {
  const silence = new AbortController();
  let timer = setTimeout(() => silence.abort(), SILENCE_MS);
  const alive = () => {
    clearTimeout(timer);
    timer = setTimeout(() => silence.abort(), SILENCE_MS);
  };
  try {
    const response = await fetch(url, {
      redirect: 'manual',
      headers: { authorization: `Bearer ${token}`, 'user-agent': userAgent },
      signal: signal ? AbortSignal.any([signal, silence.signal]) : silence.signal,
    });
    if (response.status !== 200 || response.body === null) {
      const retryAfterSeconds = parseRetryAfter(
        response.headers.get('retry-after'),
        response.headers.get('date'),
      );
      const error = toError(response.status, await response.text(), new URL(url).pathname);
      return { outcome: { kind: 'status', status: response.status, retryAfterSeconds }, error };
    }
    // The cast: the types of the browser and of Node name the same stream differently.
    const body = Readable.fromWeb(response.body as ReadableStream);
    body.on('data', alive).pause();
    await take(body);
    return null;
  } catch (error) {
    if (!silence.signal.aborted && !isOfConnection(error)) throw error;
    const message = `The server is not reachable: ${errorMessage(error)}`;
    return {
      outcome: { kind: 'network' },
      error: new AgentRequestError('unreachable', message, { cause: error }),
    };
  } finally {
    clearTimeout(timer);
  }
}

/** undici says `fetch failed` or `terminated` with the cause beneath. */
function isOfConnection(error: unknown): boolean {
  const code = errorCode(error);
  return (
    (error instanceof TypeError && /^(fetch failed|terminated)/.test(error.message)) ||
    (code !== undefined && /^(UND_ERR_|ECONN|EPIPE|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EHOSTUNREACH)/.test(code))
  );
}
