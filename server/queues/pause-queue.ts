import type { Queue } from '@/core/wire';
import { requireEntity } from '../access/require-entity';
import type { Actor } from '../access/actor';
import { audit } from '../audit';
import type { Services } from '../services';
import { readQueue } from './get-queue';
import type { QueueRef } from './get-queue';
import { authorOf } from './insert-version';
import { lockQueue } from './locked-queue';
import { WAKE_ALL } from './update-queue';

/** No run of the queue is leased from now on; those in flight go on. Pausing again changes the note. */
export async function pauseQueue(
  s: Services,
  actor: Actor,
  input: QueueRef & { note: string },
): Promise<Queue> {
  const entity = await requireEntity(s, actor, input.entity, 'admin');
  const queueId = await s.prisma.$transaction(async (tx) => {
    const queue = await lockQueue(tx, entity.id, input.queue);
    const pausedAt = queue.pausedAt ?? new Date();
    await tx.queue.update({
      where: { id: queue.id },
      data: { pausedAt, pausedBy: authorOf(actor).name, pauseNote: input.note },
    });
    await audit(tx, actor, {
      entityId: entity.id,
      action: 'queue.pause',
      target: queue.name,
      data: { note: input.note },
    });
    return queue.id;
  });
  s.bus.publish({ type: 'queue', entity: entity.name, queue: input.queue, queueId });
  return readQueue(s, entity, input.queue);
}

/** Runs of the queue are leased again; a queue that is not paused stays as it is. */
export async function resumeQueue(s: Services, actor: Actor, input: QueueRef): Promise<Queue> {
  const entity = await requireEntity(s, actor, input.entity, 'admin');
  const queueId = await s.prisma.$transaction(async (tx) => {
    const queue = await lockQueue(tx, entity.id, input.queue);
    if (queue.pausedAt === null) return null;
    await tx.queue.update({
      where: { id: queue.id },
      data: { pausedAt: null, pausedBy: null, pauseNote: null },
    });
    await audit(tx, actor, { entityId: entity.id, action: 'queue.resume', target: queue.name });
    return queue.id;
  });
  if (queueId !== null) {
    s.bus.publish(
      { type: 'queue', entity: entity.name, queue: input.queue, queueId },
      { type: 'work', queueId, count: WAKE_ALL },
    );
  }
  return readQueue(s, entity, input.queue);
}
