import type { Pool, PoolClient } from 'pg';
import type { LaunchSpec } from '@/core/wire';
import { withTransaction } from '../db';

/** What one lease call asks of one queue. */
export interface Demand {
  agentId: string;
  session: number;
  slots: number;
}
export interface TakenRun {
  id: string;
  seq: number;
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
  /** Which of the demands got it. */
  demand: number;
}

/**
 * Gives the first leasable runs of a queue to the demands, in their order, in one statement.
 *
 * - `level` goes through the priorities from the top; the outer LIMIT ends the scan where enough is found, so lower ones are not looked at.
 * - SKIP LOCKED: what another lease is just taking is passed over, not waited for.
 * - Paused and deleted queues give nothing; paused, drained and superseded agents get nothing. Both are read here, not from a cache: once
 *   a pause is answered, no lease begins.
 * - $6 says that the caller holds the lock of a limited queue; without it a queue with a limit gives nothing, whatever a cache said.
 */
const TAKE = `
WITH place AS MATERIALIZED (
  SELECT q.id, q.name AS queue, e.name AS entity,
         CASE WHEN q.max_in_flight IS NULL THEN NULL ELSE greatest(0, q.max_in_flight - (
           SELECT count(*) FROM runs r WHERE r.queue_id = q.id AND r.state IN ('leased', 'building', 'starting', 'running')
         )) END AS room,
         EXISTS (SELECT 1 FROM secrets s WHERE s.queue_id = q.id) AS has_secrets
  FROM queues q JOIN entities e ON e.id = q.entity_id
  WHERE q.id = $1 AND q.paused_at IS NULL AND q.deleted_at IS NULL AND (q.max_in_flight IS NULL OR $6::boolean)
), demand AS MATERIALIZED (
  SELECT d.ord, a.id AS agent_id, a.name AS agent, row_number() OVER (ORDER BY d.ord) AS n
  FROM unnest($3::uuid[], $4::int[], $5::int[]) WITH ORDINALITY AS d(agent_id, session, slots, ord)
  JOIN agents a ON a.id = d.agent_id AND a.session = d.session AND a.paused_at IS NULL AND a.command = 'none',
  LATERAL generate_series(1, d.slots)
), picked AS MATERIALIZED (
  SELECT run.id, run.seq, run.priority
  FROM place, unnest('{0,1,2,3}'::smallint[], $2::bigint[]) AS level(priority, floor),
  LATERAL (
    SELECT r.id, r.seq, r.priority FROM runs r
    WHERE r.queue_id = $1 AND r.state = 'pending' AND NOT r.held AND r.priority = level.priority AND r.seq > level.floor
    ORDER BY r.seq LIMIT (SELECT count(*) FROM demand) FOR NO KEY UPDATE OF r SKIP LOCKED
  ) AS run
  LIMIT (SELECT least(place.room, (SELECT count(*) FROM demand)) FROM place)
), leased AS (
  UPDATE runs SET state = 'leased', attempt = attempt + 1, agent_id = demand.agent_id, agent_seq = 0, leased_at = now(),
                  lease_expires_at = now() + make_interval(secs => $7), event_seq = event_seq + 1
  FROM (SELECT id, row_number() OVER (ORDER BY priority, seq) AS n FROM picked) AS p JOIN demand USING (n)
  WHERE runs.id = p.id
  RETURNING runs.id, runs.seq, runs.name, runs.priority, runs.attempt, runs.execution, runs.event_seq, runs.lease_expires_at, demand.agent, demand.ord
), events AS (
  INSERT INTO run_events (run_id, seq, attempt, actor, kind, state)
  SELECT id, event_seq, attempt, 'agent:' || agent, 'state', 'leased' FROM leased
)
SELECT l.id, l.seq, l.name, l.priority, l.attempt, l.execution, l.event_seq AS "eventSeq", l.lease_expires_at AS "leaseExpiresAt", s.spec,
       place.has_secrets AS "hasSecrets", place.entity, place.queue, place.id AS "queueId", (l.ord - 1)::int AS demand
FROM leased l JOIN run_specs s ON s.run_id = l.id, place ORDER BY l.priority, l.seq`;

export interface TakeOptions {
  queueId: string;
  floors: readonly number[];
  demands: readonly Demand[];
  leaseSeconds: number;
  /** The queue has (or may have) a limit: leases of it go one after the other, over all servers. */
  limited: boolean;
}

export function takeRuns(pool: Pool, options: TakeOptions): Promise<TakenRun[]> {
  if (!options.limited) return take(pool, options);
  return withTransaction(pool, async (client) => {
    // Until the commit nobody else counts: the count in the next statement, whose snapshot is taken after the lock, is exact.
    await client.query(
      "SELECT pg_advisory_xact_lock(hashtextextended('slipway.limit', 0) # hashtextextended($1, 0))",
      [options.queueId],
    );
    return take(client, options);
  });
}

async function take(
  db: Pool | PoolClient,
  { queueId, floors, demands, leaseSeconds, limited }: TakeOptions,
): Promise<TakenRun[]> {
  const { rows } = await db.query<TakenRun>({
    name: 'lease-take',
    text: TAKE,
    values: [
      queueId,
      floors,
      demands.map((d) => d.agentId),
      demands.map((d) => d.session),
      demands.map((d) => d.slots),
      limited,
      leaseSeconds,
    ],
  });
  return rows;
}
