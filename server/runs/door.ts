import type { PoolClient } from 'pg';
import { forbidden, notFound, ProblemError } from '@/core/problems';
import type { JsonObject, RoleName, RunState } from '@/core/wire';
import { requireEntity, roleCovers } from '../access';
import type { Actor, EntityAccess } from '../access';
import { withTransaction } from '../db';
import type { Services } from '../services';
import { awaySeconds } from './away';
import { lockRuns } from './report-sql';
import type { LockedRun } from './report-sql';

/** The entity of a run, for an actor with that role in it; a run of an entity the actor does not know does not exist for it. */
export async function runEntity(
  s: Services,
  actor: Actor,
  id: string,
  role: RoleName,
): Promise<EntityAccess> {
  const { rows } = await s.pool.query<{ name: string }>({
    name: 'run-entity',
    text: 'SELECT e.name FROM runs r JOIN entities e ON e.id = r.entity_id WHERE r.id = $1',
    values: [id],
  });
  const [entity] = rows;
  if (!entity) throw noRun(id);
  try {
    return await requireEntity(s, actor, entity.name, role);
  } catch (error) {
    if (error instanceof ProblemError && error.kind === 'not-found') throw noRun(id);
    throw error;
  }
}

export const noRun = (id: string) => notFound(`The run ${JSON.stringify(id)}`);

/** Admins change any run, members their own. */
export const mayChange = (actor: Actor, role: RoleName, authorId: string | null): boolean =>
  roleCovers(role, 'admin') ||
  (roleCovers(role, 'member') && actor.kind === 'user' && authorId === actor.userId);

/** As events name who did something. */
export function actorName(actor: Actor): string {
  if (actor.kind === 'user') return `user:${actor.name}`;
  return actor.kind === 'agent' ? `agent:${actor.tokenName}` : 'system';
}

/** Runs `change` with the run locked, for an actor that may change it. */
export async function withRun<T>(
  s: Services,
  actor: Actor,
  id: string,
  change: (client: PoolClient, run: LockedRun) => Promise<T>,
): Promise<T> {
  const entity = await runEntity(s, actor, id, 'member');
  return withTransaction(s.pool, async (client) => {
    const run = (await lockRuns(client, [id], awaySeconds(s.config))).get(id);
    if (!run) throw noRun(id);
    if (!mayChange(actor, entity.role, run.authorId)) {
      throw forbidden('This run is of another member; only its author and admins may change it.');
    }
    return change(client, run);
  });
}

/** Adds the next event to a run that is locked. */
export async function addEvent(
  client: PoolClient,
  run: LockedRun,
  event: { actor: string; kind: string; state?: RunState; data?: JsonObject },
): Promise<number> {
  const { rows } = await client.query<{ seq: number }>({
    name: 'run-event',
    text: `WITH numbered AS (UPDATE runs SET event_seq = event_seq + 1 WHERE id = $1 RETURNING id, event_seq, attempt)
           INSERT INTO run_events (run_id, seq, attempt, actor, kind, state, data)
           SELECT id, event_seq, attempt, $2, $3, $4::run_state, $5::jsonb FROM numbered RETURNING seq`,
    values: [
      run.progress.id,
      event.actor,
      event.kind,
      event.state ?? null,
      event.data === undefined ? null : JSON.stringify(event.data),
    ],
  });
  const [row] = rows;
  if (!row) throw new Error('a locked run has gone');
  return row.seq;
}
