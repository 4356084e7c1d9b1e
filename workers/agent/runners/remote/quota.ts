import { CloudError } from '../../environments';
import { backoffDelay, sleep, type Backoff } from '../../support/timing';
import type { Patience } from '../types';
import { persist } from './persist';

/** While a quota is used up: other jobs have to end first. */
export const QUOTA_WAIT: Backoff = { baseMs: 15_000, maxMs: 120_000 };

/**
 * Submits as `persist` does, and waits while a quota of the account is used up: the run is held back meanwhile, not late, and says why.
 * `advice` is what can be done about it.
 */
export async function persistThroughQuota<T>(
  action: () => Promise<T>,
  patience: Patience,
  advice: string,
  wait: Backoff,
): Promise<T> {
  const { signal, warn, held } = patience;
  const isOver = () => signal.aborted;
  for (let attempt = 0; ; attempt++) {
    try {
      const result = await persist(action, patience);
      if (attempt > 0) held?.(false);
      return result;
    } catch (error) {
      if (!(error instanceof CloudError) || error.reason !== 'space' || isOver()) throw error;
      if (attempt === 0) held?.(true);
      if (attempt === 0) warn?.('QuotaExceeded', `${error.message} ${advice}`);
      await sleep(backoffDelay(attempt, wait), signal);
      if (isOver()) throw error;
    }
  }
}
