import { LRUCache } from 'lru-cache';
import type { Services } from '../services';
import { perProcess } from './per-process';

const cache = perProcess(() => new LRUCache<string, string>({ max: 10_000, ttl: 60_000 }));

/** The id of the entity's project of this name, which is made when there is none. Projects are never deleted, so ids are kept. */
export async function projectId(s: Services, entityId: string, name: string): Promise<string> {
  const key = `${entityId}/${name}`;
  const known = cache(s).get(key);
  if (known !== undefined) return known;
  const { id } = await s.prisma.project.upsert({
    where: { entityId_name: { entityId, name } },
    create: { entityId, name },
    update: {},
    select: { id: true },
  });
  cache(s).set(key, id);
  return id;
}
