import { LRUCache } from 'lru-cache';
import { SICK_AFTER_FAILURES } from '@/core/wire';
import type { AgentSettings, Failure } from '@/core/wire';
import { requireEntity } from '../access';
import type { Actor } from '../access';
import { audit } from '../audit';
import { withTransaction } from '../db';
import { perProcess } from '../runs/per-process';
import type { Services } from '../services';

/** How a run went on its agent: `began` as soon as its program runs, which clears the agent of suspicion. */
export type AgentOutcome =
  { agentId: string; kind: 'began' } | { agentId: string; kind: 'failed'; failure: Failure };

/**
 * Failures that are more often the agent's (its engine, disk, network, registry) than the run's: those before anything was handed over,
 * and those of handing over for which the platform is to blame (no `docker` command, no room for a process).
 */
const isSuspicious = ({ phase, category }: Failure): boolean =>
  phase === 'agent' || phase === 'build' || (phase === 'submit' && category === 'platform');
const CLEAN_MS = 10_000;
/** Agents that are known to have no failure on their account; nothing is written for their good runs. */
const clean = perProcess((s) => {
  const cache = new LRUCache<string, true>({ max: 20_000, ttl: CLEAN_MS });
  s.bus.subscribe((message) => {
    if (message.type === 'agent') cache.delete(message.agentId);
  });
  return cache;
});

interface FailedRow {
  name: string;
  entity: string;
  entityId: string;
  failures: number;
  pausedNow: boolean;
}
/** The pause is the server's only where the entity wants it and nobody has paused the agent already. */
const FAILED = `
WITH before AS (
  SELECT a.id, a.paused_at IS NULL AND e.pause_sick_agents AND a.failures_in_row + 1 >= $3 AS pause, e.name AS entity
  FROM agents a JOIN entities e ON e.id = a.entity_id WHERE a.id = $1 FOR NO KEY UPDATE OF a
)
UPDATE agents a SET failures_in_row = failures_in_row + 1, last_failure = left($2, 1000),
  paused_at = CASE WHEN before.pause THEN now() ELSE a.paused_at END,
  pause_note = CASE WHEN before.pause THEN $4 ELSE a.pause_note END,
  paused_by = CASE WHEN before.pause THEN NULL ELSE a.paused_by END,
  paused_until = CASE WHEN before.pause THEN NULL ELSE a.paused_until END
FROM before WHERE a.id = before.id
RETURNING a.name, before.entity, a.entity_id AS "entityId", a.failures_in_row AS failures, before.pause AS "pausedNow"`;

/**
 * Keeps the account of failures in a row by which an agent is known to be sick, and pauses it where the entity wants that. Beside the
 * reports, after their commit: a crash in between loses a count, never a run.
 */
export async function noteOutcomes(s: Services, outcomes: readonly AgentOutcome[]): Promise<void> {
  for (const outcome of outcomes) {
    if (outcome.kind === 'began') await began(s, outcome.agentId);
    else if (isSuspicious(outcome.failure)) await failed(s, outcome.agentId, outcome.failure.message);
  }
}

async function began(s: Services, agentId: string): Promise<void> {
  if (clean(s).has(agentId)) return;
  clean(s).set(agentId, true);
  const { rows } = await s.pool.query<{ entity: string }>(
    `UPDATE agents a SET failures_in_row = 0 FROM entities e
     WHERE a.id = $1 AND a.failures_in_row > 0 AND e.id = a.entity_id RETURNING e.name AS entity`,
    [agentId],
  );
  for (const { entity } of rows) s.bus.publish({ type: 'agent', entity, agentId });
}

async function failed(s: Services, agentId: string, message: string): Promise<void> {
  clean(s).delete(agentId);
  const note = `${SICK_AFTER_FAILURES} runs in a row failed before their program ran. The last one: ${message}`;
  const row = await withTransaction(s.pool, async (client) => {
    const { rows } = await client.query<FailedRow>(FAILED, [
      agentId,
      message,
      SICK_AFTER_FAILURES,
      note.slice(0, 500),
    ]);
    const [agent] = rows;
    if (agent?.pausedNow) {
      await audit(
        client,
        { kind: 'system' },
        {
          entityId: agent.entityId,
          action: 'agent.pause',
          target: agent.name,
          data: { agentId, failures: agent.failures },
        },
      );
    }
    return agent;
  });
  if (row === undefined) return;
  s.bus.publish({ type: 'agent', entity: row.entity, agentId });
  if (row.pausedNow) s.bus.publish({ type: 'nudge', agentId });
}

/** Lets go on the agents whose pause was for a time that is over. A task of one worker; returns how many. */
export async function resumeRestedAgents(s: Services): Promise<number> {
  const { rows } = await s.pool.query<{ id: string; entity: string }>(
    `UPDATE agents a SET paused_at = NULL, pause_note = NULL, paused_by = NULL, paused_until = NULL, failures_in_row = 0
     FROM entities e WHERE a.paused_until <= now() AND e.id = a.entity_id RETURNING a.id, e.name AS entity`,
  );
  for (const { id, entity } of rows)
    s.bus.publish({ type: 'agent', entity, agentId: id }, { type: 'nudge', agentId: id });
  return rows.length;
}

/** What an entity wants of its agents. */
export async function getAgentSettings(
  s: Services,
  actor: Actor,
  input: { entity: string },
): Promise<AgentSettings> {
  const entity = await requireEntity(s, actor, input.entity, 'viewer');
  const row = await s.prisma.entity.findUniqueOrThrow({ where: { id: entity.id } });
  return { pauseSick: row.pauseSickAgents };
}

/** Admins only. */
export async function putAgentSettings(
  s: Services,
  actor: Actor,
  input: { entity: string } & AgentSettings,
): Promise<AgentSettings> {
  const entity = await requireEntity(s, actor, input.entity, 'admin');
  const { pauseSick } = input;
  await s.prisma.$transaction(async (tx) => {
    await tx.entity.update({ where: { id: entity.id }, data: { pauseSickAgents: pauseSick } });
    await audit(tx, actor, {
      entityId: entity.id,
      action: 'agent.settings',
      target: entity.name,
      data: { pauseSick },
    });
  });
  return { pauseSick };
}
