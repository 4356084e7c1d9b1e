import { queryOptions } from '@tanstack/react-query';
import type { AgentToken, ApiKey, Member, Page, User, Viewer } from '@/core/wire';
import { api, path } from './api';

/** Keys and requests of who may do what. What belongs to queues and runs is in their own folders. */
export const accessQueries = {
  viewer: () =>
    queryOptions({
      queryKey: ['viewer'],
      queryFn: ({ signal }) => api.get<Viewer>('/viewer', { signal }),
      staleTime: 60_000,
    }),
  members: (entity: string) =>
    queryOptions({
      queryKey: ['entity', entity, 'members'],
      queryFn: ({ signal }) => api.get<Page<Member>>(`${path('entities', entity)}/members`, { signal }),
      select: (page) => page.items,
    }),
  agentTokens: (entity: string) =>
    queryOptions({
      queryKey: ['entity', entity, 'agent-tokens'],
      queryFn: ({ signal }) =>
        api.get<Page<AgentToken>>(`${path('entities', entity)}/agent-tokens`, { signal }),
      select: (page) => page.items,
    }),
  apiKeys: () =>
    queryOptions({
      queryKey: ['api-keys'],
      queryFn: ({ signal }) => api.get<Page<ApiKey>>('/api-keys', { signal }),
      select: (page) => page.items,
    }),
  users: () =>
    queryOptions({
      queryKey: ['users'],
      queryFn: ({ signal }) =>
        everyPage((cursor) => api.get<Page<User>>('/users', { query: { limit: 200, cursor }, signal })),
    }),
};

/** All pages of a list, one after the other. */
export async function everyPage<T>(get: (cursor: string | undefined) => Promise<Page<T>>): Promise<T[]> {
  const items: T[] = [];
  let cursor: string | undefined;
  do {
    const page = await get(cursor);
    items.push(...page.items);
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
  return items;
}
