import { randomUUID } from 'node:crypto';
import { notFound } from '@/core/problems';
import type { ApiKey } from '@/core/wire';
import { audit } from '../audit';
import type { ApiKey as ApiKeyRow } from '../db/generated/client';
import type { Services } from '../services';
import type { Actor } from './actor';
import { requireUser } from './require-entity';
import { auditRotation, replace } from './rotate';
import { API_KEY_PREFIX, expiryIn, newToken } from './tokens';

/** The user's own keys that have not been revoked, the newest first; expired ones are shown. */
export async function listApiKeys(s: Services, actor: Actor): Promise<ApiKey[]> {
  const { userId } = requireUser(actor);
  const rows = await s.prisma.apiKey.findMany({
    where: { userId, revokedAt: null },
    orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
  });
  return rows.map(toApiKey);
}

/** A key that acts as its user; `key` is in this answer only. */
export async function createApiKey(
  s: Services,
  actor: Actor,
  input: { name: string; expiresInDays: number | null },
): Promise<ApiKey & { key: string }> {
  const { userId } = requireUser(actor);
  const { token, prefix, hash } = newToken(API_KEY_PREFIX);
  const row = await s.prisma.$transaction(async (tx) => {
    const key = await tx.apiKey.create({
      data: { userId, name: input.name, prefix, hash, expiresAt: expiryIn(input.expiresInDays) },
    });
    await audit(tx, actor, {
      entityId: null,
      action: 'api-key.create',
      target: input.name,
      data: { prefix },
    });
    return key;
  });
  return { ...toApiKey(row), key: token };
}

/** A new key of the same name and as long a life; the old one goes on for a day. `key` is in this answer only. */
export async function rotateApiKey(
  s: Services,
  actor: Actor,
  input: { id: string },
): Promise<ApiKey & { key: string }> {
  const { userId } = requireUser(actor);
  const { token, prefix, hash } = newToken(API_KEY_PREFIX);
  const id = randomUUID();
  const row = await s.prisma.$transaction(async (tx) => {
    const old = await replace(tx, { table: 'api_keys', userId }, input.id, id);
    const made = await tx.apiKey.create({
      data: { id, userId, name: old.name, prefix, hash, expiresAt: expiryIn(old.days) },
    });
    await auditRotation(tx, actor, { entityId: null, action: 'api-key.rotate' }, old, prefix);
    return made;
  });
  s.bus.publish({ type: 'credentials' });
  return { ...toApiKey(row), key: token };
}

/** The key stops working at once. */
export async function revokeApiKey(s: Services, actor: Actor, { id }: { id: string }): Promise<void> {
  const { userId } = requireUser(actor);
  await s.prisma.$transaction(async (tx) => {
    const rows = await tx.$queryRaw<{ name: string; prefix: string }[]>`
      UPDATE api_keys SET revoked_at = now() WHERE id::text = ${id} AND user_id = ${userId}::uuid AND revoked_at IS NULL
      RETURNING name, prefix`;
    const key = rows[0];
    if (!key) throw notFound('The API key');
    await audit(tx, actor, {
      entityId: null,
      action: 'api-key.revoke',
      target: key.name,
      data: { prefix: key.prefix },
    });
  });
  s.bus.publish({ type: 'credentials' });
}

const toApiKey = (row: ApiKeyRow): ApiKey => ({
  id: row.id,
  name: row.name,
  prefix: row.prefix,
  createdAt: row.createdAt.toISOString(),
  expiresAt: row.expiresAt?.toISOString() ?? null,
  lastUsedAt: row.lastUsedAt?.toISOString() ?? null,
  lastUsedHost: row.lastUsedHost,
  replaced: row.replacedById !== null,
});
