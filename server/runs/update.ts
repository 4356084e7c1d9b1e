import { priorityToNumber } from '@/core/priorities';
import { conflict, refused } from '@/core/problems';
import type { Run } from '@/core/wire';
import type { Actor } from '../access';
import type { Services } from '../services';
import { announceRuns, announceWork } from './announce';
import { actorName, addEvent, withRun } from './door';
import { getRun } from './get';
import type { UpdateRunInput } from './inputs';

// The spec of the run keeps what was launched; a lease takes name and priority from here.
const RENAME = 'UPDATE runs SET name = $2 WHERE id = $1';
const MOVE = 'UPDATE runs SET priority = $2 WHERE id = $1';

/**
 * Changes name and priority of a waiting run; its place follows at once.
 *
 * @throws ProblemError not-found, forbidden, conflict `not-pending`, refused (a priority where the queue has none)
 */
export async function updateRun(
  s: Services,
  actor: Actor,
  { id, name, priority }: UpdateRunInput,
): Promise<Run> {
  const changed = await withRun(s, actor, id, async (client, run) => {
    if (run.progress.state !== 'pending')
      throw conflict(`The run is ${run.progress.state}; only a waiting one can be changed.`, 'not-pending');
    let seq = run.progress.eventSeq;
    if (priority !== undefined) {
      if (!run.prioritized) {
        const message = `Queue "${run.place.queue}" has no prioritization`;
        throw refused(`${message}, so a run cannot have a priority.`, [{ path: 'priority', message }]);
      }
      await client.query(MOVE, [id, priorityToNumber(priority)]);
      seq = await addEvent(client, run, { actor: actorName(actor), kind: 'priority', data: { priority } });
    }
    if (name !== undefined) {
      await client.query(RENAME, [id, name]);
      seq = await addEvent(client, run, { actor: actorName(actor), kind: 'renamed', data: { name } });
    }
    return { run, seq };
  });
  announceRuns(s, [{ ...changed.run.place, runId: id, state: 'pending', stopping: false, seq: changed.seq }]);
  if (priority !== undefined) announceWork(s, [changed.run.place.queueId], { putBack: true });
  return getRun(s, actor, { id });
}
