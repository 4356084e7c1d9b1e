import { ProblemError } from '@/core/problems';
import type { CreateQueue, Queue } from '@/core/wire';
import { isUniqueViolation } from '../access/new-user';
import { requireEntity } from '../access/require-entity';
import type { Actor } from '../access/actor';
import { audit } from '../audit';
import type { Services } from '../services';
import { checkConfigSave, checkSettings } from './check-save';
import { readQueue } from './get-queue';
import { asJson, authorOf, insertVersion } from './insert-version';

/** A queue with version 1 of its configuration. Errors in it: 422, all at once. Name taken: 409. */
export async function createQueue(
  s: Services,
  actor: Actor,
  input: { entity: string } & CreateQueue,
): Promise<Queue> {
  const entity = await requireEntity(s, actor, input.entity, 'admin');
  checkSettings(input);
  const { tree } = checkConfigSave(input.resource, input.config, input.templates);
  try {
    const queueId = await s.prisma.$transaction(async (tx) => {
      const queue = await tx.queue.create({
        data: {
          entityId: entity.id,
          name: input.name,
          resource: input.resource,
          prioritized: input.prioritized,
          description: input.description,
          maxInFlight: input.maxInFlight,
          retryPolicy: asJson(input.retryPolicy),
          overrideAllow: input.overrideAllow,
          startTimeoutSeconds: input.startTimeoutSeconds,
          stopGraceSeconds: input.stopGraceSeconds,
          createdById: authorOf(actor).id,
        },
        select: { id: true },
      });
      const { config, templates, note } = input;
      await insertVersion(tx, actor, { queueId: queue.id, version: 1, config, templates, tree, note });
      const data = { resource: input.resource, prioritized: input.prioritized, version: 1 };
      await audit(tx, actor, { entityId: entity.id, action: 'queue.create', target: input.name, data });
      return queue.id;
    });
    s.bus.publish({ type: 'queue', entity: entity.name, queue: input.name, queueId });
    await tellAgents(s, entity, input.name);
  } catch (error) {
    if (!isUniqueViolation(error)) throw error;
    throw new ProblemError('conflict', `${entity.name} has a queue named ${input.name} already.`, {
      code: 'name-taken',
      errors: [{ path: 'name', message: 'is taken' }],
    });
  }
  return readQueue(s, entity, input.name);
}

/** Agents that were there before the queue they name: they wait in line again, at once and not after their long poll, now for it too. */
async function tellAgents(s: Services, entity: { id: string; name: string }, queue: string): Promise<void> {
  const { rows } = await s.pool.query<{ id: string }>(
    'SELECT id FROM agents WHERE entity_id = $1 AND gone_at IS NULL AND $2 = ANY (queue_names)',
    [entity.id, queue],
  );
  for (const { id } of rows)
    s.bus.publish({ type: 'agent', entity: entity.name, agentId: id }, { type: 'nudge', agentId: id });
}
