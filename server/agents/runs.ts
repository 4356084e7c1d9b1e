import { refused } from '@/core/problems';
import type { AgentRun, Failure, FailureCategory, FailurePhase, Page, PageQuery } from '@/core/wire';
import { requireEntity } from '../access';
import type { Actor } from '../access';
import type { Services } from '../services';

interface Row {
  id: string;
  name: string;
  state: AgentRun['state'];
  queue: string;
  phase: FailurePhase | null;
  category: FailureCategory | null;
  message: string | null;
  exitCode: number | null;
  startedAt: Date | null;
  endedAt: Date;
}

const SELECT = `
SELECT r.id, r.name, r.state, q.name AS queue, r.failure_phase AS phase, r.failure_category AS category, r.failure_message AS message,
  r.exit_code AS "exitCode", r.started_at AS "startedAt", r.ended_at AS "endedAt"
FROM (SELECT * FROM runs x WHERE x.agent_id = $1 AND x.entity_id = $2 AND x.ended_at IS NOT NULL
        AND ($3::timestamptz IS NULL OR (x.ended_at, x.id) < ($3, $4))
      ORDER BY x.ended_at DESC, x.id DESC LIMIT $5) AS r
JOIN queues q ON q.id = r.queue_id ORDER BY r.ended_at DESC, r.id DESC`;

/** The runs that ended on an agent, the latest first. A run that was tried again elsewhere is listed where it ended. */
export async function listAgentRuns(
  s: Services,
  actor: Actor,
  input: { entity: string; id: string } & PageQuery,
): Promise<Page<AgentRun>> {
  const entity = await requireEntity(s, actor, input.entity, 'viewer');
  const [at, after] = cursorOf(input.cursor);
  const { rows } = await s.pool.query<Row>({
    name: 'agent-runs',
    text: SELECT,
    values: [input.id, entity.id, at, after, input.limit + 1],
  });
  const page = rows.slice(0, input.limit);
  const last = page.at(-1);
  return {
    items: page.map((row) => ({
      id: row.id,
      name: row.name,
      state: row.state,
      queue: row.queue,
      failure: failureOf(row),
      startedAt: row.startedAt?.toISOString() ?? null,
      endedAt: row.endedAt.toISOString(),
    })),
    nextCursor: rows.length > input.limit && last ? `${last.endedAt.getTime()}.${last.id}` : null,
  };
}

function failureOf({ phase, category, message, exitCode }: Row): Failure | null {
  return phase && category ? { phase, category, message: message ?? '', exitCode } : null;
}

function cursorOf(cursor: string | undefined): [Date | null, string | null] {
  if (cursor === undefined) return [null, null];
  const parts = /^(\d{1,15})\.([a-z][a-z0-9]{1,31})$/.exec(cursor);
  if (!parts)
    throw refused('The cursor is not one that a list gave.', [
      { path: 'cursor', message: 'is not a cursor of this list' },
    ]);
  return [new Date(Number(parts[1])), parts[2] ?? null];
}
