import { LRUCache } from 'lru-cache';
import type { Services } from '../services';
import { perProcess } from './per-process';

const cache = perProcess(() => new LRUCache<string, string>({ max: 10_000, ttl: 60_000 }));

/** The id of the entity's project of this name, which is made when there is none. Projects are never deleted, so ids are kept. */
export async function projectId(s: Services, entityId: string, name: string): Promise<string> {
  const key = `${entityId}/${name}`;
  const known = cache(s).get(key);
  if (known !== undefined) return known;
  // One statement, for the first launches of a project may come at once; it writes only where there is none.
  const { rows } = await s.pool.query<{ id: string }>({
    name: 'project-id',
    text: FIND_OR_MAKE,
    values: [entityId, name],
  });
  const id = rows[0]?.id ?? (await foundAfterAll(s, entityId, name));
  cache(s).set(key, id);
  return id;
}

const FIND_OR_MAKE = `
WITH made AS (
  INSERT INTO projects (id, entity_id, name)
  SELECT gen_random_uuid(), $1, $2 WHERE NOT EXISTS (SELECT 1 FROM projects WHERE entity_id = $1 AND name = $2)
  ON CONFLICT DO NOTHING RETURNING id
)
SELECT id FROM made UNION ALL SELECT id FROM projects WHERE entity_id = $1 AND name = $2`;

/** Somebody else made it while the statement ran: its snapshot did not see it, the next one does. */
async function foundAfterAll(s: Services, entityId: string, name: string): Promise<string> {
  const { id } = await s.prisma.project.findUniqueOrThrow({
    where: { entityId_name: { entityId, name } },
    select: { id: true },
  });
  return id;
}
