import { isFinal } from '@/core/run-state';
import { conflict } from '@/core/problems';
import type { Run } from '@/core/wire';
import type { Actor } from '../access';
import { audit } from '../audit';
import type { Services } from '../services';
import { announceRuns, announceWork } from './announce';
import { actorName, addEvent, withRun } from './door';
import { getRun } from './get';
import type { RunRef } from './inputs';

/** A new number of arrival: the end of the line. The row is locked before, so the transaction has its id before the number (hints.ts). */
const REQUEUE = `
UPDATE runs SET state = 'pending', seq = nextval(pg_get_serial_sequence('runs', 'seq')), execution = execution + 1, retries = 0,
  preemptions = 0, held = false, held_until = NULL, agent_id = NULL, agent_seq = 0, lease_expires_at = NULL, orphaned_at = NULL,
  stop_requested_at = NULL, stop_requested_by = NULL, log_start = log_bytes, log_cursor = NULL, external_ref = NULL,
  failure_phase = NULL, failure_category = NULL, failure_message = NULL, exit_code = NULL,
  leased_at = NULL, submitted_at = NULL, started_at = NULL, ended_at = NULL, pruned_at = NULL
WHERE id = $1`;

/**
 * Starts an ended run once more: the same run with the same specification, at the end of its queue; its log goes on.
 *
 * @throws ProblemError not-found, forbidden, conflict `not-ended`, `queue-deleted`
 */
export async function requeueRun(s: Services, actor: Actor, { id }: RunRef): Promise<Run> {
  const { run, seq } = await withRun(s, actor, id, async (client, run) => {
    if (!isFinal(run.progress.state))
      throw conflict(`The run is ${run.progress.state}; only an ended one can be put back.`, 'not-ended');
    if (run.queueDeleted)
      throw conflict('The queue of this run is deleted; launch it anew on another queue.', 'queue-deleted');
    await client.query(REQUEUE, [id]);
    const seq = await addEvent(client, run, {
      actor: actorName(actor),
      kind: 'state',
      state: 'pending',
      data: { reason: 'requeued' },
    });
    await audit(client, actor, {
      entityId: run.entityId,
      action: 'run.requeue',
      target: id,
      data: { queue: run.place.queue },
    });
    return { run, seq };
  });
  announceRuns(s, [{ ...run.place, runId: id, state: 'pending', stopping: false, seq }]);
  announceWork(s, [run.place.queueId], { putBack: true });
  return getRun(s, actor, { id });
}
