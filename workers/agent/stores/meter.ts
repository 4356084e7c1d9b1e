import { createHash } from 'node:crypto';
import { Transform, type Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Stored } from './types';

/** An upload that moves nothing for so long will not move again, milliseconds. */
const STALL_MS = 120_000;

/**
 * Runs an upload, measures what goes by, and gives it up when the store takes nothing more. The source's own error is thrown as it is:
 * it says more than what the store makes of a body that breaks off.
 *
 * @param send sends the body and resolves when the object is whole; has to end soon after the signal
 * @param translate makes the store's own error one for people
 */
export async function metered(
  source: Readable,
  signal: AbortSignal,
  send: (body: Readable, signal: AbortSignal) => Promise<unknown>,
  translate: (error: unknown) => Error,
  stallMs = STALL_MS,
): Promise<Stored> {
  const hash = createHash('sha256');
  let bytes = 0;
  const broken: { error?: unknown } = {};
  const given = new AbortController();
  const stalled = () => given.abort(new DOMException('The upload makes no progress.', 'TimeoutError'));
  let timer = setTimeout(stalled, stallMs);
  const body = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      clearTimeout(timer);
      timer = setTimeout(stalled, stallMs);
      bytes += chunk.length;
      hash.update(chunk);
      done(null, chunk);
    },
  });
  const ended = AbortSignal.any([signal, given.signal]);
  const flowing = pipeline(watched(source, broken), body, { signal: ended }).then(
    () => true,
    (error: unknown) => {
      // A store that refuses destroys the body; what it says comes from `send`.
      given.abort(error);
      return false;
    },
  );
  try {
    await send(body, ended);
    // Aborted after the last byte: the object is whole all the same.
    if (!(await flowing)) throw ended.reason;
    return { sha256: hash.digest('hex'), bytes };
  } catch (error) {
    if ('error' in broken) throw broken.error;
    const abandoned = signal.aborted || isTimeout(given.signal.reason);
    throw translate(abandoned ? ended.reason : error);
  } finally {
    clearTimeout(timer);
    given.abort();
    source.destroy();
    await flowing;
  }
}

async function* watched(source: Readable, broken: { error?: unknown }): AsyncGenerator<Buffer> {
  try {
    for await (const chunk of source) yield chunk as Buffer;
  } catch (error) {
    broken.error = error;
    throw error;
  }
}

const isTimeout = (reason: unknown): boolean => reason instanceof Error && reason.name === 'TimeoutError';
