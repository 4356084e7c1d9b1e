import { binSql } from './bins';

export const DIMENSIONS = { all: 0, author: 1, job: 2, category: 3 } as const;

/** Seconds from the beginning of the range ($2): plain numbers, ten times quicker to reckon with than intervals. */
const since = (time: string) => `extract(epoch FROM ${time} - $2::timestamptz)::float8`;

const TIMES = `
  ${since('created_at')} AS created, ${since('greatest(created_at, not_before)')} AS ready, ${since('leased_at')} AS leased,
  ${since('started_at')} AS started_at, ${since('coalesce(leased_at, ended_at, now())')} AS waited, ${since('coalesce(ended_at, now())')} AS there`;

/**
 * Runs that were there at some moment of [$2, $3): they came before its end and had not ended at its beginning. By the index of ended runs,
 * and those that have not ended. $1 is the queue, $4 the step in seconds.
 */
const TOUCHED = `
touched AS (
  SELECT state, author, job_id, failure_category, ${since('ended_at')} AS ended, ${TIMES}
  FROM runs WHERE queue_id = $1 AND ended_at >= $2::timestamptz AND created_at < $3::timestamptz
  UNION ALL
  SELECT state, author, job_id, NULL, NULL, ${TIMES} FROM runs WHERE queue_id = $1 AND state = 'pending' AND created_at < $3::timestamptz
  UNION ALL
  SELECT state, author, job_id, NULL, NULL, ${TIMES} FROM runs
  WHERE queue_id = $1 AND state IN ('leased', 'building', 'starting', 'running') AND created_at < $3::timestamptz
)`;

/** The steps that each run touches. A wait begins when a run may start: later than its launch with not-before. */
const STEPS = `
${TOUCHED},
steps AS (
  SELECT t.*, step, step * $4::float8 AS low, (step + 1) * $4::float8 AS high
  FROM touched t, LATERAL generate_series(
    greatest(0, floor(created / $4::float8))::int,
    least(ceil(${since('$3::timestamptz')} / $4::float8) - 1, floor(there / $4::float8))::int) AS step
)`;

/** Seconds of the step within a span. */
const overlap = (from: string, to: string): string =>
  `greatest(0, least(${to}, high) - greatest(${from}, low))`;
const within = (time: string): string => `${time} >= low AND ${time} < high`;

const SUMS = `
count(*) FILTER (WHERE ${within('created')})::int AS enqueued,
count(*) FILTER (WHERE ${within('started_at')})::int AS started,
count(*) FILTER (WHERE state = 'finished' AND ${within('ended')})::int AS finished,
count(*) FILTER (WHERE state = 'failed' AND ${within('ended')})::int AS failed,
count(*) FILTER (WHERE state = 'stopped' AND ${within('ended')})::int AS stopped,
sum(${overlap('ready', 'waited')}) AS waiting_seconds,
coalesce(sum(${overlap('leased', 'there')}) FILTER (WHERE leased IS NOT NULL), 0) AS busy_seconds,
coalesce(max(least(waited, high) - ready) FILTER (WHERE ready < high AND waited > low), 0) AS oldest_seconds`;

const SETS = { 0: '(step)', 1: '(step, author)', 2: '(step, job_id)', 3: '(step, failure_category)' };
type Dimension = keyof typeof SETS;
const KEYS = { 1: 'author', 2: 'job_id', 3: 'failure_category' };

/** One row for each step, and each value of the dimensions in it. */
export function aggregateSql(dimensions: readonly Dimension[]): string {
  const keyed = dimensions.filter((each) => each !== 0);
  const which = keyed.map((each) => `WHEN GROUPING(${KEYS[each]}) = 0 THEN ${each}`).join(' ');
  const value = keyed
    .map((each) => `WHEN GROUPING(${KEYS[each]}) = 0 THEN coalesce(${KEYS[each]}::text, '')`)
    .join(' ');
  return `
WITH ${STEPS}
SELECT CASE ${which} ELSE 0 END AS dimension, CASE ${value} ELSE '' END AS value,
       $2::timestamptz + make_interval(secs => step * $4::float8) AS at, ${SUMS}
FROM steps GROUP BY GROUPING SETS (${dimensions.map((each) => SETS[each]).join(', ')})`;
}

/** How long those had waited that started in each step, by bins. */
export const WAITS = `
SELECT date_bin(make_interval(secs => $4::float8), started_at, $2::timestamptz) AS at,
       ${binSql('extract(epoch FROM coalesce(leased_at, started_at) - greatest(created_at, not_before))::float8')} AS bin, count(*)::int AS runs
FROM runs WHERE queue_id = $1 AND started_at >= $2::timestamptz AND started_at < $3::timestamptz GROUP BY 1, 2`;
