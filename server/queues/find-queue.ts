import { notFound } from '@/core/problems';
import type { ResourceId } from '@/core/wire';
import type { Services } from '../services';

export interface FoundQueue {
  id: string;
  name: string;
  resource: ResourceId;
  prioritized: boolean;
}

/** The queue of this name; not-found when there is none or it is deleted. Whoever calls has checked the access to the entity. */
export async function findQueue(s: Services, entityId: string, name: string): Promise<FoundQueue> {
  const { rows } = await s.pool.query<FoundQueue>(
    'SELECT id, name, resource, prioritized FROM queues WHERE entity_id = $1 AND name = $2 AND deleted_at IS NULL',
    [entityId, name],
  );
  const queue = rows[0];
  if (!queue) throw noQueue(name);
  return queue;
}

export const noQueue = (name: string) => notFound(`The queue ${JSON.stringify(name)}`);
