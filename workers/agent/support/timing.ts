/**
 * Waits `ms` milliseconds by the monotonic clock. Ends early, without an error, when `signal` is aborted: callers look at the signal
 * themselves, since "woken to end" is no failure.
 */
export function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) {
      resolve();
      return;
    }
    const done = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal?.addEventListener('abort', done, { once: true });
  });
}

export interface Backoff {
  /** Milliseconds before the first repetition. */
  baseMs: number;
  /** Longest wait, milliseconds. */
  maxMs: number;
}

/**
 * Wait before repetition number `attempt` (from 0), milliseconds: doubled each time, cut at `maxMs`, and a random point of its upper
 * half, so that many agents that lost one server do not come back in step.
 */
export function backoffDelay(
  attempt: number,
  { baseMs, maxMs }: Backoff,
  random: () => number = Math.random,
): number {
  const full = Math.min(maxMs, baseMs * 2 ** Math.min(attempt, 30));
  return full / 2 + (full / 2) * random();
}

/** The message of whatever was thrown, with the causes that say more (`fetch failed: connect ECONNREFUSED …`). */
export function errorMessage(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const inner: unknown = error instanceof AggregateError ? error.errors[0] : error.cause;
  const cause = inner === undefined ? '' : errorMessage(inner);
  return cause && !error.message.includes(cause)
    ? [error.message, cause].filter(Boolean).join(': ')
    : error.message;
}

/** The `code` of a Node or engine error (`ENOENT`, `ECONNREFUSED`), looked up through its causes. */
export function errorCode(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  const { code, cause } = error as { code?: unknown; cause?: unknown };
  if (typeof code === 'string') return code;
  if (error instanceof AggregateError) return errorCode(error.errors[0]);
  return cause === undefined ? undefined : errorCode(cause);
}
