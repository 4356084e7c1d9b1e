import { LRUCache } from 'lru-cache';
import type { Pool } from 'pg';
import type { Services } from '../services';
import { perProcess } from './per-process';

/** Counting within a list of queues ends here: a queue with more is counted by itself, beside the call that asks. */
const LIMIT = 10_000;
/** A count is kept at least so long, and so many times as long as it took: counting millions never becomes a load of its own. */
const KEEP_MS = 3_000;
const KEEP_TIMES = 50;

/** SQL: how many runs of a queue wait, but no more than just above the limit. `queue` is an SQL expression, never input. */
export const limitedWaiting = (queue: string) =>
  `(SELECT count(*) FROM (SELECT FROM runs r WHERE r.queue_id = ${queue} AND r.state = 'pending' LIMIT ${LIMIT + 1}) AS limited)::int`;

/** SQL: when the longest waiting run that may start was launched; one index probe a priority. `queue` is an SQL expression. */
export const oldestWaiting = (queue: string) =>
  `(SELECT min(h.created_at) FROM generate_series(0, 3) p, LATERAL (
     SELECT r.created_at FROM runs r WHERE r.queue_id = ${queue} AND r.state = 'pending' AND NOT r.held AND r.priority = p
     ORDER BY r.seq LIMIT 1) h)`;

/** How many runs wait in deep queues, as it was some seconds ago. One count at a time. */
class DeepCounts {
  readonly #known = new LRUCache<string, { runs: number; until: number }>({ max: 20_000 });
  readonly #underWay = new Map<string, Promise<number>>();
  #last: Promise<unknown> = Promise.resolve();

  constructor(private readonly pool: Pool) {}

  async get(queueId: string): Promise<number> {
    const known = this.#known.get(queueId);
    if (known && known.until > performance.now()) return known.runs;
    const counted = this.#count(queueId);
    if (!known) return counted;
    // Its failure is told by the next call of this queue that has to wait for a count.
    counted.catch(() => undefined);
    return known.runs;
  }

  #count(queueId: string): Promise<number> {
    let counted = this.#underWay.get(queueId);
    if (!counted) {
      counted = this.#last.then(() => this.#ask(queueId)).finally(() => this.#underWay.delete(queueId));
      this.#underWay.set(queueId, counted);
      this.#last = counted.catch(() => undefined);
    }
    return counted;
  }

  async #ask(queueId: string): Promise<number> {
    const began = performance.now();
    const { rows } = await this.pool.query<{ runs: number }>({
      name: 'waiting-deep',
      text: "SELECT count(*)::int AS runs FROM runs WHERE queue_id = $1 AND state = 'pending'",
      values: [queueId],
    });
    const runs = rows[0]?.runs ?? 0;
    const now = performance.now();
    this.#known.set(queueId, { runs, until: now + Math.max(KEEP_MS, KEEP_TIMES * (now - began)) });
    return runs;
  }
}
const deepCounts = perProcess((s) => new DeepCounts(s.pool));

/**
 * How many runs wait in each queue, from what `limitedWaiting` found: exact up to the limit, and for deeper queues as of some seconds
 * ago (exact too, but not a moment old).
 */
export async function waitingCounts(
  s: Services,
  limited: readonly { id: string; waiting: number }[],
): Promise<Map<string, number>> {
  return new Map(
    await Promise.all(
      limited.map(
        async ({ id, waiting }) =>
          [id, waiting > LIMIT ? await deepCounts(s).get(id) : waiting] satisfies [string, number],
      ),
    ),
  );
}
