import { isFinal } from '@/core/run-state';
import { conflict } from '@/core/problems';
import type { Run } from '@/core/wire';
import type { Actor } from '../access';
import { audit } from '../audit';
import type { Services } from '../services';
import { announceRuns, announceWork } from './announce';
import { actorName, addEvent, withRun } from './door';
import { getRun } from './get';
import type { StopInput } from './inputs';
import type { LockedRun } from './report-sql';

/** What a stop did. */
type Outcome = 'nothing' | 'asked' | 'ended';

/**
 * Stops a run. A waiting one ends at once; one that an agent has is asked to end, and ends when the agent says so. `force` ends it here
 * and now when its agent cannot be reached or was asked before; what it left at the resource stays there.
 *
 * @throws ProblemError not-found, forbidden, conflict `run-ended`, `stop-first`
 */
export async function stopRun(s: Services, actor: Actor, { id, force = false }: StopInput): Promise<Run> {
  const { run, outcome, seq } = await withRun(s, actor, id, async (client, run) => {
    const outcome = decide(run, force);
    if (outcome === 'nothing') return { run, outcome, seq: run.progress.eventSeq };
    await client.query(outcome === 'ended' ? END : ASK, [id, actorName(actor)]);
    const kind = outcome === 'ended' ? 'state' : 'stop-requested';
    const forced = outcome === 'ended' && run.progress.state !== 'pending';
    const seq = await addEvent(client, run, {
      actor: actorName(actor),
      kind,
      state: outcome === 'ended' ? 'stopped' : run.progress.state,
      data: forced ? { forced } : undefined,
    });
    await audit(client, actor, {
      entityId: run.entityId,
      action: forced ? 'run.force-stop' : 'run.stop',
      target: id,
      data: { queue: run.place.queue },
    });
    return { run, outcome, seq };
  });
  if (outcome !== 'nothing') {
    const state = outcome === 'ended' ? 'stopped' : run.progress.state;
    announceRuns(s, [{ ...run.place, runId: id, state, stopping: outcome === 'asked', seq }]);
    // The agent hears of it with a heartbeat, which it sends as soon as its lease call returns.
    if (run.agentId !== null && run.progress.state !== 'pending')
      s.bus.publish({ type: 'nudge', agentId: run.agentId });
    if (outcome === 'ended' && run.limited) announceWork(s, [run.place.queueId]);
  }
  return getRun(s, actor, { id });
}

function decide({ progress, orphaned, agentOnline }: LockedRun, force: boolean): Outcome {
  if (progress.state === 'stopped') return 'nothing';
  if (isFinal(progress.state)) throw conflict(`The run has already ${progress.state}.`, 'run-ended');
  if (progress.state === 'pending') return 'ended';
  if (!force) return progress.stopping ? 'nothing' : 'asked';
  if (progress.stopping || orphaned || !agentOnline) return 'ended';
  throw conflict(
    'Its agent is online: ask for a stop first, and force it only if that does not help.',
    'stop-first',
  );
}

const ASK = `UPDATE runs SET stop_requested_at = now(), stop_requested_by = $2 WHERE id = $1`;
/** The attempt is raised, so that an agent that still has the run is told that it has lost it. */
const END = `
UPDATE runs SET state = 'stopped', ended_at = now(), stop_requested_at = coalesce(stop_requested_at, now()),
                stop_requested_by = coalesce(stop_requested_by, $2), held = false, held_until = NULL, lease_expires_at = NULL, orphaned_at = NULL,
                attempt = attempt + CASE WHEN state = 'pending' THEN 0 ELSE 1 END
WHERE id = $1`;
