import type { Pool } from 'pg';
import type { LaunchSpec, RunState } from '@/core/wire';

export interface AdoptedRun {
  id: string;
  name: string;
  priority: number;
  attempt: number;
  execution: number;
  eventSeq: number;
  leaseExpiresAt: Date;
  spec: LaunchSpec;
  hasSecrets: boolean;
  entity: string;
  queue: string;
  queueId: string;
  state: RunState;
  stopping: boolean;
  externalRef: string | null;
  logBytes: number;
  logCursor: string | null;
  submittedAt: Date | null;
}

/**
 * Gives orphans of these queues to an agent, oldest first. Host-bound ones only to the agent they were with: the container or process is
 * on its machine. A pause of the queue does not count, since the run has begun already; a paused agent takes only its own.
 */
const ADOPT = `
WITH picked AS MATERIALIZED (
  SELECT r.id, a.name AS agent, q.name AS queue, e.name AS entity
  FROM runs r JOIN queues q ON q.id = r.queue_id JOIN entities e ON e.id = r.entity_id
  JOIN agents a ON a.id = $1 AND a.session = $2
  WHERE r.orphaned_at IS NOT NULL AND r.state IN ('starting', 'running') AND r.queue_id = ANY ($3::uuid[])
    AND (r.agent_id = $1 OR (q.resource NOT IN ('local-container', 'local-process') AND a.paused_at IS NULL AND a.command = 'none'))
  ORDER BY r.seq LIMIT $4 FOR NO KEY UPDATE OF r SKIP LOCKED
), adopted AS (
  UPDATE runs r SET attempt = attempt + 1, agent_id = $1, agent_seq = 0, orphaned_at = NULL, leased_at = now(),
                    lease_expires_at = now() + make_interval(secs => $5), event_seq = event_seq + 1
  FROM picked WHERE r.id = picked.id
  RETURNING r.*, picked.agent, picked.queue, picked.entity
), events AS (
  INSERT INTO run_events (run_id, seq, attempt, actor, kind, state)
  SELECT id, event_seq, attempt, 'agent:' || agent, 'adopting', state FROM adopted
)
SELECT r.id, r.name, r.priority, r.attempt, r.execution, r.event_seq AS "eventSeq", r.lease_expires_at AS "leaseExpiresAt", s.spec, r.entity, r.queue,
       r.queue_id AS "queueId", r.state, r.stop_requested_at IS NOT NULL AS stopping, r.external_ref AS "externalRef",
       r.log_bytes AS "logBytes", r.log_cursor AS "logCursor", r.submitted_at AS "submittedAt",
       EXISTS (SELECT 1 FROM secrets x WHERE x.queue_id = r.queue_id) AS "hasSecrets"
FROM adopted r JOIN run_specs s ON s.run_id = r.id ORDER BY r.seq`;

export async function adoptRuns(
  pool: Pool,
  options: {
    agentId: string;
    session: number;
    queueIds: readonly string[];
    slots: number;
    leaseSeconds: number;
  },
): Promise<AdoptedRun[]> {
  const { agentId, session, queueIds, slots, leaseSeconds } = options;
  const { rows } = await pool.query<AdoptedRun>({
    name: 'lease-adopt',
    text: ADOPT,
    values: [agentId, session, queueIds, slots, leaseSeconds],
  });
  return rows;
}
