import { refused } from '@/core/problems';
import type { QueueMetrics } from '@/core/wire';
import { requireEntity } from '../access';
import type { Actor } from '../access';
import { findQueue } from '../queues';
import type { Services } from '../services';
import type { QueueMetricsInput } from './inputs';

const DAY = 86_400;
const DEFAULT_RANGE_SECONDS = DAY;
const MAX_RANGE_SECONDS = 92 * DAY;
/** Points of one answer; without a step the range is cut into about a hundred. */
const MAX_POINTS = 1000;
const DEFAULT_POINTS = 96;

interface PointRow {
  at: Date;
  enqueued: number;
  started: number;
  finished: number;
  failed: number;
  stopped: number;
  p50: number | null;
  p95: number | null;
  p99: number | null;
}

/** One scan for each of the three times of a run, by its own index. The wait is that of the runs that started in the step. */
const POINTS = `
WITH enqueued AS (
  SELECT floor(extract(epoch FROM created_at - $2) / $4)::int AS step, count(*) AS n FROM runs
  WHERE queue_id = $1 AND created_at >= $2 AND created_at < $3 GROUP BY 1
), started AS (
  SELECT floor(extract(epoch FROM started_at - $2) / $4)::int AS step, count(*) AS n,
         percentile_cont(ARRAY[0.5, 0.95, 0.99]) WITHIN GROUP (
           ORDER BY greatest(0, extract(epoch FROM coalesce(leased_at, started_at) - greatest(created_at, not_before)))::float8) AS waits
  FROM runs WHERE queue_id = $1 AND started_at >= $2 AND started_at < $3 GROUP BY 1
), ended AS (
  SELECT floor(extract(epoch FROM ended_at - $2) / $4)::int AS step, count(*) FILTER (WHERE state = 'finished') AS finished,
         count(*) FILTER (WHERE state = 'failed') AS failed, count(*) FILTER (WHERE state = 'stopped') AS stopped
  FROM runs WHERE queue_id = $1 AND ended_at >= $2 AND ended_at < $3 GROUP BY 1
)
SELECT $2::timestamptz + make_interval(secs => step * $4::float8) AS at, coalesce(e.n, 0) AS enqueued, coalesce(s.n, 0) AS started,
       coalesce(x.finished, 0) AS finished, coalesce(x.failed, 0) AS failed, coalesce(x.stopped, 0) AS stopped,
       s.waits[1] AS p50, s.waits[2] AS p95, s.waits[3] AS p99
FROM generate_series(0, $5 - 1) AS step
LEFT JOIN enqueued e USING (step) LEFT JOIN started s USING (step) LEFT JOIN ended x USING (step) ORDER BY step`;

const NOW = `
SELECT (SELECT count(*) FROM runs WHERE queue_id = $1 AND state = 'pending') AS waiting,
       (SELECT count(*) FROM runs WHERE queue_id = $1 AND state IN ('leased', 'building', 'starting', 'running')) AS "inFlight",
       (SELECT extract(epoch FROM now() - min(head.created_at))::float8 FROM generate_series(0, 3) AS p, LATERAL (
          SELECT r.created_at FROM runs r WHERE r.queue_id = $1 AND r.state = 'pending' AND NOT r.held AND r.priority = p
          ORDER BY r.seq LIMIT 1) AS head) AS oldest`;

/** How a queue did over a range of time (by default the last day), in steps, and how it is now. */
export async function queueMetrics(
  s: Services,
  actor: Actor,
  input: QueueMetricsInput,
): Promise<QueueMetrics> {
  const entity = await requireEntity(s, actor, input.entity, 'viewer');
  const queue = await findQueue(s, entity.id, input.queue);
  const { from, to, step, points } = rangeOf(input, Date.now());
  const [rows, now] = await Promise.all([
    s.pool.query<PointRow>({
      name: 'queue-metrics',
      text: POINTS,
      values: [queue.id, from, to, step, points],
    }),
    s.pool.query<{ waiting: number; inFlight: number; oldest: number | null }>({
      name: 'queue-now',
      text: NOW,
      values: [queue.id],
    }),
  ]);
  return {
    from: from.toISOString(),
    to: to.toISOString(),
    stepSeconds: step,
    waiting: now.rows[0]?.waiting ?? 0,
    inFlight: now.rows[0]?.inFlight ?? 0,
    oldestWaitSeconds: now.rows[0]?.oldest ?? null,
    points: rows.rows.map(({ at, p50, p95, p99, ...counts }) => ({
      at: at.toISOString(),
      ...counts,
      waitP50: p50,
      waitP95: p95,
      waitP99: p99,
    })),
  };
}

function rangeOf(input: Pick<QueueMetricsInput, 'from' | 'to' | 'step'>, nowMs: number) {
  const to = input.to === undefined ? new Date(nowMs) : new Date(input.to);
  const from =
    input.from === undefined ? new Date(to.getTime() - DEFAULT_RANGE_SECONDS * 1000) : new Date(input.from);
  const seconds = (to.getTime() - from.getTime()) / 1000;
  if (seconds <= 0)
    throw refused('The range is empty: from must be before to.', [
      { path: 'from', message: 'must be before to' },
    ]);
  if (seconds > MAX_RANGE_SECONDS)
    throw refused('The range is longer than 92 days.', [
      { path: 'from', message: 'must be within 92 days of to' },
    ]);
  const step = input.step ?? Math.max(1, Math.ceil(seconds / DEFAULT_POINTS));
  const points = Math.ceil(seconds / step);
  if (points > MAX_POINTS) {
    const least = Math.ceil(seconds / MAX_POINTS);
    throw refused(`The range has ${points} steps; ${MAX_POINTS} are the most.`, [
      { path: 'step', message: `must be at least ${least} for this range` },
    ]);
  }
  return { from, to, step, points };
}
