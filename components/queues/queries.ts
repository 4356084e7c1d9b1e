import { queryOptions } from '@tanstack/react-query';
import type { Agent, Page, Queue, QueueOverrides, QueueSummary, QueueVersion, SecretName } from '@/core/wire';
import { api, path } from '../lib/api';

export const queuePath = (entity: string, queue: string): string => path('entities', entity, 'queues', queue);

/** Keys and requests of everything about queues. */
export const queueQueries = {
  list: (entity: string) =>
    queryOptions({
      queryKey: ['entity', entity, 'queues'],
      queryFn: ({ signal }) =>
        api.get<Page<QueueSummary>>(`${path('entities', entity)}/queues`, { query: { limit: 200 }, signal }),
      select: (page) => page.items,
    }),
  one: (entity: string, queue: string) =>
    queryOptions({
      queryKey: ['queue', entity, queue],
      queryFn: ({ signal }) => api.get<Queue>(queuePath(entity, queue), { signal }),
    }),
  versions: (entity: string, queue: string) =>
    queryOptions({
      queryKey: ['queue', entity, queue, 'versions'],
      queryFn: ({ signal }) =>
        api.get<Page<QueueVersion>>(`${queuePath(entity, queue)}/versions`, {
          query: { limit: 200 },
          signal,
        }),
      select: (page) => page.items,
    }),
  overrides: (entity: string, queue: string) =>
    queryOptions({
      queryKey: ['queue', entity, queue, 'overrides'],
      queryFn: ({ signal }) => api.get<QueueOverrides>(`${queuePath(entity, queue)}/overrides`, { signal }),
    }),
  secrets: (entity: string, queue: string) =>
    queryOptions({
      queryKey: ['queue', entity, queue, 'secrets'],
      queryFn: ({ signal }) => api.get<Page<SecretName>>(`${queuePath(entity, queue)}/secrets`, { signal }),
      select: (page) => page.items,
    }),
  agents: (entity: string) =>
    queryOptions({
      queryKey: ['entity', entity, 'agents'],
      queryFn: ({ signal }) =>
        api.get<Page<Agent>>(`${path('entities', entity)}/agents`, { query: { limit: 200 }, signal }),
      select: (page) => page.items,
    }),
};
