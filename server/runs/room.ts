import { LRUCache } from 'lru-cache';
import { ProblemError } from '@/core/problems';
import type { LaunchQueue } from '../queues';
import type { Services } from '../services';
import { perProcess } from './per-process';
import { limitedWaiting, waitingCounts } from './waiting-counts';

/** What waits in an entity, as it was counted last, with what this process has added since. */
interface Snapshot {
  byQueue: Map<string, number>;
  total: number;
  until: number;
  refreshing: boolean;
}

/** A snapshot is used at least so long, and so many times as long as it took. */
const KEEP_MS = 1_000;
const KEEP_TIMES = 50;
const RETRY_SECONDS = 10;

const SELECT = `SELECT q.id, ${limitedWaiting('q.id')} AS waiting FROM queues q WHERE q.entity_id = $1 AND q.deleted_at IS NULL`;

const snapshots = perProcess(() => new LRUCache<string, Promise<Snapshot>>({ max: 10_000 }));

async function take(s: Services, entityId: string): Promise<Snapshot> {
  const began = performance.now();
  const { rows } = await s.pool.query<{ id: string; waiting: number }>({
    name: 'room',
    text: SELECT,
    values: [entityId],
  });
  const byQueue = await waitingCounts(s, rows);
  const now = performance.now();
  return {
    byQueue,
    total: [...byQueue.values()].reduce((sum, runs) => sum + runs, 0),
    until: now + Math.max(KEEP_MS, KEEP_TIMES * (now - began)),
    refreshing: false,
  };
}

/** The snapshot of an entity; an old one is used on while a new one is taken beside the call. */
async function snapshotOf(s: Services, entityId: string): Promise<Snapshot> {
  const cache = snapshots(s);
  let taken = cache.get(entityId);
  if (taken === undefined) {
    taken = take(s, entityId);
    cache.set(entityId, taken);
    taken.catch(() => cache.delete(entityId));
  }
  const snapshot = await taken;
  if (snapshot.until < performance.now() && !snapshot.refreshing) {
    snapshot.refreshing = true;
    take(s, entityId).then(
      (next) => cache.set(entityId, Promise.resolve(next)),
      (error: unknown) => {
        snapshot.refreshing = false;
        s.log.debug({ err: error }, 'the waiting runs of an entity could not be counted');
      },
    );
  }
  return snapshot;
}

/**
 * Back-pressure: refuses launches on a queue, or in an entity, in which as many runs wait as the installation allows. The count may be
 * some seconds old, so a limit can be passed by what other servers take in that time: it holds off a loop gone wild, it is no quota.
 *
 * @throws ProblemError too-many-requests `queue-full` or `entity-full`, with when to try again
 */
export async function requireRoom(
  s: Services,
  queue: Pick<LaunchQueue, 'id' | 'entityId' | 'entity' | 'name'>,
  runs: number,
): Promise<void> {
  const { SLIPWAY_MAX_WAITING_PER_QUEUE: ofQueue, SLIPWAY_MAX_WAITING_PER_ENTITY: ofEntity } = s.config;
  if (ofQueue === 0 && ofEntity === 0) return;
  const snapshot = await snapshotOf(s, queue.entityId);
  const waiting = snapshot.byQueue.get(queue.id) ?? 0;
  if (ofQueue > 0 && waiting + runs > ofQueue)
    throw full('queue-full', `The queue ${JSON.stringify(queue.name)}`, waiting, ofQueue);
  if (ofEntity > 0 && snapshot.total + runs > ofEntity)
    throw full('entity-full', `The entity ${JSON.stringify(queue.entity)}`, snapshot.total, ofEntity);
  snapshot.byQueue.set(queue.id, waiting + runs);
  snapshot.total += runs;
}

const full = (code: string, what: string, waiting: number, limit: number) =>
  new ProblemError(
    'too-many-requests',
    `${what} is full: ${waiting.toLocaleString('en-US')} runs wait, ${limit.toLocaleString('en-US')} may. Stop some of them, or launch again when some have started.`,
    { code, retryAfterSeconds: RETRY_SECONDS },
  );
