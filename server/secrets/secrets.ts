import { notFound } from '@/core/problems';
import type { SecretName } from '@/core/wire';
import { requireEntity } from '../access/require-entity';
import type { Actor } from '../access/actor';
import { audit } from '../audit';
import { findQueue } from '../queues/find-queue';
import type { Services } from '../services';
import { openBytes, sealBytes } from './seal';
import type { Sealed } from './seal';

interface SecretRef {
  entity: string;
  queue: string;
  name: string;
}
interface SealedRow {
  queue_id: string;
  name: string;
  key_id: string;
  nonce: Buffer<ArrayBuffer>;
  ciphertext: Buffer<ArrayBuffer>;
}

/** Binds a secret to its queue and name: a row copied elsewhere does not open. */
export const secretPlace = (queueId: string, name: string) => `slipway queue secret\0${queueId}\0${name}`;

/** Makes or replaces a secret of the queue; runs that are leased from now on get it. */
export async function putSecret(
  s: Services,
  actor: Actor,
  input: SecretRef & { value: string },
): Promise<SecretName> {
  const { name } = input;
  const entity = await requireEntity(s, actor, input.entity, 'admin');
  const queue = await findQueue(s, entity.id, input.queue);
  const sealed = sealBytes(s.config, new TextEncoder().encode(input.value), secretPlace(queue.id, name));
  const updatedBy = actor.kind === 'user' ? actor.name : 'system';
  const row = await s.prisma.$transaction(async (tx) => {
    const where = { queueId_name: { queueId: queue.id, name } };
    const known = await tx.secret.findUnique({ where, select: { name: true } });
    const after = await tx.secret.upsert({
      where,
      create: { queueId: queue.id, name, ...sealed, updatedBy },
      update: { ...sealed, updatedBy },
    });
    const action = known ? 'secret.update' : 'secret.create';
    await audit(tx, actor, { entityId: entity.id, action, target: `${queue.name}/${name}` });
    return after;
  });
  s.bus.publish({ type: 'queue', entity: entity.name, queue: queue.name, queueId: queue.id });
  return { name, updatedBy, updatedAt: row.updatedAt.toISOString() };
}

/** Names only: nobody can read a value back. */
export async function listSecrets(
  s: Services,
  actor: Actor,
  input: { entity: string; queue: string },
): Promise<SecretName[]> {
  const entity = await requireEntity(s, actor, input.entity, 'viewer');
  const queue = await findQueue(s, entity.id, input.queue);
  const rows = await s.prisma.secret.findMany({
    where: { queueId: queue.id },
    orderBy: { name: 'asc' },
    select: { name: true, updatedAt: true, updatedBy: true },
  });
  return rows.map(({ name, updatedAt, updatedBy }) => ({
    name,
    updatedAt: updatedAt.toISOString(),
    updatedBy,
  }));
}

/** Runs that are leased from now on do without it. */
export async function deleteSecret(s: Services, actor: Actor, input: SecretRef): Promise<void> {
  const entity = await requireEntity(s, actor, input.entity, 'admin');
  const queue = await findQueue(s, entity.id, input.queue);
  await s.prisma.$transaction(async (tx) => {
    const { count } = await tx.secret.deleteMany({ where: { queueId: queue.id, name: input.name } });
    if (count === 0) throw notFound('The secret');
    await audit(tx, actor, {
      entityId: entity.id,
      action: 'secret.delete',
      target: `${queue.name}/${input.name}`,
    });
  });
  s.bus.publish({ type: 'queue', entity: entity.name, queue: queue.name, queueId: queue.id });
}

/**
 * The secrets of several queues, opened, in one statement; queues without secrets are absent. For leases only. Throws when one cannot
 * be opened (changed, or its key is gone): a run without a secret it counts on must not start.
 */
export async function openSecretsOf(
  s: Services,
  queueIds: readonly string[],
): Promise<Map<string, Record<string, string>>> {
  const { rows } = await s.pool.query<SealedRow>(
    'SELECT queue_id, name, key_id, nonce, ciphertext FROM secrets WHERE queue_id = ANY ($1::uuid[]) ORDER BY queue_id, name',
    [queueIds],
  );
  const byQueue = new Map<string, Record<string, string>>();
  for (const row of rows) {
    const secrets = byQueue.get(row.queue_id) ?? {};
    secrets[row.name] = new TextDecoder().decode(openRow(s, row));
    byQueue.set(row.queue_id, secrets);
  }
  return byQueue;
}

/** The secrets of one queue by name; see `openSecretsOf`. */
export async function openSecrets(s: Services, queueId: string): Promise<Record<string, string>> {
  return (await openSecretsOf(s, [queueId])).get(queueId) ?? {};
}

function openRow(s: Services, row: SealedRow): Uint8Array {
  const sealed: Sealed = { keyId: row.key_id, nonce: row.nonce, ciphertext: row.ciphertext };
  try {
    return openBytes(s.config, sealed, secretPlace(row.queue_id, row.name));
  } catch (cause) {
    throw new Error(`The secret ${row.name} of queue ${row.queue_id} cannot be opened.`, { cause });
  }
}

const ROTATE_BATCH = 200;

/**
 * Encrypts again what an older key of the list encrypted, so that the key can be taken off the list afterwards. Safe to run at any time
 * and to break off: a secret that is replaced meanwhile is left as it is.
 */
export async function rotateSecrets(s: Services): Promise<{ rotated: number }> {
  const newest = s.config.SLIPWAY_SECRET_KEYS[0]?.id ?? '';
  let rotated = 0;
  for (let after = { queueId: '00000000-0000-0000-0000-000000000000', name: '' }; ;) {
    const { rows } = await s.pool.query<SealedRow>(
      `SELECT queue_id, name, key_id, nonce, ciphertext FROM secrets
       WHERE key_id <> $1 AND (queue_id, name) > ($2::uuid, $3) ORDER BY queue_id, name LIMIT $4`,
      [newest, after.queueId, after.name, ROTATE_BATCH],
    );
    for (const row of rows) {
      const sealed = sealBytes(s.config, openRow(s, row), secretPlace(row.queue_id, row.name));
      const { rowCount } = await s.pool.query(
        'UPDATE secrets SET key_id = $3, nonce = $4, ciphertext = $5 WHERE queue_id = $1 AND name = $2 AND nonce = $6',
        [row.queue_id, row.name, sealed.keyId, sealed.nonce, sealed.ciphertext, row.nonce],
      );
      rotated += rowCount ?? 0;
    }
    const last = rows.at(-1);
    if (!last || rows.length < ROTATE_BATCH) return { rotated };
    after = { queueId: last.queue_id, name: last.name };
  }
}
