import { LRUCache } from 'lru-cache';
import type { QueueDay } from '@/core/wire';
import { perProcess } from '../runs/per-process';
import type { Services } from '../services';

const HOURS = 24;
/** Lists are asked for again with every change of a run; a day's figures need not follow each of them. */
const TTL_MS = 30_000;

/** What of a day is kept: the number that waits now comes from the list itself. */
interface Figures extends Omit<QueueDay, 'waiting'> {
  /** Runs that began to wait minus runs that stopped waiting, by how many hours ago. */
  change: number[];
}
interface Row {
  id: string;
  waitP95Seconds: number | null;
  finished: number;
  failed: number;
  /** [hours ago, runs that began to wait minus runs that stopped]. */
  changes: [number, number][];
}

/**
 * One statement for any number of queues. What arrived in the last day lies at the end of the table (BRIN by time); what started and
 * ended is found by the queue's own indexes. A run that ended without a start left the line as one that started did.
 */
const SELECT = `
WITH moved AS (
  SELECT queue_id, created_at AS at, 1 AS change FROM runs
  WHERE queue_id = ANY ($1::uuid[]) AND created_at > now() - interval '${HOURS} hours'
  UNION ALL
  SELECT queue_id, started_at, -1 FROM runs WHERE queue_id = ANY ($1::uuid[]) AND started_at > now() - interval '${HOURS} hours'
  UNION ALL
  SELECT queue_id, ended_at, -1 FROM runs
  WHERE queue_id = ANY ($1::uuid[]) AND ended_at > now() - interval '${HOURS} hours' AND started_at IS NULL
), hours AS (
  SELECT queue_id, floor(extract(epoch FROM now() - at) / 3600)::int AS ago, sum(change)::int AS change FROM moved GROUP BY 1, 2
)
SELECT w.id, coalesce((SELECT json_agg(json_build_array(h.ago, h.change)) FROM hours h WHERE h.queue_id = w.id), '[]') AS changes,
  (SELECT percentile_cont(0.95) WITHIN GROUP (ORDER BY extract(epoch FROM r.started_at - greatest(r.created_at, r.not_before))::float8)
   FROM runs r WHERE r.queue_id = w.id AND r.started_at > now() - interval '${HOURS} hours') AS "waitP95Seconds",
  e.finished, e.failed
FROM unnest($1::uuid[]) AS w(id), LATERAL (
  SELECT count(*) FILTER (WHERE r.state = 'finished') AS finished, count(*) FILTER (WHERE r.state = 'failed') AS failed
  FROM runs r WHERE r.queue_id = w.id AND r.ended_at > now() - interval '${HOURS} hours') AS e`;

const figures = perProcess(() => new LRUCache<string, Figures>({ max: 20_000, ttl: TTL_MS }));

/** The last 24 hours of each queue, at most half a minute old; `waitingNow` gives the ids and how many runs wait at this moment. */
export async function queueDays(
  s: Services,
  waitingNow: ReadonlyMap<string, number>,
): Promise<Map<string, QueueDay>> {
  const cache = figures(s);
  const due = [...waitingNow.keys()].filter((id) => !cache.has(id));
  if (due.length > 0) {
    const { rows } = await s.pool.query<Row>({ name: 'queue-days', text: SELECT, values: [due] });
    for (const { id, changes, ...rest } of rows) {
      const change = Array.from({ length: HOURS }, () => 0);
      for (const [ago, by] of changes) if (ago >= 0 && ago < HOURS) change[ago] = (change[ago] ?? 0) + by;
      cache.set(id, { ...rest, change });
    }
  }
  return new Map(
    [...waitingNow].map(([id, waiting]) => {
      const { change = [], waitP95Seconds = null, finished = 0, failed = 0 } = cache.get(id) ?? {};
      return [id, { waiting: backwards(waiting, change), waitP95Seconds, finished, failed }];
    }),
  );
}

/** How many waited at the end of each of the last hours, oldest first, reckoned back from what waits now. */
function backwards(waiting: number, change: readonly number[]): number[] {
  const line = [waiting];
  for (let ago = 0; ago < HOURS - 1; ago++) line.unshift(Math.max(0, (line[0] ?? 0) - (change[ago] ?? 0)));
  return line;
}
