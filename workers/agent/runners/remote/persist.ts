import { CloudError } from '../../environments';
import { backoffDelay, sleep } from '../../support/timing';
import { RunFailure, type Patience } from '../types';

const WAIT = { baseMs: 1000, maxMs: 30_000 };
const TRANSIENT: readonly CloudError['reason'][] = ['rate-limited', 'unavailable', 'timeout'];

/** Whether the same call may well succeed a little later. */
export const isTransient = (error: unknown): boolean =>
  error instanceof CloudError && TRANSIENT.includes(error.reason);

/**
 * Does `action` until the cloud answers: throttling, broken connections and failures of the service are waited out with growing, random
 * pauses, and told once. Everything else the cloud says about a submission ends the run with those words.
 *
 * @throws RunFailure of phase `submit`; CloudError `space` for a used-up quota
 */
export async function persist<T>(action: () => Promise<T>, { signal, warn }: Patience): Promise<T> {
  const isOver = () => signal.aborted;
  for (let attempt = 0; ; attempt++) {
    try {
      return await action();
    } catch (error) {
      if (!(error instanceof CloudError) || isOver()) throw error;
      // A used-up quota is the caller's affair: it is waited for otherwise.
      if (error.reason === 'space') throw error;
      if (!isTransient(error)) throw toRunFailure(error);
      if (attempt === 1) warn?.('CloudUnavailable', `${error.message} Trying again.`);
      await sleep(backoffDelay(attempt, WAIT), signal);
      if (isOver()) throw error;
    }
  }
}

/** What the cloud refused, as the end of a run that was to be submitted. */
const toRunFailure = (error: CloudError): RunFailure =>
  new RunFailure({ phase: 'submit', category: 'config', message: error.message }, { cause: error });
