import { FINAL, IN_FLIGHT } from '@/core/run-state';
import { ProblemError, conflict, refused } from '@/core/problems';
import { requireEntity } from '../access';
import type { Actor } from '../access';
import type { Services } from '../services';
import { runConditions } from './filter';
import type { BulkInput } from './inputs';
import { requeueRun } from './requeue';
import { stopRun } from './stop';
import { updateRun } from './update';

/** Runs that one call changes at most. */
const MAX_RUNS = 1000;
/** Changes under way at once: enough to hide the way to the database, few enough to leave connections to others. */
const AT_ONCE = 4;

interface Result {
  id: string;
  ok: boolean;
  message?: string;
}

/** The states in which an action has something to do; of what a filter finds, the others are left alone. */
const STATES = {
  stop: ['pending', ...IN_FLIGHT],
  requeue: FINAL,
  priority: ['pending'],
} as const;

/**
 * Stops, requeues or moves many runs, each by itself: what cannot be done is told of that run and holds up no other. With a filter, the
 * first 1000 that match (newest first) and are in a state the action is for. `dryRun` only counts; `expect` holds a count to what was
 * confirmed: runs that have come since are not touched unawares.
 */
export async function bulkRuns(
  s: Services,
  actor: Actor,
  input: BulkInput,
): Promise<{ matched: number; results: Result[] }> {
  const entity = await requireEntity(s, actor, input.entity, 'member');
  const { ids, matched } = await chosen(s, entity.id, input);
  if (input.dryRun === true) return { matched, results: [] };
  if (input.expect !== undefined && input.expect !== matched)
    throw conflict(
      `${matched} runs match now, not ${input.expect}. Look again, and repeat it if you still mean it.`,
      'count-changed',
    );
  const change = changeOf(s, actor, input);
  const results: Result[] = [];
  let next = 0;
  const work = async () => {
    for (let index = next++; index < ids.length; index = next++) {
      const id = ids[index];
      if (id !== undefined) results[index] = await attempt(id, change);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return { matched, results };
}

function changeOf(
  s: Services,
  actor: Actor,
  { action, priority }: BulkInput,
): (id: string) => Promise<unknown> {
  switch (action) {
    case 'stop':
      return (id) => stopRun(s, actor, { id });
    case 'requeue':
      return (id) => requeueRun(s, actor, { id });
    case 'priority':
      if (priority === undefined)
        throw refused('Say which priority.', [{ path: 'priority', message: 'is missing' }]);
      return (id) => updateRun(s, actor, { id, priority });
  }
}

async function attempt(id: string, change: (id: string) => Promise<unknown>): Promise<Result> {
  try {
    await change(id);
    return { id, ok: true };
  } catch (error) {
    if (error instanceof ProblemError && error.status < 500) return { id, ok: false, message: error.message };
    throw error;
  }
}

async function chosen(
  s: Services,
  entityId: string,
  { ids, filter, action }: BulkInput,
): Promise<{ ids: string[]; matched: number }> {
  if ((ids === undefined) === (filter === undefined)) {
    throw refused('Say which runs: give either ids or a filter.', [
      { path: 'ids', message: 'give either ids or filter' },
    ]);
  }
  // In the order of the caller; what is not in this entity is not found, each by its own answer.
  if (ids !== undefined) {
    const unique = [...new Set(ids)];
    return { ids: unique, matched: unique.length };
  }
  const where = await runConditions(s, entityId, filter ?? {});
  where.add('r.state = ANY (?::run_state[])', STATES[action]);
  const [counted, found] = await Promise.all([
    s.pool.query<{ n: number }>(`SELECT count(*)::int AS n FROM runs r WHERE ${where.sql}`, where.values),
    s.pool.query<{ id: string }>(
      `SELECT r.id FROM runs r WHERE ${where.sql} ORDER BY r.seq DESC LIMIT ${MAX_RUNS}`,
      where.values,
    ),
  ]);
  return { ids: found.rows.map(({ id }) => id), matched: counted.rows[0]?.n ?? 0 };
}
