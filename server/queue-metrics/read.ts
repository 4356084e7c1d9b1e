import type { QueueMetrics } from '@/core/wire';
import { requireEntity } from '../access';
import type { Actor } from '../access';
import { findQueue } from '../queues';
import type { QueueMetricsInput } from '../runs/inputs';
import { limitedWaiting, oldestWaiting, waitingCounts } from '../runs/waiting-counts';
import type { Services } from '../services';
import { DIMENSIONS, WAITS, aggregateSql } from './aggregate-sql';
import { addBin, percentileOf } from './bins';
import type { Bins } from './bins';
import { rangeOf } from './range';
import type { Range } from './range';

interface StatRow {
  dimension: number;
  at: Date;
  value: string;
  enqueued: number;
  started: number;
  finished: number;
  failed: number;
  stopped: number;
  waiting_seconds: number;
  busy_seconds: number;
  oldest_seconds: number;
}
interface WaitRow {
  at: Date;
  bin: number;
  runs: number;
}

const NOW = `
SELECT ${limitedWaiting('$1')} AS waiting,
       (SELECT count(*) FROM runs WHERE queue_id = $1 AND state IN ('leased', 'building', 'starting', 'running')) AS "inFlight",
       extract(epoch FROM now() - ${oldestWaiting('$1')})::float8 AS oldest,
       (SELECT max_in_flight FROM queues WHERE id = $1) AS "limit",
       (SELECT until FROM queue_stat_marks WHERE queue_id = $1) AS until`;

/** Hours added up into the steps of the answer, in the database: months of hours become a hundred rows. */
const STORED = `
SELECT dimension, date_bin(make_interval(secs => $4::float8), hour, $2::timestamptz) AS at, value,
       sum(enqueued)::int AS enqueued, sum(started)::int AS started, sum(finished)::int AS finished, sum(failed)::int AS failed,
       sum(stopped)::int AS stopped, sum(waiting_seconds) AS waiting_seconds, sum(busy_seconds) AS busy_seconds, max(oldest_seconds) AS oldest_seconds
FROM queue_stats WHERE queue_id = $1 AND dimension = ANY ($5::int[]) AND hour >= $2::timestamptz AND hour < $3::timestamptz
GROUP BY 1, 2, 3`;
const STORED_WAITS = `
SELECT date_bin(make_interval(secs => $4::float8), hour, $2::timestamptz) AS at, bin, sum(runs)::int AS runs
FROM queue_wait_stats WHERE queue_id = $1 AND hour >= $2::timestamptz AND hour < $3::timestamptz GROUP BY 1, 2`;

/** How a queue did over a range of time (by default the last day), in steps, and how it is now. */
export async function queueMetrics(
  s: Services,
  actor: Actor,
  input: QueueMetricsInput,
): Promise<QueueMetrics> {
  const entity = await requireEntity(s, actor, input.entity, 'viewer');
  const queue = await findQueue(s, entity.id, input.queue);
  const range = rangeOf(input, Date.now());
  const { rows } = await s.pool.query<{
    waiting: number;
    inFlight: number;
    oldest: number | null;
    limit: number | null;
    until: Date | null;
  }>({ name: 'queue-now', text: NOW, values: [queue.id] });
  const counts = await waitingCounts(s, [{ id: queue.id, waiting: rows[0]?.waiting ?? 0 }]);
  const now = rows[0] ?? { waiting: 0, inFlight: 0, oldest: null, limit: null, until: null };
  const { stats, waits } = await read(s, queue.id, range, now.until, input.group);
  const table = new Table(range);
  for (const row of stats) table.add(row);
  for (const row of waits) table.addWait(row);
  return {
    from: range.from.toISOString(),
    to: range.to.toISOString(),
    stepSeconds: range.step,
    waiting: counts.get(queue.id) ?? 0,
    inFlight: now.inFlight,
    oldestWaitSeconds: now.oldest,
    maxInFlight: now.limit,
    points: table.points(),
    failures: table
      .groups(DIMENSIONS.category, 'failed')
      .map(({ name, failed, points }) => ({ name, failed, points })),
    groups: await named(
      s,
      input.group,
      input.group === undefined ? [] : table.groups(DIMENSIONS[input.group], 'enqueued'),
    ),
  };
}

type Group = 'author' | 'job';

async function read(
  s: Services,
  id: string,
  { from, to, step, exact }: Range,
  until: Date | null,
  group: Group | undefined,
): Promise<{ stats: StatRow[]; waits: WaitRow[] }> {
  const dimensions = [DIMENSIONS.all, DIMENSIONS.category, ...(group ? [DIMENSIONS[group]] : [])];
  // What the worker has not added up yet (the last hour or two) is counted from the runs.
  const seam = exact
    ? from
    : new Date(Math.max(from.getTime(), Math.min(to.getTime(), until?.getTime() ?? 0)));
  const queries: Promise<{ stats: StatRow[]; waits: WaitRow[] }>[] = [];
  if (seam > from) {
    queries.push(
      (async () => {
        const [stats, waits] = await Promise.all([
          s.pool.query<StatRow>({
            name: 'stats-stored',
            text: STORED,
            values: [id, from, seam, step, dimensions],
          }),
          s.pool.query<WaitRow>({ name: 'waits-stored', text: STORED_WAITS, values: [id, from, seam, step] }),
        ]);
        return { stats: stats.rows, waits: waits.rows };
      })(),
    );
  }
  if (seam < to) {
    const size = exact ? step : 3600;
    queries.push(
      (async () => {
        const values = [id, seam, to, size];
        const name = `-${dimensions.join('-')}`;
        const [stats, waits] = await Promise.all([
          s.pool.query<StatRow>({ name: `stats-live${name}`, text: aggregateSql(dimensions), values }),
          s.pool.query<WaitRow>({ name: 'waits-live', text: WAITS, values }),
        ]);
        return { stats: stats.rows, waits: waits.rows };
      })(),
    );
  }
  const parts = await Promise.all(queries);
  return { stats: parts.flatMap((part) => part.stats), waits: parts.flatMap((part) => part.waits) };
}

type Sums = Omit<StatRow, 'dimension' | 'at' | 'value'>;
const ZERO: Sums = {
  enqueued: 0,
  started: 0,
  finished: 0,
  failed: 0,
  stopped: 0,
  waiting_seconds: 0,
  busy_seconds: 0,
  oldest_seconds: 0,
};

/** Rows by step and value. */
class Table {
  readonly #all: Sums[];
  readonly #bins: Bins[];
  readonly #values = new Map<number, Map<string, Sums[]>>();

  constructor(private readonly range: Range) {
    this.#all = Array.from({ length: range.points }, () => ({ ...ZERO }));
    this.#bins = Array.from({ length: range.points }, (): Bins => new Map());
  }

  add({ dimension, at, value, ...sums }: StatRow): void {
    let steps = this.#all;
    if (dimension !== DIMENSIONS.all) {
      if (dimension === DIMENSIONS.category && value === '') return;
      const values = this.#values.get(dimension) ?? new Map<string, Sums[]>();
      this.#values.set(dimension, values);
      steps = values.get(value) ?? Array.from({ length: this.range.points }, () => ({ ...ZERO }));
      values.set(value, steps);
    }
    const step = steps[this.#stepOf(at)];
    if (!step) return;
    for (const key of Object.keys(ZERO) as (keyof Sums)[])
      step[key] = key === 'oldest_seconds' ? Math.max(step[key], sums[key]) : step[key] + sums[key];
  }

  addWait({ at, bin, runs }: WaitRow): void {
    const bins = this.#bins[this.#stepOf(at)];
    if (bins) addBin(bins, bin, runs);
  }

  points(): QueueMetrics['points'] {
    const now = Date.now();
    return this.#all.map((sums, index) => {
      const start = this.range.from.getTime() + index * this.range.step * 1000;
      const end = Math.min(this.range.to.getTime(), start + this.range.step * 1000, now);
      const seconds = Math.max(1, (end - start) / 1000);
      const bins = this.#bins[index] ?? new Map<number, number>();
      const { enqueued, started, finished, failed, stopped } = sums;
      return {
        at: new Date(start).toISOString(),
        ...{ enqueued, started, finished, failed, stopped },
        waiting: sums.waiting_seconds / seconds,
        inFlight: sums.busy_seconds / seconds,
        oldestWait: sums.oldest_seconds,
        waitP50: percentileOf(bins, 0.5),
        waitP95: percentileOf(bins, 0.95),
        waitP99: percentileOf(bins, 0.99),
      };
    });
  }

  /** The values of a dimension, the largest first, with one number a step. */
  groups(dimension: number, by: 'failed' | 'enqueued'): QueueMetrics['groups'] {
    return [...(this.#values.get(dimension) ?? [])]
      .map(([name, steps]) => {
        const sum = (key: keyof Sums) => steps.reduce((total, step) => total + step[key], 0);
        return {
          name,
          ...{ enqueued: sum('enqueued'), started: sum('started'), finished: sum('finished') },
          ...{ failed: sum('failed'), stopped: sum('stopped'), busySeconds: sum('busy_seconds') },
          points: steps.map((step) => step[by]),
        };
      })
      .filter((group) => group[by] > 0 || (by === 'enqueued' && group.busySeconds > 0))
      .sort((a, b) => b[by] - a[by]);
  }

  #stepOf(at: Date): number {
    return Math.floor((at.getTime() - this.range.from.getTime()) / 1000 / this.range.step + 1e-6);
  }
}

/** Most groups that an answer names; the others are one. */
const MAX_GROUPS = 50;

/** Jobs are counted by id and told by name. */
async function named(
  s: Services,
  group: Group | undefined,
  groups: QueueMetrics['groups'],
): Promise<QueueMetrics['groups']> {
  const shown = groups.slice(0, MAX_GROUPS);
  if (group !== 'job') return shown;
  const ids = shown.map(({ name }) => name).filter((name) => name !== '');
  const { rows } = await s.pool.query<{ id: string; name: string }>({
    name: 'job-names',
    text: 'SELECT id::text AS id, name FROM jobs WHERE id = ANY ($1::uuid[])',
    values: [ids],
  });
  const names = new Map(rows.map(({ id, name }) => [id, name]));
  return shown.map((each) => ({
    ...each,
    name: each.name === '' ? '(no job)' : (names.get(each.name) ?? '(deleted job)'),
  }));
}
