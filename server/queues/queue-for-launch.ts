import type { ConfigTree } from '@/core/templates';
import type { ResourceId, RetryPolicy, TemplateVariables } from '@/core/wire';
import { retryPolicySchema } from '@/core/wire';
import { busCache } from '../cache';
import type { Services } from '../services';
import { noQueue } from './find-queue';

/** What a launch has to know of its queue: the settings and the current version of the configuration. */
export interface LaunchQueue {
  id: string;
  entityId: string;
  entity: string;
  name: string;
  resource: ResourceId;
  prioritized: boolean;
  overrideAllow: string[];
  retryPolicy: RetryPolicy;
  maxInFlight: number | null;
  startTimeoutSeconds: number;
  stopGraceSeconds: number | null;
  version: number;
  tree: ConfigTree;
  templates: TemplateVariables;
}

interface Row {
  id: string;
  entity_id: string;
  entity: string;
  name: string;
  resource: ResourceId;
  prioritized: boolean;
  override_allow: string[];
  retry_policy: unknown;
  max_in_flight: number | null;
  start_timeout_seconds: number;
  stop_grace_seconds: number | null;
  version: number;
  tree: ConfigTree;
  templates: TemplateVariables;
}

const cacheOf = busCache<LaunchQueue>({ max: 1000, ttlMs: 1000, dropOn: ({ type }) => type === 'queue' });

/**
 * Kept for a second at most, and forgotten as soon as this or another server changes a queue. So a launch may be checked against a
 * version that is a moment old (it keeps the version it was checked against), and what must not happen at all, a launch on a deleted
 * queue, is for the statement that inserts the run to prevent (`deleted_at IS NULL … FOR KEY SHARE`).
 */
export async function queueForLaunch(s: Services, entityId: string, name: string): Promise<LaunchQueue> {
  const queue = await cacheOf(s).get(`${entityId}/${name}`, () => load(s, entityId, name));
  if (!queue) throw noQueue(name);
  return queue;
}

async function load(s: Services, entityId: string, name: string): Promise<LaunchQueue | undefined> {
  const { rows } = await s.pool.query<Row>(
    `SELECT q.id, q.entity_id, e.name AS entity, q.name, q.resource, q.prioritized, q.override_allow, q.retry_policy, q.max_in_flight,
            q.start_timeout_seconds, q.stop_grace_seconds, v.version, v.tree, v.templates
     FROM queues q JOIN entities e ON e.id = q.entity_id
     JOIN queue_config_versions v ON v.queue_id = q.id AND v.version = q.current_version
     WHERE q.entity_id = $1 AND q.name = $2 AND q.deleted_at IS NULL`,
    [entityId, name],
  );
  const row = rows[0];
  if (!row) return undefined;
  return {
    id: row.id,
    entityId: row.entity_id,
    entity: row.entity,
    name: row.name,
    resource: row.resource,
    prioritized: row.prioritized,
    overrideAllow: row.override_allow,
    retryPolicy: retryPolicySchema.parse(row.retry_policy),
    maxInFlight: row.max_in_flight,
    startTimeoutSeconds: row.start_timeout_seconds,
    stopGraceSeconds: row.stop_grace_seconds,
    version: row.version,
    tree: row.tree,
    templates: row.templates,
  };
}
