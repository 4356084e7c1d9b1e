import type { ConfigTree } from '@/core/templates';
import type { ConfigSource, TemplateVariables } from '@/core/wire';
import type { Actor } from '../access/actor';
import type { Prisma } from '../db/generated/client';

export interface NewVersion {
  queueId: string;
  version: number;
  config: ConfigSource;
  templates: TemplateVariables;
  tree: ConfigTree;
  note: string;
}

/** Who is shown as the author of a change. */
export const authorOf = (actor: Actor): { id: string | null; name: string } =>
  actor.kind === 'user' ? { id: actor.userId, name: actor.name } : { id: null, name: 'system' };

/** A document of ours for a Json column: plain JSON, which Prisma's own type cannot see of an interface. */
export const asJson = (value: object): Prisma.InputJsonValue => value;

/** One more row in the history of a queue's configuration; rows are never changed. */
export async function insertVersion(
  tx: Prisma.TransactionClient,
  actor: Actor,
  next: NewVersion,
): Promise<void> {
  const author = authorOf(actor);
  await tx.queueConfigVersion.create({
    data: {
      queueId: next.queueId,
      version: next.version,
      format: next.config.format,
      source: next.config.source,
      tree: asJson(next.tree),
      templates: asJson(next.templates),
      note: next.note,
      authorId: author.id,
      author: author.name,
    },
  });
}
