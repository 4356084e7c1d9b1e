import { backoffDelay, type Backoff } from '../support/timing';

/** What came of one try: no answer at all, an answer that cannot be read, or a status. */
export type TryOutcome =
  | { kind: 'network' }
  | { kind: 'unreadable' }
  | { kind: 'status'; status: number; retryAfterSeconds?: number };

const BACKOFF: Backoff = { baseMs: 250, maxMs: 15_000 };
/** Longest Retry-After that is obeyed, seconds; a longer one is a mistake of something between agent and server. */
const MAX_RETRY_AFTER_SECONDS = 120;

/**
 * The one rule of what is tried again: no answer, an answer that cannot be read (a proxy's page, a body cut short), 408, 425, 429 and
 * 5xx. Every other status is final. Gives the wait in milliseconds, or null. `attempt` counts from 0.
 */
export function retryDelay(
  outcome: TryOutcome,
  attempt: number,
  random: () => number = Math.random,
): number | null {
  if (outcome.kind !== 'status') return backoffDelay(attempt, BACKOFF, random);
  const { status, retryAfterSeconds } = outcome;
  if (status !== 408 && status !== 425 && status !== 429 && status < 500) return null;
  const own = backoffDelay(attempt, BACKOFF, random);
  if (retryAfterSeconds === undefined) return own;
  // Never earlier than asked for, and spread out, since all who were refused together come back together.
  const asked = Math.min(retryAfterSeconds, MAX_RETRY_AFTER_SECONDS) * 1000;
  return asked + Math.min(own, 1000) * random();
}

/** Seconds of a Retry-After header: a number, or a date against the server's own `Date`, so the local clock does not matter. */
export function parseRetryAfter(value: string | null, serverDate: string | null): number | undefined {
  if (value === null) return undefined;
  const seconds = Number(value);
  if (value.trim() !== '' && Number.isFinite(seconds)) return Math.max(0, seconds);
  const [at, now] = [Date.parse(value), Date.parse(serverDate ?? '')];
  return Number.isNaN(at) || Number.isNaN(now) ? undefined : Math.max(0, (at - now) / 1000);
}
