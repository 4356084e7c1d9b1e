import type { HttpContext, HttpShared } from './types';

/**
 * Runs a call that may wait, with a signal that is aborted when the caller hangs up or the server shuts down. Joined by hand:
 * `AbortSignal.any` keeps its sources' listeners alive as long as `shutdown` lives.
 */
export async function whileWaiting<T>(
  c: HttpContext,
  { shutdown }: HttpShared,
  waits: boolean,
  call: (signal?: AbortSignal) => Promise<T>,
): Promise<T> {
  if (!waits) return call();
  const controller = new AbortController();
  const abort = () => {
    controller.abort();
  };
  const gone = c.req.raw.signal;
  if (shutdown.aborted || gone.aborted) abort();
  shutdown.addEventListener('abort', abort, { once: true });
  gone.addEventListener('abort', abort, { once: true });
  try {
    return await call(controller.signal);
  } finally {
    shutdown.removeEventListener('abort', abort);
    gone.removeEventListener('abort', abort);
  }
}
