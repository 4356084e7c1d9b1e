import type { Prisma, Queue as QueueRow } from '../db/generated/client';
import { noQueue } from './find-queue';

/**
 * The queue, locked until the transaction ends: changes of one queue go one after another. `update` lets launches go on meanwhile
 * (their foreign keys need only a weaker lock); `delete` holds them up, so that none slips in behind the deletion.
 */
export async function lockQueue(
  tx: Prisma.TransactionClient,
  entityId: string,
  name: string,
  purpose: 'update' | 'delete' = 'update',
): Promise<QueueRow> {
  const rows =
    purpose === 'delete'
      ? await tx.$queryRaw<{ id: string }[]>`
          SELECT id FROM queues WHERE entity_id = ${entityId}::uuid AND name = ${name} AND deleted_at IS NULL FOR UPDATE`
      : await tx.$queryRaw<{ id: string }[]>`
          SELECT id FROM queues WHERE entity_id = ${entityId}::uuid AND name = ${name} AND deleted_at IS NULL FOR NO KEY UPDATE`;
  const id = rows[0]?.id;
  if (id === undefined) throw noQueue(name);
  return tx.queue.findUniqueOrThrow({ where: { id } });
}
