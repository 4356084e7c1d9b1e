import type { AuditEvent, Json, Page, PageQuery } from '@/core/wire';
import { ProblemError } from '@/core/problems';
import { requireEntity } from '../access/require-entity';
import type { Actor } from '../access/actor';
import type { Services } from '../services';

export interface AuditFilter {
  entity: string;
  /** `queue.update`, or `queue` for every action on queues. */
  action?: string | undefined;
  /** Part of the name of the actor (the e-mail of a user), in any case. */
  actor?: string | undefined;
  /** Part of the name of the target, in any case. */
  target?: string | undefined;
  /** RFC 3339; from this moment on. */
  from?: string | undefined;
  /** RFC 3339; before this moment. */
  to?: string | undefined;
}
export type ListAudit = AuditFilter & Partial<PageQuery>;

interface Row {
  id: string | number;
  at: Date;
  actor_kind: string;
  actor_name: string;
  action: string;
  target: string;
  data: Json;
}

const SELECT = `
SELECT id, at, actor_kind, actor_name, action, target, data FROM audit_events
WHERE entity_id = $1 AND ($2::bigint IS NULL OR id < $2)
  AND ($3::text IS NULL OR action = $3 OR starts_with(action, $3 || '.'))
  AND ($4::text IS NULL OR strpos(lower(actor_name), lower($4)) > 0) AND ($5::text IS NULL OR strpos(lower(target), lower($5)) > 0)
  AND ($6::timestamptz IS NULL OR at >= $6) AND ($7::timestamptz IS NULL OR at < $7)
ORDER BY id DESC LIMIT $8`;

async function select(
  s: Services,
  entityId: string,
  filter: AuditFilter,
  before: string | null,
  limit: number,
): Promise<AuditEvent[]> {
  const { action, actor, target, from, to } = filter;
  const { rows } = await s.pool.query<Row>(SELECT, [
    entityId,
    before,
    action ?? null,
    actor ?? null,
    target ?? null,
    from ?? null,
    to ?? null,
    limit,
  ]);
  return rows.map((row) => ({
    id: String(row.id),
    at: row.at.toISOString(),
    actorKind: row.actor_kind,
    actor: row.actor_name,
    action: row.action,
    target: row.target,
    data: row.data,
  }));
}

/** The newest first. Only for admins of the entity: it shows who did what. */
export async function listAudit(s: Services, actor: Actor, input: ListAudit): Promise<Page<AuditEvent>> {
  const entity = await requireEntity(s, actor, input.entity, 'admin');
  const limit = input.limit ?? 50;
  if (input.cursor !== undefined && !/^\d{1,15}$/.test(input.cursor)) {
    throw new ProblemError('unreadable', 'cursor is not one that this list gave.');
  }
  const events = await select(s, entity.id, input, input.cursor ?? null, limit + 1);
  const items = events.slice(0, limit);
  return { items, nextCursor: events.length > limit ? (items.at(-1)?.id ?? null) : null };
}

/** Rows that are in memory at a time. */
const BATCH = 1_000;

/** The whole of the log that the filter leaves, as a stream of text: as long as it is, a batch at a time is in memory. Admins only. */
export async function exportAudit(
  s: Services,
  actor: Actor,
  input: AuditFilter & { format: 'csv' | 'ndjson' },
): Promise<ReadableStream<Uint8Array>> {
  const entity = await requireEntity(s, actor, input.entity, 'admin');
  const encoder = new TextEncoder();
  const line = input.format === 'csv' ? csvLine : jsonLine;
  let before: string | null = null;
  return new ReadableStream(
    {
      start: (controller) => {
        if (input.format === 'csv') controller.enqueue(encoder.encode(CSV_HEAD));
      },
      pull: async (controller) => {
        const events = await select(s, entity.id, input, before, BATCH);
        if (events.length > 0) controller.enqueue(encoder.encode(events.map(line).join('')));
        before = events.at(-1)?.id ?? null;
        if (events.length < BATCH) controller.close();
      },
    },
    { highWaterMark: 1 },
  );
}

const CSV_HEAD = 'time,actor_kind,actor,action,target,data\r\n';
const csvLine = ({ at, actorKind, actor, action, target, data }: AuditEvent): string =>
  `${[at, actorKind, actor, action, target, data === null ? '' : JSON.stringify(data)].map(csvCell).join(',')}\r\n`;
const jsonLine = (event: AuditEvent): string => `${JSON.stringify(event)}\n`;

/**
 * RFC 4180. A cell that a spreadsheet would run as a formula is made text by an apostrophe: names of queues and tokens are chosen by
 * people, and admins open this file.
 */
export function csvCell(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
