import { RESOURCE_INFO } from '@/core/queue-config';
import type { QueueSummary, ResourceId } from '@/core/wire';
import { containing } from '../db/like';
import { awaySeconds } from '../runs/away';
import { LAST_ENDED, lastEnded } from '../runs/last-ended';
import { limitedWaiting, oldestWaiting, waitingCounts } from '../runs/waiting-counts';
import { closedSecretsOf } from '../secrets/closed';
import type { Services } from '../services';
import { queueDays } from './day';

interface Row {
  id: string;
  entity: string;
  name: string;
  resource: ResourceId;
  prioritized: boolean;
  description: string;
  max_in_flight: number | null;
  current_version: number;
  paused_at: Date | null;
  paused_by: string | null;
  pause_note: string | null;
  created_at: Date;
  created_by: string | null;
  updated_at: Date;
  waiting: number;
  in_flight: number;
  oldest: Date | null;
  online: number;
  not_taking: number;
  busy: number;
  slots: number | null;
  ever_had: boolean;
  last_seen: Date | null;
  failing: boolean;
}

/**
 * One statement for any number of queues. Counts use the partial indexes of waiting and in-flight runs; the oldest waiting run is one
 * index probe a priority. An agent serves a queue when it names it and its token covers it; an agent with several queues shares its
 * slots among them, so its runs count as busy in each.
 */
const SELECT_SUMMARIES = `
  WITH wanted AS (
    SELECT q.*, e.name AS entity, u.name AS created_by FROM queues q
    JOIN entities e ON e.id = q.entity_id LEFT JOIN users u ON u.id = q.created_by_id
    WHERE q.entity_id = $1 AND q.deleted_at IS NULL AND ($2::text IS NULL OR q.name = $2) AND ($3::text IS NULL OR q.name > $3 COLLATE "C")
      AND ($6::text IS NULL OR q.name ILIKE $6 OR q.description ILIKE $6) AND ($7::text IS NULL OR q.resource = $7)
    ORDER BY q.name COLLATE "C" LIMIT $4
  ), serving AS (
    SELECT q.id AS queue_id, a.id AS agent_id, a.max_jobs, a.last_heartbeat_at,
           a.paused_at IS NOT NULL OR a.command <> 'none' OR a.status = 'draining' AS not_taking,
           a.gone_at IS NULL AND a.last_heartbeat_at > now() - make_interval(secs => $5) AS online
    FROM wanted q JOIN agents a ON a.entity_id = q.entity_id AND q.name = ANY (a.queue_names)
    LEFT JOIN agent_tokens t ON t.id = a.token_id
    WHERE t.id IS NULL OR cardinality(t.queue_ids) = 0 OR q.id = ANY (t.queue_ids)
  ), load AS (
    SELECT agent_id, count(*) AS runs FROM runs
    WHERE state IN ('leased', 'building', 'starting', 'running') AND agent_id IN (SELECT agent_id FROM serving WHERE online)
    GROUP BY agent_id
  ), cover AS (
    SELECT v.queue_id, count(*) FILTER (WHERE v.online) AS online, count(*) FILTER (WHERE v.online AND v.not_taking) AS not_taking,
           max(v.last_heartbeat_at) AS last_seen,
           coalesce(sum(l.runs) FILTER (WHERE v.online), 0)::int AS busy,
           CASE WHEN bool_or(v.max_jobs < 0) FILTER (WHERE v.online) THEN NULL
                ELSE coalesce(sum(v.max_jobs) FILTER (WHERE v.online), 0)::int END AS slots
    FROM serving v LEFT JOIN load l USING (agent_id) GROUP BY v.queue_id
  )
  SELECT q.id, q.entity, q.name, q.resource, q.prioritized, q.description, q.max_in_flight, q.current_version, q.paused_at, q.paused_by,
         q.pause_note, q.created_at, q.created_by, q.updated_at,
         ${limitedWaiting('q.id')} AS waiting,
         (SELECT count(*) FROM runs r WHERE r.queue_id = q.id AND r.state IN ('leased', 'building', 'starting', 'running')) AS in_flight,
         ${oldestWaiting('q.id')} AS oldest,
         coalesce(c.online, 0) AS online, coalesce(c.busy, 0) AS busy,
         CASE WHEN c.queue_id IS NULL THEN 0 ELSE c.slots END AS slots, c.queue_id IS NOT NULL AS ever_had,
         coalesce(c.not_taking, 0) AS not_taking, c.last_seen,
         (SELECT count(*) = ${LAST_ENDED} AND coalesce(bool_and(e.state = 'failed'), false) FROM (${lastEnded('q.id')}) e) AS failing
  FROM wanted q LEFT JOIN cover c ON c.queue_id = q.id
  ORDER BY q.name COLLATE "C"`;

export interface SummaryFilter {
  entityId: string;
  /** Only the queue of this name. */
  name?: string | undefined;
  /** Only queues whose names come after this one. */
  after?: string | undefined;
  /** Only queues with this text in name or description, in any case. */
  text?: string | undefined;
  resource?: ResourceId | undefined;
  limit: number;
}

/** Queues of an entity by name (in byte order), with what waits, what runs and who serves them. */
export async function selectSummaries(
  s: Services,
  { entityId, name, after, text, resource, limit }: SummaryFilter,
): Promise<QueueSummary[]> {
  const { rows } = await s.pool.query<Row>(SELECT_SUMMARIES, [
    entityId,
    name ?? null,
    after ?? null,
    limit,
    awaySeconds(s.config),
    text === undefined || text === '' ? null : containing(text),
    resource ?? null,
  ]);
  const ids = rows.map(({ id }) => id);
  const waiting = await waitingCounts(s, rows);
  const [closed, days] = await Promise.all([closedSecretsOf(s, ids), queueDays(s, waiting)]);
  return rows.map((row) => ({
    id: row.id,
    entity: row.entity,
    name: row.name,
    resource: row.resource,
    prioritized: row.prioritized,
    description: row.description,
    maxInFlight: row.max_in_flight,
    version: row.current_version,
    paused: row.paused_at && {
      at: row.paused_at.toISOString(),
      by: row.paused_by ?? 'unknown',
      note: row.pause_note ?? '',
    },
    createdAt: row.created_at.toISOString(),
    createdBy: row.created_by ?? 'unknown',
    updatedAt: row.updated_at.toISOString(),
    counts: { waiting: waiting.get(row.id) ?? 0, inFlight: row.in_flight },
    agents: {
      online: row.online,
      paused: row.not_taking,
      busy: row.busy,
      slots: row.slots,
      everHad: row.ever_had,
      lastSeenAt: row.last_seen?.toISOString() ?? null,
    },
    oldestWaitingSince: row.oldest?.toISOString() ?? null,
    servable: RESOURCE_INFO[row.resource].servable,
    failing: row.failing,
    closedSecrets: closed.get(row.id) ?? [],
    day: days.get(row.id) ?? { waiting: [], waitP95Seconds: null, finished: 0, failed: 0 },
  }));
}
