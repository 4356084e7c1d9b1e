import { notFound } from '@/core/problems';
import { SICK_AFTER_FAILURES } from '@/core/wire';
import type { Agent, JsonObject } from '@/core/wire';
import { requireEntity } from '../access';
import type { Actor } from '../access';
import { awaySeconds } from '../runs/away';
import type { Services } from '../services';

interface Row {
  id: string;
  name: string;
  hostname: string;
  version: string;
  status: string;
  command: Agent['command'];
  paused: boolean;
  pauseNote: string | null;
  pausedBy: string | null;
  pausedUntil: Date | null;
  failuresInRow: number;
  lastFailure: string | null;
  recentEnded: number;
  recentFailed: number;
  gone: boolean;
  away: boolean;
  maxJobs: number;
  config: JsonObject;
  tokenName: string | null;
  lastHeartbeatAt: Date;
  createdAt: Date;
  queues: Agent['queues'];
  running: Agent['running'];
}

/** Agents that have not been heard of for so long are left out of the list. */
const FORGOTTEN_DAYS = 30;
const MAX_AGENTS = 1000;
/** Runs that are listed of one agent. */
const MAX_RUNNING = 200;
/** Ended runs of an agent that are counted for its health. */
const RECENT = 20;

const SELECT = `
SELECT a.id, a.name, a.hostname, a.version, a.status, a.command, a.paused_at IS NOT NULL AS paused, a.pause_note AS "pauseNote",
  a.paused_by AS "pausedBy", a.paused_until AS "pausedUntil", a.failures_in_row AS "failuresInRow", a.last_failure AS "lastFailure",
  recent.ended AS "recentEnded", recent.failed AS "recentFailed", a.gone_at IS NOT NULL AS gone, a.last_heartbeat_at < now() - make_interval(secs => $3) AS away, a.max_jobs AS "maxJobs", a.config,
  t.name AS "tokenName", a.last_heartbeat_at AS "lastHeartbeatAt", a.created_at AS "createdAt",
  coalesce((SELECT json_agg(json_build_object('name', w.name, 'exists', q.id IS NOT NULL) ORDER BY w.ord)
            FROM unnest(a.queue_names) WITH ORDINALITY AS w(name, ord)
            LEFT JOIN queues q ON q.entity_id = a.entity_id AND q.name = w.name AND q.deleted_at IS NULL), '[]') AS queues,
  coalesce((SELECT json_agg(x) FROM (
              SELECT r.id, r.name, r.state, q.name AS queue FROM runs r JOIN queues q ON q.id = r.queue_id
              WHERE r.agent_id = a.id AND r.state IN ('leased', 'building', 'starting', 'running') ORDER BY r.seq LIMIT ${MAX_RUNNING}) AS x), '[]') AS running
FROM agents a LEFT JOIN agent_tokens t ON t.id = a.token_id
CROSS JOIN LATERAL (
  SELECT count(*)::int AS ended, count(*) FILTER (WHERE last.state = 'failed')::int AS failed FROM (
    SELECT r.state FROM runs r WHERE r.agent_id = a.id AND r.ended_at IS NOT NULL ORDER BY r.ended_at DESC LIMIT ${RECENT}) AS last) AS recent
WHERE a.entity_id = $1 AND ($2::uuid IS NULL AND a.last_heartbeat_at > now() - interval '${FORGOTTEN_DAYS} days' OR a.id = $2)
ORDER BY a.gone_at IS NOT NULL, lower(a.name), a.id LIMIT ${MAX_AGENTS}`;

async function select(s: Services, entityId: string, id: string | null): Promise<Agent[]> {
  const { rows } = await s.pool.query<Row>({
    name: 'agents',
    text: SELECT,
    values: [entityId, id, awaySeconds(s.config)],
  });
  return rows.map(({ gone, away, paused, pausedUntil, status, lastHeartbeatAt, createdAt, ...rest }) => {
    const { failuresInRow, lastFailure, recentEnded, recentFailed, ...row } = rest;
    return {
      ...row,
      pausedUntil: pausedUntil?.toISOString() ?? null,
      health: {
        sick: failuresInRow >= SICK_AFTER_FAILURES,
        failuresInRow,
        lastFailure: failuresInRow > 0 ? lastFailure : null,
        recentEnded,
        recentFailed,
      },
      status: statusOf({ gone, away, paused, draining: status === 'draining' || row.command !== 'none' }),
      lastHeartbeatAt: lastHeartbeatAt.toISOString(),
      createdAt: createdAt.toISOString(),
    };
  });
}

function statusOf({
  gone,
  away,
  paused,
  draining,
}: {
  gone: boolean;
  away: boolean;
  paused: boolean;
  draining: boolean;
}): Agent['status'] {
  if (gone) return 'stopped';
  if (away) return 'lost';
  if (draining) return 'draining';
  return paused ? 'paused' : 'online';
}

/** The agents of an entity that were heard of within the last month, those that run first. */
export async function listAgents(s: Services, actor: Actor, input: { entity: string }): Promise<Agent[]> {
  const entity = await requireEntity(s, actor, input.entity, 'viewer');
  return select(s, entity.id, null);
}

export async function getAgent(
  s: Services,
  actor: Actor,
  input: { entity: string; id: string },
): Promise<Agent> {
  const entity = await requireEntity(s, actor, input.entity, 'viewer');
  const [agent] = await select(s, entity.id, input.id);
  if (!agent) throw noAgent(input.id);
  return agent;
}

export const noAgent = (id: string) => notFound(`The agent ${JSON.stringify(id)}`);
