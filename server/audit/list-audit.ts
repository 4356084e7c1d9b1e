import type { AuditEvent, Json, Page, PageQuery } from '@/core/wire';
import { ProblemError } from '@/core/problems';
import { requireEntity } from '../access/require-entity';
import type { Actor } from '../access/actor';
import type { Services } from '../services';

export interface ListAudit extends Partial<PageQuery> {
  entity: string;
  /** `queue.update`, or `queue` for every action on queues. */
  action?: string | undefined;
  /** Name of the actor (the e-mail of a user). */
  actor?: string | undefined;
}

interface Row {
  id: number;
  at: Date;
  actor_kind: string;
  actor_name: string;
  action: string;
  target: string;
  data: Json;
}

/** The newest first. Only for admins of the entity: it shows who did what. */
export async function listAudit(s: Services, actor: Actor, input: ListAudit): Promise<Page<AuditEvent>> {
  const entity = await requireEntity(s, actor, input.entity, 'admin');
  const limit = input.limit ?? 50;
  if (input.cursor !== undefined && !/^\d{1,15}$/.test(input.cursor)) {
    throw new ProblemError('unreadable', 'cursor is not one that this list gave.');
  }
  const { rows } = await s.pool.query<Row>(
    `SELECT id, at, actor_kind, actor_name, action, target, data FROM audit_events
     WHERE entity_id = $1 AND ($2::bigint IS NULL OR id < $2)
       AND ($3::text IS NULL OR action = $3 OR starts_with(action, $3 || '.')) AND ($4::text IS NULL OR actor_name = $4)
     ORDER BY id DESC LIMIT $5`,
    [entity.id, input.cursor ?? null, input.action ?? null, input.actor ?? null, limit + 1],
  );
  const items = rows.slice(0, limit).map((row) => ({
    id: String(row.id),
    at: row.at.toISOString(),
    actorKind: row.actor_kind,
    actor: row.actor_name,
    action: row.action,
    target: row.target,
    data: row.data,
  }));
  return { items, nextCursor: rows.length > limit ? (items.at(-1)?.id ?? null) : null };
}
