import { ProblemError } from '@/core/problems';
import { queueCondition } from '@/core/run-state';
import { checkConfig } from '@/core/templates';
import type { ConfigFormat, Page, Queue, QueueListQuery, QueueSummary, TemplateVariables } from '@/core/wire';
import { retryPolicySchema } from '@/core/wire';
import { requireEntity } from '../access/require-entity';
import type { EntityAccess } from '../access/require-entity';
import type { Actor } from '../access/actor';
import type { Services } from '../services';
import { noQueue } from './find-queue';
import { selectSummaries } from './summaries';

export interface QueueRef {
  entity: string;
  queue: string;
}

interface DetailRow {
  format: ConfigFormat;
  source: string;
  templates: TemplateVariables;
  retry_policy: unknown;
  override_allow: string[];
  start_timeout_seconds: number;
  stop_grace_seconds: number | null;
  secrets: string[];
}

/** A queue with its current configuration and everything that is set for it. */
export async function getQueue(s: Services, actor: Actor, input: QueueRef): Promise<Queue> {
  return readQueue(s, await requireEntity(s, actor, input.entity, 'viewer'), input.queue);
}

/** As `getQueue`, for one who has been let in already. */
export async function readQueue(s: Services, entity: Pick<EntityAccess, 'id'>, name: string): Promise<Queue> {
  const [summary] = await selectSummaries(s, { entityId: entity.id, name, limit: 1 });
  if (!summary) throw noQueue(name);
  const { rows } = await s.pool.query<DetailRow>(
    `SELECT v.format, v.source, v.templates, q.retry_policy, q.override_allow, q.start_timeout_seconds, q.stop_grace_seconds,
            ARRAY(SELECT x.name FROM secrets x WHERE x.queue_id = q.id ORDER BY x.name) AS secrets
     FROM queues q JOIN queue_config_versions v ON v.queue_id = q.id AND v.version = $2 WHERE q.id = $1`,
    [summary.id, summary.version],
  );
  const row = rows[0];
  if (!row) throw noQueue(name);
  const { format, source, templates } = row;
  return {
    ...summary,
    config: { format, source },
    templates,
    problems: checkConfig({ resource: summary.resource, format, source, templates }).problems,
    retryPolicy: retryPolicySchema.parse(row.retry_policy),
    overrideAllow: row.override_allow,
    startTimeoutSeconds: row.start_timeout_seconds,
    stopGraceSeconds: row.stop_grace_seconds,
    secrets: row.secrets,
  };
}

/** Queues that are looked at in one go while those of a state are sought. */
const BATCH = 200;

/** The queues of an entity by name, perhaps only those with a text, of a resource or in a state. */
export async function listQueues(
  s: Services,
  actor: Actor,
  input: { entity: string } & Partial<QueueListQuery>,
): Promise<Page<QueueSummary>> {
  const entity = await requireEntity(s, actor, input.entity, 'viewer');
  const { state, resource, q: text, limit = 50 } = input;
  const found: QueueSummary[] = [];
  // The state of a queue is a rule of `core`, not of SQL: those that are in another one are passed over here.
  for (let after = afterName(input.cursor); ;) {
    const batch = state === undefined ? limit + 1 : BATCH;
    const rows = await selectSummaries(s, { entityId: entity.id, after, text, resource, limit: batch });
    found.push(...rows.filter((queue) => state === undefined || queueCondition(queue) === state));
    after = rows.at(-1)?.name;
    if (found.length > limit || rows.length < batch) break;
  }
  const items = found.slice(0, limit);
  const last = items.at(-1);
  return { items, nextCursor: found.length > limit && last ? cursorOf(last.name) : null };
}

const cursorOf = (name: string) => Buffer.from(name, 'utf8').toString('base64url');

function afterName(cursor: string | undefined): string | undefined {
  if (cursor === undefined) return undefined;
  const name = Buffer.from(cursor, 'base64url').toString('utf8');
  if (cursorOf(name) !== cursor || name.includes('\0'))
    throw new ProblemError('unreadable', 'cursor is not one that this list gave.');
  return name;
}
