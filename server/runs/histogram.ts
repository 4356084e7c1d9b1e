import { refused } from '@/core/problems';
import type { RunHistogram } from '@/core/wire';
import { requireEntity } from '../access';
import type { Actor } from '../access';
import type { Services } from '../services';
import { runConditions } from './filter';
import type { HistogramInput } from './inputs';

const WEEK_MS = 7 * 86_400_000;
const MAX_RANGE_MS = 400 * 86_400_000;

/** How many runs that pass a filter were launched in each part of a range (by default the last week), by how they stand now. */
export async function runHistogram(s: Services, actor: Actor, input: HistogramInput): Promise<RunHistogram> {
  const entity = await requireEntity(s, actor, input.entity, 'viewer');
  const to = input.to === undefined ? Date.now() : Date.parse(input.to);
  const from = input.from === undefined ? to - WEEK_MS : Date.parse(input.from);
  if (from >= to || to - from > MAX_RANGE_MS)
    throw refused('The range must be longer than nothing and at most 400 days.', [
      { path: 'from', message: 'must be before to, by 400 days at most' },
    ]);
  const step = (to - from) / input.bins;
  const where = await runConditions(s, entity.id, {
    ...input,
    from: new Date(from).toISOString(),
    to: new Date(to).toISOString(),
  });
  const [start, seconds] = [where.value(new Date(from)), where.value(step / 1000)];
  const { rows } = await s.pool.query<{
    bin: number;
    state: 'active' | 'finished' | 'failed' | 'stopped';
    runs: number;
  }>(
    `SELECT floor(extract(epoch FROM r.created_at - ${start}::timestamptz)::float8 / ${seconds}::float8)::int AS bin,
            CASE WHEN r.state IN ('finished', 'failed', 'stopped') THEN r.state::text ELSE 'active' END AS state, count(*)::int AS runs
     FROM runs r WHERE ${where.sql} GROUP BY 1, 2`,
    where.values,
  );
  const bins = Array.from({ length: input.bins }, (_, index) => ({
    at: new Date(from + index * step).toISOString(),
    ...{ active: 0, finished: 0, failed: 0, stopped: 0 },
  }));
  for (const { bin, state, runs } of rows) {
    const slot = bins[Math.min(bin, bins.length - 1)];
    if (slot) slot[state] += runs;
  }
  return {
    from: new Date(from).toISOString(),
    to: new Date(to).toISOString(),
    stepSeconds: step / 1000,
    total: rows.reduce((sum, row) => sum + row.runs, 0),
    bins,
  };
}
