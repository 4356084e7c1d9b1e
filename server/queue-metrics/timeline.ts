import type { QueueTimeline, RunState } from '@/core/wire';
import { requireEntity } from '../access';
import type { Actor } from '../access';
import { findQueue } from '../queues';
import type { QueueMetricsInput } from '../runs/inputs';
import type { Services } from '../services';
import { rangeOf } from './range';

const MAX_RUNS = 1000;
/** A run that began earlier than this before the range is not looked for, days. */
const BACK_DAYS = 14;

const RUNS = `
SELECT r.id, r.name, r.state, r.author, coalesce(a.name, 'gone') AS agent, r.leased_at AS "from", r.ended_at AS "to", r.failure_category AS category
FROM (SELECT * FROM runs WHERE queue_id = $1 AND started_at < $3 AND started_at >= $2::timestamptz - make_interval(days => ${BACK_DAYS})
        AND leased_at IS NOT NULL AND (ended_at IS NULL OR ended_at >= $2)
      ORDER BY started_at DESC LIMIT ${MAX_RUNS + 1}) r
LEFT JOIN agents a ON a.id = r.agent_id ORDER BY r.leased_at`;

/** Which agent had which runs when: the latest thousand that were in flight within a range. */
export async function queueTimeline(
  s: Services,
  actor: Actor,
  input: QueueMetricsInput,
): Promise<QueueTimeline> {
  const entity = await requireEntity(s, actor, input.entity, 'viewer');
  const queue = await findQueue(s, entity.id, input.queue);
  const { from, to } = rangeOf(input, Date.now());
  const { rows } = await s.pool.query<{
    id: string;
    name: string;
    state: RunState;
    author: string;
    agent: string;
    from: Date;
    to: Date | null;
    category: string | null;
  }>({ name: 'queue-timeline', text: RUNS, values: [queue.id, from, to] });
  return {
    from: from.toISOString(),
    to: to.toISOString(),
    truncated: rows.length > MAX_RUNS,
    runs: rows.slice(-MAX_RUNS).map((row) => ({
      ...row,
      from: row.from.toISOString(),
      to: row.to?.toISOString() ?? null,
    })),
  };
}
