import type { Pool, PoolClient } from 'pg';
import type { RunState } from '@/core/wire';
import type { RunPlace } from './announce';

/** Why leases end without a report of their agent. */
export type ReleaseReason = 'lease-expired' | 'agent-registered' | 'agent-stopped' | 'lease-returned';

export interface ReleasedRun extends RunPlace {
  runId: string;
  state: RunState;
  stopping: boolean;
  seq: number;
  agentId: string;
  hostBound: boolean;
  limited: boolean;
}

/** Runs of one statement. */
export const RELEASE_BATCH = 1000;

const release = (condition: string) => `
WITH gone AS MATERIALIZED (
  SELECT id, agent_id FROM runs
  WHERE state IN ('leased', 'building', 'starting', 'running') AND orphaned_at IS NULL AND ${condition}
  ORDER BY id LIMIT ${RELEASE_BATCH} FOR NO KEY UPDATE SKIP LOCKED
), released AS (
  UPDATE runs r SET
    state = CASE WHEN r.state IN ('starting', 'running') THEN r.state WHEN r.stop_requested_at IS NOT NULL THEN 'stopped' ELSE 'pending' END,
    ended_at = CASE WHEN r.state IN ('leased', 'building') AND r.stop_requested_at IS NOT NULL THEN now() END,
    orphaned_at = CASE WHEN r.state IN ('starting', 'running') THEN now() END,
    agent_id = CASE WHEN r.state IN ('starting', 'running') THEN r.agent_id END,
    leased_at = CASE WHEN r.state IN ('starting', 'running') THEN r.leased_at END,
    attempt = r.attempt + CASE WHEN $1 = 'agent-registered' THEN 1 ELSE 0 END,
    lease_expires_at = NULL, event_seq = r.event_seq + 1
  FROM gone WHERE r.id = gone.id
  RETURNING r.id, r.state, r.attempt, r.event_seq, r.queue_id, r.entity_id, r.stop_requested_at, gone.agent_id
), events AS (
  INSERT INTO run_events (run_id, seq, attempt, actor, kind, state) SELECT id, event_seq, attempt, 'system', $1, state FROM released
)
SELECT r.id AS "runId", r.state, r.stop_requested_at IS NOT NULL AND r.state <> 'stopped' AS stopping, r.event_seq AS seq,
       r.agent_id AS "agentId", r.queue_id AS "queueId", q.name AS queue, e.name AS entity,
       q.resource IN ('local-container', 'local-process') AS "hostBound", q.max_in_flight IS NOT NULL AS limited
FROM released r JOIN queues q ON q.id = r.queue_id JOIN entities e ON e.id = r.entity_id`;

/**
 * Takes leases back. What was not yet submitted returns to its old place in the queue (or is stopped, if that was asked for); what was
 * submitted becomes an orphan that an agent must adopt, since the resource may still be running it.
 *
 * A new registration also raises `attempt`, so that a report of the older process cannot slip in before the adoption. An expired lease
 * does not: its agent may only have been slow, and is welcome to go on as long as nobody else has the run.
 */
const EXPIRED = release('lease_expires_at < now()');
const OF_AGENT = release('agent_id = $2');
const OF_LEASES = release(
  "state = 'leased' AND (id, attempt) IN (SELECT * FROM unnest($2::text[], $3::int[]))",
);

export const releaseExpired = async (db: Pool | PoolClient) =>
  (
    await db.query<ReleasedRun>({
      name: 'release-expired',
      text: EXPIRED,
      values: ['lease-expired' satisfies ReleaseReason],
    })
  ).rows;

export const releaseAgent = async (db: Pool | PoolClient, agentId: string, reason: ReleaseReason) =>
  (await db.query<ReleasedRun>({ name: 'release-agent', text: OF_AGENT, values: [reason, agentId] })).rows;

/** Leases whose answer could not be delivered. */
export const releaseLeases = async (
  db: Pool | PoolClient,
  leases: readonly { id: string; attempt: number }[],
) =>
  (
    await db.query<ReleasedRun>({
      name: 'release-leases',
      text: OF_LEASES,
      values: [
        'lease-returned' satisfies ReleaseReason,
        leases.map(({ id }) => id),
        leases.map(({ attempt }) => attempt),
      ],
    })
  ).rows;
