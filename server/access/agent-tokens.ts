import { randomUUID } from 'node:crypto';
import { notFound, refused } from '@/core/problems';
import type { AgentToken, CreateAgentToken } from '@/core/wire';
import { audit } from '../audit';
import { awaySeconds } from '../runs/away';
import type { Services } from '../services';
import type { Actor } from './actor';
import { requireEntity } from './require-entity';
import { auditRotation, replace } from './rotate';
import { AGENT_TOKEN_PREFIX, expiryIn, newToken } from './tokens';

interface Row {
  id: string;
  name: string;
  prefix: string;
  queues: string[];
  created_by: string | null;
  created_at: Date;
  expires_at: Date | null;
  last_used_at: Date | null;
  last_used_host: string | null;
  replaced: boolean;
  agents: AgentToken['agents'];
}

/** $1 entity, $2 seconds without heartbeat, $3 one token or null for all. A deleted queue stays named: an empty list would mean "all". */
const SELECT_TOKENS = `
  SELECT t.id, t.name, t.prefix, t.replaced_by_id IS NOT NULL AS replaced, t.created_at, t.expires_at, t.last_used_at, u.name AS created_by,
    ARRAY(SELECT q.name || CASE WHEN q.deleted_at IS NULL THEN '' ELSE ' (deleted)' END
          FROM queues q WHERE q.id = ANY (t.queue_ids) ORDER BY q.name) AS queues,
    coalesce((SELECT a.hostname FROM agents a WHERE a.token_id = t.id ORDER BY a.last_heartbeat_at DESC LIMIT 1),
             t.last_used_host) AS last_used_host,
    coalesce((SELECT json_agg(json_build_object('id', a.id, 'name', a.name, 'online',
                a.gone_at IS NULL AND a.last_heartbeat_at > now() - make_interval(secs => $2)) ORDER BY a.name, a.id)
              FROM agents a WHERE a.token_id = t.id), '[]') AS agents
  FROM agent_tokens t LEFT JOIN users u ON u.id = t.created_by_id
  WHERE t.entity_id = $1 AND t.revoked_at IS NULL AND ($3::text IS NULL OR t.id::text = $3)
  ORDER BY t.created_at DESC, t.id DESC`;

async function selectTokens(s: Services, entityId: string, id: string | null): Promise<AgentToken[]> {
  const { rows } = await s.pool.query<Row>(SELECT_TOKENS, [entityId, awaySeconds(s.config), id]);
  return rows.map((row) => ({
    id: row.id,
    name: row.name,
    prefix: row.prefix,
    queues: row.queues,
    createdBy: row.created_by ?? 'unknown',
    createdAt: row.created_at.toISOString(),
    expiresAt: row.expires_at?.toISOString() ?? null,
    lastUsedAt: row.last_used_at?.toISOString() ?? null,
    lastUsedHost: row.last_used_host,
    replaced: row.replaced,
    agents: row.agents,
  }));
}

/** The tokens of the entity that have not been revoked, the newest first, each with the agents that use it. */
export async function listAgentTokens(
  s: Services,
  actor: Actor,
  input: { entity: string },
): Promise<AgentToken[]> {
  const entity = await requireEntity(s, actor, input.entity, 'viewer');
  return selectTokens(s, entity.id, null);
}

/** A token for agents of the entity, for some of its queues or all; `token` is in this answer only. */
export async function createAgentToken(
  s: Services,
  actor: Actor,
  input: { entity: string } & CreateAgentToken,
): Promise<AgentToken & { token: string }> {
  const entity = await requireEntity(s, actor, input.entity, 'admin');
  const names = [...new Set(input.queues)];
  const queues = await s.prisma.queue.findMany({
    where: { entityId: entity.id, deletedAt: null, name: { in: names } },
    select: { id: true, name: true },
  });
  const known = new Set(queues.map(({ name }) => name));
  const errors = input.queues.flatMap((name, i) =>
    known.has(name) ? [] : [{ path: `queues.${i}`, message: `${entity.name} has no queue ${name}` }],
  );
  if (errors.length > 0) throw refused('The token names queues that do not exist.', errors);

  const { token, prefix, hash } = newToken(AGENT_TOKEN_PREFIX);
  const id = await s.prisma.$transaction(async (tx) => {
    const row = await tx.agentToken.create({
      data: {
        entityId: entity.id,
        name: input.name,
        prefix,
        hash,
        queueIds: queues.map((queue) => queue.id),
        expiresAt: expiryIn(input.expiresInDays),
        createdById: actor.kind === 'user' ? actor.userId : null,
      },
    });
    const data = { prefix, queues: names, expiresInDays: input.expiresInDays };
    await audit(tx, actor, { entityId: entity.id, action: 'agent-token.create', target: input.name, data });
    return row.id;
  });
  const [created] = await selectTokens(s, entity.id, id);
  if (!created) throw notFound('The agent token');
  return { ...created, token };
}

/** A new token for the same queues and as long a life; the old one goes on for a day. `token` is in this answer only. */
export async function rotateAgentToken(
  s: Services,
  actor: Actor,
  input: { entity: string; id: string },
): Promise<AgentToken & { token: string }> {
  const entity = await requireEntity(s, actor, input.entity, 'admin');
  const { token, prefix, hash } = newToken(AGENT_TOKEN_PREFIX);
  const id = randomUUID();
  await s.prisma.$transaction(async (tx) => {
    const old = await replace(tx, { table: 'agent_tokens', entityId: entity.id }, input.id, id);
    await tx.$executeRaw`
      INSERT INTO agent_tokens (id, entity_id, name, prefix, hash, queue_ids, expires_at, created_by_id)
      SELECT ${id}::uuid, entity_id, name, ${prefix}, ${hash}, queue_ids, ${expiryIn(old.days)}::timestamptz, ${actor.kind === 'user' ? actor.userId : null}::uuid
      FROM agent_tokens WHERE id::text = ${input.id}`;
    await auditRotation(tx, actor, { entityId: entity.id, action: 'agent-token.rotate' }, old, prefix);
  });
  s.bus.publish({ type: 'credentials' });
  const [created] = await selectTokens(s, entity.id, id);
  if (!created) throw notFound('The agent token');
  return { ...created, token };
}

/** The token stops working at once: the next call of each agent that uses it is refused. */
export async function revokeAgentToken(
  s: Services,
  actor: Actor,
  input: { entity: string; id: string },
): Promise<void> {
  const entity = await requireEntity(s, actor, input.entity, 'admin');
  await s.prisma.$transaction(async (tx) => {
    const rows = await tx.$queryRaw<{ name: string; prefix: string }[]>`
      UPDATE agent_tokens SET revoked_at = now() WHERE id::text = ${input.id} AND entity_id = ${entity.id}::uuid AND revoked_at IS NULL
      RETURNING name, prefix`;
    const token = rows[0];
    if (!token) throw notFound('The agent token');
    await audit(tx, actor, {
      entityId: entity.id,
      action: 'agent-token.revoke',
      target: token.name,
      data: { prefix: token.prefix },
    });
  });
  s.bus.publish({ type: 'credentials' });
}
