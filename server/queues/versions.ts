import { ProblemError, notFound } from '@/core/problems';
import { checkConfig } from '@/core/templates';
import type {
  ConfigFormat,
  Page,
  PageQuery,
  Queue,
  QueueVersion,
  ResourceId,
  TemplateVariables,
} from '@/core/wire';
import { requireEntity } from '../access/require-entity';
import type { Actor } from '../access/actor';
import type { QueueConfigVersion } from '../db/generated/client';
import type { Services } from '../services';
import { findQueue } from './find-queue';
import type { FoundQueue } from './find-queue';
import type { QueueRef } from './get-queue';
import { applyUpdate } from './update-queue';

/** The saved versions, the newest first. One that today's rules would refuse is listed with its errors. */
export async function listVersions(
  s: Services,
  actor: Actor,
  input: QueueRef & Partial<PageQuery>,
): Promise<Page<QueueVersion>> {
  const entity = await requireEntity(s, actor, input.entity, 'viewer');
  const queue = await findQueue(s, entity.id, input.queue);
  const limit = input.limit ?? 50;
  if (input.cursor !== undefined && !/^\d{1,9}$/.test(input.cursor)) {
    throw new ProblemError('unreadable', 'cursor is not one that this list gave.');
  }
  const rows = await s.prisma.queueConfigVersion.findMany({
    where: {
      queueId: queue.id,
      ...(input.cursor === undefined ? {} : { version: { lt: Number(input.cursor) } }),
    },
    orderBy: { version: 'desc' },
    take: limit + 1,
  });
  const shown = rows.slice(0, limit);
  const items = await toVersions(s, queue, shown);
  return { items, nextCursor: rows.length > limit ? String(shown.at(-1)?.version) : null };
}

export async function getVersion(
  s: Services,
  actor: Actor,
  input: QueueRef & { version: number },
): Promise<QueueVersion> {
  const entity = await requireEntity(s, actor, input.entity, 'viewer');
  const queue = await findQueue(s, entity.id, input.queue);
  const row = await s.prisma.queueConfigVersion.findUnique({
    where: { queueId_version: { queueId: queue.id, version: input.version } },
  });
  const [version] = row ? await toVersions(s, queue, [row]) : [];
  if (!version) throw noVersion(input.version);
  return version;
}

/** Saves text and tiles of an old version again, as a new one; restoring what is current changes nothing. */
export async function restoreVersion(
  s: Services,
  actor: Actor,
  input: QueueRef & { version: number; note?: string | undefined },
): Promise<Queue> {
  const entity = await requireEntity(s, actor, input.entity, 'admin');
  return applyUpdate(s, actor, entity, input.queue, async (tx, queue) => {
    const old = await tx.queueConfigVersion.findUnique({
      where: { queueId_version: { queueId: queue.id, version: input.version } },
    });
    if (!old) throw noVersion(input.version);
    return {
      config: { format: old.format as ConfigFormat, source: old.source },
      templates: old.templates as TemplateVariables,
      note: input.note ?? `Restored from version ${input.version}`,
    };
  });
}

async function toVersions(
  s: Services,
  queue: FoundQueue,
  rows: QueueConfigVersion[],
): Promise<QueueVersion[]> {
  const counted = await s.pool.query<{ version: number; runs: number }>(
    `SELECT queue_version AS version, count(*) AS runs FROM runs WHERE queue_id = $1 AND queue_version = ANY ($2::int[]) GROUP BY 1`,
    [queue.id, rows.map(({ version }) => version)],
  );
  const runs = new Map(counted.rows.map((row) => [row.version, row.runs]));
  return rows.map((row) => toVersion(queue.resource, row, runs.get(row.version) ?? 0));
}

function toVersion(resource: ResourceId, row: QueueConfigVersion, runs: number): QueueVersion {
  const { version, author, note, source } = row;
  const format = row.format as ConfigFormat;
  const templates = row.templates as TemplateVariables;
  return {
    version,
    author,
    note,
    runs,
    createdAt: row.createdAt.toISOString(),
    config: { format, source },
    templates,
    problems: checkConfig({ resource, format, source, templates }).problems,
  };
}

const noVersion = (version: number) => notFound(`Version ${version} of this queue`);
