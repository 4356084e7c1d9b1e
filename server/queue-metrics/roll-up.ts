import type { Services } from '../services';
import { withTransaction } from '../db';
import { aggregateSql, WAITS } from './aggregate-sql';

const HOUR = 3600;
/** How far back a queue that has no figures yet is looked at, days: the longest range that can be asked for. */
const BACK_DAYS = 93;
/** Hours of one transaction. */
const HOURS = 24 * 14;
/** An hour is closed this long after its end, seconds: what was reported late is in it. */
export const SETTLE_SECONDS = 120;
const KEEP_DAYS = 400;

/** Queues whose figures are not complete up to the last whole hour. */
const DUE = `
SELECT q.id, coalesce(m.until, greatest(date_trunc('hour', q.created_at), date_trunc('hour', now() - make_interval(days => ${BACK_DAYS})),
                      date_trunc('hour', (SELECT min(r.created_at) FROM runs r WHERE r.queue_id = q.id)))) AS "from",
       date_trunc('hour', now() - make_interval(secs => ${SETTLE_SECONDS})) AS "to"
FROM queues q LEFT JOIN queue_stat_marks m ON m.queue_id = q.id
WHERE m.until IS NULL OR m.until < date_trunc('hour', now() - make_interval(secs => ${SETTLE_SECONDS}))`;

const INSERT = `
INSERT INTO queue_stats (queue_id, dimension, hour, value, enqueued, started, finished, failed, stopped, waiting_seconds, busy_seconds, oldest_seconds)
SELECT $1, dimension, at, value, enqueued, started, finished, failed, stopped, waiting_seconds, busy_seconds, oldest_seconds
FROM (${aggregateSql([0, 1, 2, 3])}) AS hour WHERE dimension <> 3 OR (failed > 0 AND value <> '')
ON CONFLICT (queue_id, dimension, hour, value) DO UPDATE SET
  enqueued = excluded.enqueued, started = excluded.started, finished = excluded.finished, failed = excluded.failed, stopped = excluded.stopped,
  waiting_seconds = excluded.waiting_seconds, busy_seconds = excluded.busy_seconds, oldest_seconds = excluded.oldest_seconds`;
const INSERT_WAITS = `
INSERT INTO queue_wait_stats (queue_id, hour, bin, runs)
SELECT $1, at, bin, runs FROM (${WAITS}) AS hour
ON CONFLICT (queue_id, hour, bin) DO UPDATE SET runs = excluded.runs`;
const MARK = `
INSERT INTO queue_stat_marks (queue_id, until) VALUES ($1, $2)
ON CONFLICT (queue_id) DO UPDATE SET until = greatest(queue_stat_marks.until, excluded.until)`;

/**
 * Adds up the whole hours that have passed since the last time, of every queue. What a closed hour says is kept as it was then: a run
 * that is put back later does not change it. Safe to run twice at once: the same hours give the same rows.
 */
export async function rollUpQueues(
  s: Services,
  signal?: AbortSignal,
): Promise<{ queues: number; hours: number }> {
  const { rows } = await s.pool.query<{ id: string; from: Date; to: Date }>(DUE);
  let hours = 0;
  for (const { id, from, to } of rows) {
    for (let at = from.getTime(); at < to.getTime() && signal?.aborted !== true; at += HOURS * HOUR * 1000) {
      const end = Math.min(to.getTime(), at + HOURS * HOUR * 1000);
      await rollUp(s, id, new Date(at), new Date(end));
      hours += (end - at) / (HOUR * 1000);
    }
  }
  for (const table of ['queue_stats', 'queue_wait_stats'])
    await s.pool.query(`DELETE FROM ${table} WHERE hour < now() - make_interval(days => ${KEEP_DAYS})`);
  return { queues: rows.length, hours };
}

function rollUp(s: Services, id: string, from: Date, to: Date): Promise<void> {
  return withTransaction(s.pool, async (client) => {
    const values = [id, from, to, HOUR];
    await client.query(INSERT, values);
    await client.query(INSERT_WAITS, values);
    await client.query(MARK, [id, to]);
  });
}
