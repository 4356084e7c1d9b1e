import type { Pool } from 'pg';

/**
 * Where to begin the scan for pending runs.
 *
 * Each lease leaves a dead entry at the head of the index. While an old snapshot is held open anywhere (a backup, a forgotten session)
 * PostgreSQL cannot remove them, and every scan walks over all of them. So a process remembers, per queue and priority, a floor: a `seq`
 * at or below which nothing is pending. Leases begin above it. Nothing that must hold rests on a floor except the order, and that only
 * while the floor is true; a scan that finds too little is repeated from the very beginning (lease.ts).
 *
 * What could make a floor untrue, and why it does not:
 *
 * 1. A launch takes its `seq` before it commits, so a lower one may appear after a higher one was leased. A floor is therefore set in two
 *    steps: a first look finds the lowest pending `seq` and the end of its snapshot (the next transaction id); the floor becomes valid
 *    at a later look whose oldest running transaction is not older than that: whoever could have held a lower `seq` has ended by then
 *    (transactions take their id before they take a `seq`, see enqueue-sql.ts), and the later look sees what they left.
 * 2. A run is put back: retry, expiry, a requeue, a change of priority, a hold that ends. All of them publish `requeued`, which drops the
 *    floors of the queue here and in every other process.
 * 3. Such a message gets lost. Floors are compared with a full look twice a second and are not used a second after the last one; a bus that
 *    was disconnected drops them all.
 *
 * Looks are taken beside the leases, at most every 50 ms a queue, and only while leases are given.
 */
export class Hints {
  readonly #queues = new Map<string, QueueHints>();

  constructor(
    private readonly pool: Pool,
    private readonly onError: (error: unknown) => void,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** For each priority (0 to 3) the floor above which to scan; 0 where none is known. */
  floors(queueId: string): readonly number[] {
    const hints = this.#queues.get(queueId);
    if (!hints || this.now() - hints.checkedAt > FLOOR_LIFETIME_MS) return NO_FLOORS;
    return hints.floors;
  }

  /** Runs were leased; their dead entries are worth passing over. Takes a look if the last one is long enough ago. */
  leased(queueId: string, runs: readonly { priority: number; seq: number }[]): void {
    let hints = this.#queues.get(queueId);
    if (!hints) {
      hints = freshHints();
      this.#queues.set(queueId, hints);
    }
    for (const { priority, seq } of runs) hints.leased[priority] = Math.max(hints.leased[priority] ?? 0, seq);
    if (!hints.looking && this.now() - hints.lookedAt >= LOOK_EVERY_MS) void this.look(queueId);
  }

  drop(queueId: string): void {
    this.#queues.delete(queueId);
  }

  dropAll(): void {
    this.#queues.clear();
  }

  /** One look; see above. Never rejects: without floors everything still works. */
  async look(queueId: string): Promise<void> {
    const hints = this.#queues.get(queueId);
    if (!hints) return;
    hints.looking = true;
    const startedAt = this.now();
    const leasedBefore = [...hints.leased];
    const full = startedAt - hints.checkedAt >= FLOOR_LIFETIME_MS / 2;
    try {
      const seen = await takeLook(this.pool, queueId, full ? NO_FLOORS : hints.floors);
      // Dropped meanwhile: what was seen may be older than what dropped it.
      if (this.#queues.get(queueId) !== hints) return;
      const untrue = seen.lowest.some(
        (low, priority) => low !== null && low <= (hints.floors[priority] ?? 0),
      );
      if (untrue) {
        this.drop(queueId);
        return;
      }
      if (full || hints.floors.every((floor) => floor === 0)) hints.checkedAt = startedAt;
      learn(hints, seen, leasedBefore);
    } catch (error) {
      this.drop(queueId);
      this.onError(error);
    } finally {
      hints.looking = false;
      hints.lookedAt = this.now();
    }
  }
}

const LOOK_EVERY_MS = 50;
const FLOOR_LIFETIME_MS = 1000;
const NO_FLOORS: readonly number[] = [0, 0, 0, 0];

interface QueueHints {
  floors: number[];
  /** What may become the floors once every transaction below `horizon` has ended. */
  candidate: { floors: number[]; horizon: bigint } | null;
  /** Highest `seq` leased, by priority: the next floor where nothing is pending at all. */
  leased: number[];
  looking: boolean;
  lookedAt: number;
  /** Start of the last look from the very beginning. */
  checkedAt: number;
}

const freshHints = (): QueueHints => ({
  floors: [...NO_FLOORS],
  candidate: null,
  leased: [...NO_FLOORS],
  looking: false,
  lookedAt: Number.NEGATIVE_INFINITY,
  checkedAt: Number.NEGATIVE_INFINITY,
});

/** What one snapshot shows. */
export interface Look {
  /** Lowest pending `seq` above the floor, by priority. */
  lowest: (number | null)[];
  /** Every transaction with a lower id has ended. */
  oldestRunning: bigint;
  /** No transaction with this id or a higher one had begun. */
  next: bigint;
}

function learn(hints: QueueHints, seen: Look, leasedBefore: readonly number[]): void {
  const passed = seen.lowest.map((low, priority) => (low === null ? (leasedBefore[priority] ?? 0) : low - 1));
  const { candidate } = hints;
  if (candidate && seen.oldestRunning < candidate.horizon) return;
  if (candidate) {
    hints.floors = hints.floors.map((floor, priority) => {
      const low = seen.lowest[priority] ?? null;
      const allowed = candidate.floors[priority] ?? 0;
      return Math.max(floor, low === null ? allowed : Math.min(allowed, low - 1));
    });
  }
  hints.candidate = { floors: passed, horizon: seen.next };
}

const LOOK = `
SELECT pg_snapshot_xmin(snapshot)::text AS oldest, pg_snapshot_xmax(snapshot)::text AS next, ARRAY(
  SELECT (SELECT r.seq FROM runs r
          WHERE r.queue_id = $1 AND r.state = 'pending' AND NOT r.held AND r.priority = level.priority AND r.seq > level.floor
          ORDER BY r.seq LIMIT 1)
  FROM unnest('{0,1,2,3}'::smallint[], $2::bigint[]) AS level(priority, floor) ORDER BY level.priority
)::text[] AS lowest
FROM pg_current_snapshot() AS snapshot`;

async function takeLook(pool: Pool, queueId: string, floors: readonly number[]): Promise<Look> {
  const { rows } = await pool.query<{ oldest: string; next: string; lowest: (string | null)[] }>({
    name: 'lease-look',
    text: LOOK,
    values: [queueId, floors],
  });
  const row = rows[0];
  if (!row) throw new Error('a snapshot has one row');
  return {
    lowest: row.lowest.map((seq) => (seq === null ? null : Number(seq))),
    oldestRunning: BigInt(row.oldest),
    next: BigInt(row.next),
  };
}
