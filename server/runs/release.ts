import type { Services } from '../services';
import { announceRuns, announceWork } from './announce';
import { leaseDesk } from './lease-desk';
import { RELEASE_BATCH, releaseAgent, releaseExpired, releaseLeases } from './release-sql';
import type { ReleasedRun, ReleaseReason } from './release-sql';

/** Tells of leases that were taken back: agents may lease or adopt the runs now. */
function announceReleased(s: Services, runs: readonly ReleasedRun[]): void {
  if (runs.length === 0) return;
  announceRuns(s, runs);
  const pending = runs.filter(({ state }) => state === 'pending');
  announceWork(
    s,
    pending.map(({ queueId }) => queueId),
    { putBack: true },
  );
  const rest = runs.filter(({ state }) => state !== 'pending');
  if (rest.some(({ state }) => state !== 'stopped')) leaseDesk(s).orphans.changed();
  announceWork(
    s,
    rest.map(({ queueId }) => queueId),
  );
}

/** Repeats `batch` until it comes back less than full. */
async function inBatches(s: Services, batch: () => Promise<ReleasedRun[]>): Promise<number> {
  for (let total = 0; ;) {
    const runs = await batch();
    announceReleased(s, runs);
    total += runs.length;
    if (runs.length < RELEASE_BATCH) return total;
  }
}

/** Takes back every lease whose time is over; returns how many. A task of one worker. */
export const expireLeases = (s: Services): Promise<number> => inBatches(s, () => releaseExpired(s.pool));

/** Takes back all leases of an agent that has begun anew or said good-bye. */
export const releaseAllOf = (s: Services, agentId: string, reason: ReleaseReason): Promise<number> =>
  inBatches(s, () => releaseAgent(s.pool, agentId, reason));

/** Takes back leases whose answer did not reach the agent. */
export const returnLeases = (
  s: Services,
  leases: readonly { id: string; attempt: number }[],
): Promise<number> => inBatches(s, () => releaseLeases(s.pool, leases.slice(0, RELEASE_BATCH)));
