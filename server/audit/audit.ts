import type { Pool, PoolClient } from 'pg';
import type { JsonObject } from '@/core/wire';
import type { Actor } from '../access/actor';
import type { Prisma, PrismaClient } from '../db/generated/client';

/** A transaction (Prisma's or pg's): the row belongs to the change it tells of. A client or pool where there is no change beside it. */
export type AuditWriter = Prisma.TransactionClient | PrismaClient | PoolClient | Pool;

export interface AuditEntry {
  /** Null: of the instance (users), readable by instance admins. */
  entityId: string | null;
  /** `noun.verb`, for example `queue.update`. */
  action: string;
  /** What it was done to, by the name people know it by. */
  target: string;
  /** What was changed; never a secret, a token or a password. */
  data?: JsonObject;
}

/** Names of actors in the audit log: users by e-mail, since display names are not unique. */
function auditActor(actor: Actor): { kind: Actor['kind']; id: string | null; name: string } {
  switch (actor.kind) {
    case 'user':
      return { kind: 'user', id: actor.userId, name: actor.email };
    case 'agent':
      return { kind: 'agent', id: actor.tokenId, name: actor.tokenName };
    case 'system':
      return { kind: 'system', id: null, name: 'system' };
  }
}

/** Writes one row of the audit log in the transaction of the change. */
export async function audit(
  tx: AuditWriter,
  actor: Actor,
  { entityId, action, target, data }: AuditEntry,
): Promise<void> {
  const { kind, id, name } = auditActor(actor);
  const json = data === undefined ? null : JSON.stringify(data);
  if ('$executeRaw' in tx) {
    await tx.$executeRaw`
      INSERT INTO audit_events (entity_id, actor_kind, actor_id, actor_name, action, target, data)
      VALUES (${entityId}::uuid, ${kind}, ${id}, ${name}, ${action}, ${target}, ${json}::jsonb)`;
    return;
  }
  await tx.query(
    `INSERT INTO audit_events (entity_id, actor_kind, actor_id, actor_name, action, target, data)
     VALUES ($1, $2, $3, $4, $5, $6, $7)`,
    [entityId, kind, id, name, action, target, json],
  );
}
