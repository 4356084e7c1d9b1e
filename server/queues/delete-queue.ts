import { ProblemError } from '@/core/problems';
import type { RunState } from '@/core/wire';
import { requireEntity } from '../access/require-entity';
import type { Actor } from '../access/actor';
import { audit } from '../audit';
import type { Prisma } from '../db/generated/client';
import type { BusMessage } from '../events/bus';
import { actorName } from '../runs/door';
import type { Services } from '../services';
import type { QueueRef } from './get-queue';
import { lockQueue } from './locked-queue';

interface Touched {
  id: string;
  state: RunState;
  event_seq: number;
  agent_id: string | null;
}

/**
 * Deletes a queue; its name is free again, and the history of its runs stays readable. With runs waiting or in flight it is refused
 * (409) unless `force`: then what waits is stopped at once and what an agent has is asked to stop.
 */
export async function deleteQueue(
  s: Services,
  actor: Actor,
  input: QueueRef & { force?: boolean | undefined },
): Promise<void> {
  const entity = await requireEntity(s, actor, input.entity, 'admin');
  const { queueId, touched } = await s.prisma.$transaction(
    async (tx) => {
      const queue = await lockQueue(tx, entity.id, input.queue, 'delete');
      const { waiting, inFlight } = await countRuns(tx, queue.id);
      if (waiting + inFlight > 0 && input.force !== true) throw hasRuns(queue.name, waiting, inFlight);
      const stopped = await endUnattended(tx, actor, queue.id);
      const stopping = await askToStop(tx, actor, queue.id);
      await tx.queue.update({ where: { id: queue.id }, data: { deletedAt: new Date() } });
      // What is in flight may be adopted once more before it ends, and its log still has to be masked.
      if (inFlight === 0) await tx.secret.deleteMany({ where: { queueId: queue.id } });
      const data = { stopped: stopped.length, stopping: stopping.length };
      await audit(tx, actor, { entityId: entity.id, action: 'queue.delete', target: queue.name, data });
      return { queueId: queue.id, touched: [...stopped, ...stopping] };
    },
    { timeout: 60_000 },
  );
  const base = { entity: entity.name, queue: input.queue, queueId };
  const messages: BusMessage[] = touched.map(({ id, state, event_seq: seq }) => ({
    type: 'run',
    ...base,
    runId: id,
    state,
    stopping: state !== 'stopped',
    seq,
  }));
  const agents = new Set(
    touched.flatMap(({ state, agent_id: agentId }) =>
      state !== 'stopped' && agentId !== null ? [agentId] : [],
    ),
  );
  for (const agentId of agents) messages.push({ type: 'nudge', agentId });
  s.bus.publish({ type: 'queue', ...base }, ...messages);
}

async function countRuns(
  tx: Prisma.TransactionClient,
  queueId: string,
): Promise<{ waiting: number; inFlight: number }> {
  const rows = await tx.$queryRaw<{ waiting: number; inFlight: number }[]>`
    SELECT (SELECT count(*)::int FROM runs WHERE queue_id = ${queueId}::uuid AND state = 'pending') AS waiting,
           (SELECT count(*)::int FROM runs WHERE queue_id = ${queueId}::uuid
            AND state IN ('leased', 'building', 'starting', 'running')) AS "inFlight"`;
  return rows[0] ?? { waiting: 0, inFlight: 0 };
}

function hasRuns(name: string, waiting: number, inFlight: number): ProblemError {
  return new ProblemError(
    'conflict',
    `Queue ${name} has ${waiting} waiting and ${inFlight} in-flight ${waiting + inFlight === 1 ? 'run' : 'runs'}. ` +
      'Delete it with force=true to stop them all.',
    { code: 'queue-has-runs' },
  );
}

/**
 * Ends what no agent has: waiting runs, and those whose agent is gone, since nobody serves a deleted queue and so nobody would adopt
 * them. The attempt of the latter is raised, so that an agent that comes back is told that it has lost the run.
 */
const endUnattended = (tx: Prisma.TransactionClient, actor: Actor, queueId: string) => tx.$queryRaw<
  Touched[]
>`
  WITH changed AS (
    UPDATE runs SET state = 'stopped', ended_at = now(), stop_requested_at = coalesce(stop_requested_at, now()),
           stop_requested_by = coalesce(stop_requested_by, ${actorName(actor)}), event_seq = event_seq + 1,
           attempt = attempt + CASE WHEN state = 'pending' THEN 0 ELSE 1 END,
           lease_expires_at = NULL, orphaned_at = NULL, held = false, held_until = NULL
    WHERE queue_id = ${queueId}::uuid AND (state = 'pending' OR (orphaned_at IS NOT NULL AND state IN ('starting', 'running')))
    RETURNING id, state, event_seq, attempt, agent_id
  ), told AS (
    INSERT INTO run_events (run_id, seq, attempt, actor, kind, state, data)
    SELECT id, event_seq, attempt, ${actorName(actor)}, 'state', 'stopped', '{"reason": "queue-deleted"}' FROM changed
  )
  SELECT id, state::text, event_seq, agent_id FROM changed`;

const askToStop = (tx: Prisma.TransactionClient, actor: Actor, queueId: string) => tx.$queryRaw<Touched[]>`
  WITH changed AS (
    UPDATE runs SET stop_requested_at = now(), stop_requested_by = ${actorName(actor)}, event_seq = event_seq + 1
    WHERE queue_id = ${queueId}::uuid AND state IN ('leased', 'building', 'starting', 'running') AND stop_requested_at IS NULL
    RETURNING id, state, event_seq, attempt, agent_id
  ), told AS (
    INSERT INTO run_events (run_id, seq, attempt, actor, kind, state, data)
    SELECT id, event_seq, attempt, ${actorName(actor)}, 'stop-requested', state, '{"reason": "queue-deleted"}' FROM changed
  )
  SELECT id, state::text, event_seq, agent_id FROM changed`;
