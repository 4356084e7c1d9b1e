import type { RegisterAgent, RegisteredAgent } from '@/core/wire';
import type { AgentActor } from '../access';
import { releaseAllOf } from '../runs/release';
import { storable } from '../runs/storable';
import type { Services } from '../services';
import { forgetAgent } from './agent-view';

/**
 * The same instance is the same agent; its session is raised, so that a process with a copy of the instance id is refused from now on.
 * A command of before is done with: it was for the process that has ended.
 */
const UPSERT = `
INSERT INTO agents (id, entity_id, token_id, instance_id, name, hostname, version, queue_names, max_jobs, config)
VALUES (gen_random_uuid(), $1, $2, $3, $4, $5, $6, $7, $8, $9)
ON CONFLICT (entity_id, instance_id) DO UPDATE SET
  token_id = excluded.token_id, session = agents.session + 1, name = excluded.name, hostname = excluded.hostname, version = excluded.version,
  queue_names = excluded.queue_names, max_jobs = excluded.max_jobs, config = excluded.config, status = 'polling', command = 'none',
  last_heartbeat_at = now(), gone_at = NULL, failures_in_row = 0
RETURNING id, session, now() AS now`;

/** Names of queues that are there and that the token covers. */
const COVERED = `
SELECT name FROM queues
WHERE entity_id = $1 AND name = ANY ($2::text[]) AND deleted_at IS NULL AND (cardinality($3::uuid[]) = 0 OR id = ANY ($3::uuid[]))`;

/**
 * Takes an agent in. Queues that do not exist or that its token does not cover are named in the answer and ignored until they do. What it
 * had before it was started anew can be adopted at once.
 */
export async function registerAgent(
  s: Services,
  actor: AgentActor,
  input: RegisterAgent,
): Promise<RegisteredAgent> {
  const queues = [...new Set(input.queues)];
  const upserted = await s.pool.query<{ id: string; session: number; now: Date }>(UPSERT, [
    actor.entityId,
    actor.tokenId,
    input.instanceId,
    input.name,
    input.hostname,
    input.version,
    queues,
    input.maxJobs,
    JSON.stringify(storable(input.config)),
  ]);
  const [agent] = upserted.rows;
  if (!agent) throw new Error('an upsert gives a row');
  forgetAgent(s, agent.id);
  if (agent.session > 1) await releaseAllOf(s, agent.id, 'agent-registered');
  const covered = await s.pool.query<{ name: string }>(COVERED, [actor.entityId, queues, actor.queueIds]);
  const known = new Set(covered.rows.map(({ name }) => name));
  // The nudge ends the waiting calls of an older process.
  s.bus.publish(
    { type: 'agent', entity: actor.entity, agentId: agent.id },
    { type: 'nudge', agentId: agent.id },
  );
  return {
    agentId: agent.id,
    session: agent.session,
    entity: actor.entity,
    leaseSeconds: s.config.SLIPWAY_LEASE_SECONDS,
    heartbeatSeconds: s.config.SLIPWAY_HEARTBEAT_SECONDS,
    maxLogBytes: s.config.SLIPWAY_MAX_LOG_BYTES,
    serverTime: agent.now.toISOString(),
    unknownQueues: queues.filter((name) => !known.has(name)),
  };
}
