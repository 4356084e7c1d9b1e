import type { HeartbeatAnswer } from '@/core/wire';
import type { AgentActor } from '../access';
import { superseded, unknownAgent } from '../agents/agent-view';
import type { Services } from '../services';
import { awaySeconds } from './away';
import type { HeartbeatInput } from './inputs';
import { releaseAllOf } from './release';

interface AgentRow {
  session: number;
  current: boolean;
  command: 'none' | 'drain' | 'stop';
  paused: boolean;
  came_back: boolean;
}
/** Session and token are compared in the statement: an older process renews nothing. */
const SEEN = `
WITH before AS (SELECT id, gone_at, last_heartbeat_at FROM agents WHERE id = $1 AND token_id = $2 FOR NO KEY UPDATE)
UPDATE agents a SET
  last_heartbeat_at = CASE WHEN $3::int IS NULL OR session = $3 THEN now() ELSE a.last_heartbeat_at END,
  status = CASE WHEN $3::int IS NULL OR session = $3 THEN $4 ELSE status END,
  gone_at = CASE WHEN $3::int IS NULL OR session = $3 THEN CASE WHEN $4 = 'stopped' THEN now() END ELSE a.gone_at END
FROM before WHERE a.id = before.id
RETURNING a.session, ($3::int IS NULL OR a.session = $3) AS current, a.command, a.paused_at IS NOT NULL AS paused,
          before.gone_at IS NOT NULL OR before.last_heartbeat_at < now() - make_interval(secs => $5) AS came_back`;

interface RenewedRow {
  id: string;
  expires: Date;
  stop: boolean;
}
/** Also an orphan that nobody has adopted yet: its agent was only slow. */
const RENEW = `
WITH locked AS MATERIALIZED (
  SELECT r.id FROM runs r JOIN unnest($2::text[], $3::int[]) AS held(id, attempt) ON r.id = held.id AND r.attempt = held.attempt
  WHERE r.agent_id = $1 AND r.state IN ('leased', 'building', 'starting', 'running')
  ORDER BY r.id FOR NO KEY UPDATE OF r
)
UPDATE runs r SET lease_expires_at = now() + make_interval(secs => $4), orphaned_at = NULL
FROM locked WHERE r.id = locked.id
RETURNING r.id, r.lease_expires_at AS expires, r.stop_requested_at IS NOT NULL AS stop`;

/**
 * Renews all leases of an agent and tells it what to stop, what it has lost and what is asked of itself. `stopped` is its good-bye: what
 * it still has goes back or waits for adoption at once.
 *
 * @throws ProblemError not-found; conflict `superseded`
 */
export async function heartbeat(
  s: Services,
  actor: AgentActor,
  input: HeartbeatInput,
): Promise<HeartbeatAnswer> {
  const { agentId, runs, status } = input;
  const seen = await s.pool.query<AgentRow>({
    name: 'heartbeat-agent',
    text: SEEN,
    values: [agentId, actor.tokenId, input.session ?? null, status, awaySeconds(s.config)],
  });
  const [agent] = seen.rows;
  if (!agent) throw unknownAgent();
  if (!agent.current) throw superseded();
  if (status === 'stopped') await releaseAllOf(s, agentId, 'agent-stopped');
  if (status === 'stopped' || agent.came_back)
    s.bus.publish({ type: 'agent', entity: actor.entity, agentId });

  const renewed = runs.length === 0 || status === 'stopped' ? [] : await renew(s, agentId, runs);
  const byId = new Map(renewed.map((row) => [row.id, row]));
  return {
    leases: runs.map(({ id }) => ({
      id,
      ok: byId.has(id),
      leaseExpiresAt: byId.get(id)?.expires.toISOString() ?? null,
    })),
    stop: renewed.filter(({ stop }) => stop).map(({ id }) => id),
    lost: runs.filter(({ id }) => !byId.has(id)).map(({ id }) => id),
    command: agent.command,
    paused: agent.paused,
  };
}

async function renew(s: Services, agentId: string, runs: HeartbeatInput['runs']): Promise<RenewedRow[]> {
  const { rows } = await s.pool.query<RenewedRow>({
    name: 'heartbeat-renew',
    text: RENEW,
    values: [
      agentId,
      runs.map(({ id }) => id),
      runs.map(({ attempt }) => attempt),
      s.config.SLIPWAY_LEASE_SECONDS,
    ],
  });
  return rows;
}
