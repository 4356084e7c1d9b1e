import { isDeepStrictEqual } from 'node:util';
import { ProblemError } from '@/core/problems';
import type {
  ConfigFormat,
  ConfigSource,
  JsonObject,
  Queue,
  ResourceId,
  TemplateVariables,
  UpdateQueue,
} from '@/core/wire';
import { requireEntity } from '../access/require-entity';
import type { EntityAccess } from '../access/require-entity';
import type { Actor } from '../access/actor';
import { audit } from '../audit';
import type { Prisma, Queue as QueueRow } from '../db/generated/client';
import type { BusMessage } from '../events/bus';
import type { Services } from '../services';
import { checkConfigSave, checkSettings } from './check-save';
import { readQueue } from './get-queue';
import type { QueueRef } from './get-queue';
import { asJson, insertVersion } from './insert-version';
import { lockQueue } from './locked-queue';

/** Settings that are compared and audited one by one. */
const SETTINGS = [
  'prioritized',
  'description',
  'maxInFlight',
  'retryPolicy',
  'overrideAllow',
  'startTimeoutSeconds',
  'stopGraceSeconds',
] as const;

/**
 * Changes settings of a queue; a changed text or tile makes a new version of the configuration, an unchanged one none. With
 * `baseVersion` the change is refused (409) when somebody has saved another version since.
 */
export async function updateQueue(s: Services, actor: Actor, input: QueueRef & UpdateQueue): Promise<Queue> {
  const entity = await requireEntity(s, actor, input.entity, 'admin');
  checkSettings(input);
  return applyUpdate(s, actor, entity, input.queue, () => Promise.resolve(input));
}

/** The change that `decide` names, made while the queue is locked. */
export async function applyUpdate(
  s: Services,
  actor: Actor,
  entity: EntityAccess,
  name: string,
  decide: (tx: Prisma.TransactionClient, queue: QueueRow) => Promise<UpdateQueue>,
): Promise<Queue> {
  const messages = await s.prisma.$transaction(async (tx) => {
    const queue = await lockQueue(tx, entity.id, name);
    const change = await decide(tx, queue);
    const version = await saveVersion(tx, actor, queue, change);
    const { data, changed } = settingsOf(queue, change);
    if (version === null && Object.keys(changed).length === 0) return [];
    if (version !== null) data.currentVersion = version;
    await tx.queue.update({ where: { id: queue.id }, data });
    const forgetsPriorities = queue.prioritized && change.prioritized === false;
    if (forgetsPriorities) await forgetPriorities(tx, queue.id);
    const auditData: JsonObject = { ...(version === null ? {} : { version }), ...changed };
    await audit(tx, actor, { entityId: entity.id, action: 'queue.update', target: name, data: auditData });
    return messagesOf(entity.name, queue, { forgetsPriorities, limitChanged: 'maxInFlight' in changed });
  });
  s.bus.publish(...messages);
  return readQueue(s, entity, name);
}

/** Saves text and tiles if they differ from the current version; gives the number of the new one, else null. */
async function saveVersion(
  tx: Prisma.TransactionClient,
  actor: Actor,
  queue: QueueRow,
  change: UpdateQueue,
): Promise<number | null> {
  const where = { queueId_version: { queueId: queue.id, version: queue.currentVersion } };
  const current = await tx.queueConfigVersion.findUniqueOrThrow({ where });
  if (change.baseVersion !== undefined && change.baseVersion !== queue.currentVersion) {
    throw new ProblemError(
      'conflict',
      `${current.author} has saved version ${queue.currentVersion} of this queue meanwhile; your change began with version ${change.baseVersion}.`,
      { code: 'version-conflict' },
    );
  }
  const config: ConfigSource = change.config ?? {
    format: current.format as ConfigFormat,
    source: current.source,
  };
  const templates = change.templates ?? (current.templates as TemplateVariables);
  const same =
    config.format === current.format &&
    config.source === current.source &&
    isDeepStrictEqual(plain(templates), plain(current.templates));
  if (same) return null;
  const { tree } = checkConfigSave(queue.resource as ResourceId, config, templates);
  const version = queue.currentVersion + 1;
  await insertVersion(tx, actor, {
    queueId: queue.id,
    version,
    config,
    templates,
    tree,
    note: change.note ?? '',
  });
  return version;
}

/** Without the `undefined` members and prototypes in which two equal documents may differ. */
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

/** What has to be written, and the new values of what really changes. */
function settingsOf(
  queue: QueueRow,
  change: UpdateQueue,
): { data: Prisma.QueueUpdateInput; changed: JsonObject } {
  const changed: JsonObject = {};
  for (const key of SETTINGS) {
    const value = change[key];
    if (value !== undefined && !isDeepStrictEqual(plain(value), plain(queue[key]))) changed[key] = value;
  }
  const { retryPolicy, ...rest } = change;
  const data: Prisma.QueueUpdateInput = {};
  if ('prioritized' in changed && rest.prioritized !== undefined) data.prioritized = rest.prioritized;
  if ('description' in changed && rest.description !== undefined) data.description = rest.description;
  if ('maxInFlight' in changed && rest.maxInFlight !== undefined) data.maxInFlight = rest.maxInFlight;
  if ('retryPolicy' in changed && retryPolicy !== undefined) data.retryPolicy = asJson(retryPolicy);
  if ('overrideAllow' in changed && rest.overrideAllow !== undefined) data.overrideAllow = rest.overrideAllow;
  if ('startTimeoutSeconds' in changed && rest.startTimeoutSeconds !== undefined)
    data.startTimeoutSeconds = rest.startTimeoutSeconds;
  if ('stopGraceSeconds' in changed && rest.stopGraceSeconds !== undefined)
    data.stopGraceSeconds = rest.stopGraceSeconds;
  return { data, changed };
}

/** A queue that loses its prioritization is first in, first out again: also for what is in it already. */
const forgetPriorities = (tx: Prisma.TransactionClient, queueId: string) => tx.$executeRaw`
  UPDATE runs SET priority = 2
  WHERE queue_id = ${queueId}::uuid AND state IN ('pending', 'leased', 'building', 'starting', 'running') AND priority <> 2`;

function messagesOf(
  entity: string,
  queue: QueueRow,
  what: { forgetsPriorities: boolean; limitChanged: boolean },
): BusMessage[] {
  const messages: BusMessage[] = [{ type: 'queue', entity, queue: queue.name, queueId: queue.id }];
  if (what.forgetsPriorities) messages.push({ type: 'requeued', queueId: queue.id });
  // A raised limit lets waiting runs go: as many agents may ask again as there are slots, which nobody counts here.
  if (what.limitChanged) messages.push({ type: 'work', queueId: queue.id, count: WAKE_ALL });
  return messages;
}

/** More than any number of waiting agents. */
export const WAKE_ALL = 1000;
