import { LRUCache } from 'lru-cache';
import type { Services } from '../services';
import { perProcess } from './per-process';

const cache = perProcess(() => new LRUCache<string, string>({ max: 10_000, ttl: 60_000 }));

/** The id of the entity's project of this name, which is made when there is none. Projects are never deleted, so ids are kept. */
export async function projectId(s: Services, entityId: string, name: string): Promise<string> {
  const key = `${entityId}/${name}`;
  const known = cache(s).get(key);
  if (known !== undefined) return known;
  // One statement that also waits for a launch which is making the project at this moment.
  const { rows } = await s.pool.query<{ id: string }>({
    name: 'project-id',
    text: `INSERT INTO projects (id, entity_id, name) VALUES (gen_random_uuid(), $1, $2)
           ON CONFLICT (entity_id, name) DO UPDATE SET name = excluded.name RETURNING id`,
    values: [entityId, name],
  });
  const [row] = rows;
  if (!row) throw new Error('an insert gave no row');
  cache(s).set(key, row.id);
  return row.id;
}
