import { sleep } from '../support/timing';
import { RunFailure, type Runner } from './types';

/**
 * Stands for a resource that this agent has no credentials for: what is new fails with what to set, and what another agent has submitted
 * is left as it is, with the reason on the run, until an agent that can looks after it.
 */
export function createUnfitRunner(message: string): Runner {
  return {
    hostBound: false,
    prepare: () => Promise.reject(new RunFailure({ phase: 'agent', category: 'config', message })),
    discard: () => Promise.resolve(),
    async adopt(_ref, { signal, warn }) {
      warn?.('NoCredentials', `Nobody looks after the job: ${message}`);
      while (!signal.aborted) await sleep(3_600_000, signal);
      return false;
    },
    watch: () => ({ items: { [Symbol.asyncIterator]: async function* () {} }, cursor: () => '' }),
    stop: () => Promise.reject(new Error(message)),
    release: () => Promise.resolve(),
  };
}
