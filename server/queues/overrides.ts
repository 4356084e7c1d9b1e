import { formatPath, isJsonObject } from '@/core/config-tree';
import type { Json, JsonObject, QueueOverrides } from '@/core/wire';
import { requireEntity } from '../access/require-entity';
import type { Actor } from '../access/actor';
import type { Services } from '../services';
import { findQueue } from './find-queue';
import type { QueueRef } from './get-queue';

/** How far back is looked, in runs: what is used now counts, and a long history costs nothing. */
const LAST_RUNS = 2000;
const MAX_ROWS = 200;

/** What the last launches on the queue have set, the most used first: template values, and paths of `resourceArgs`. */
export async function queueOverrides(s: Services, actor: Actor, input: QueueRef): Promise<QueueOverrides> {
  const entity = await requireEntity(s, actor, input.entity, 'viewer');
  const queue = await findQueue(s, entity.id, input.queue);
  const recent = 'WITH recent AS (SELECT id FROM runs WHERE queue_id = $1 ORDER BY seq DESC LIMIT $2)';
  const [values, args] = await Promise.all([
    s.pool.query<{ name: string; value: Json; runs: number }>(
      `${recent} SELECT v.key AS name, v.value, count(*) AS runs
       FROM recent r JOIN run_specs p ON p.run_id = r.id, LATERAL jsonb_each(p.template_values) v
       GROUP BY 1, 2 ORDER BY 3 DESC, 1, v.value::text LIMIT $3`,
      [queue.id, LAST_RUNS, MAX_ROWS],
    ),
    s.pool.query<{ args: JsonObject; runs: number }>(
      `${recent} SELECT p.resource_args AS args, count(*) AS runs
       FROM recent r JOIN run_specs p ON p.run_id = r.id WHERE jsonb_typeof(p.resource_args) = 'object' GROUP BY 1`,
      [queue.id, LAST_RUNS],
    ),
  ]);
  return { templateValues: values.rows, resourceArgs: countLeaves(args.rows) };
}

/** The leaves of all `resourceArgs` with how many runs set each to the same value. */
function countLeaves(rows: { args: JsonObject; runs: number }[]): QueueOverrides['resourceArgs'] {
  const counts = new Map<string, { path: string; value: Json; runs: number }>();
  const step = (value: Json, keys: string[], runs: number): void => {
    if (isJsonObject(value) && Object.keys(value).length > 0) {
      for (const [key, item] of Object.entries(value)) step(item, [...keys, key], runs);
      return;
    }
    if (keys.length === 0) return;
    const path = formatPath(keys);
    const id = `${path}\0${JSON.stringify(value)}`;
    const known = counts.get(id);
    if (known) known.runs += runs;
    else counts.set(id, { path, value, runs });
  };
  for (const { args, runs } of rows) step(args, [], runs);
  return [...counts.values()]
    .sort((a, b) => b.runs - a.runs || a.path.localeCompare(b.path))
    .slice(0, MAX_ROWS);
}
