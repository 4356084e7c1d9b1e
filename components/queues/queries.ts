import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import type {
  Agent,
  Overview,
  Page,
  Queue,
  QueueOverrides,
  QueueSummary,
  QueueVersion,
  SecretName,
} from '@/core/wire';
import { api, path } from '../lib/api';
import { everyPage } from '../lib/queries';

export const queuePath = (entity: string, queue: string): string => path('entities', entity, 'queues', queue);

/** Address of the page of a queue. */
export const queuePage = (entity: string, queue: string): string =>
  `/${encodeURIComponent(entity)}/queues/${encodeURIComponent(queue)}`;

/** What the list of queues is filtered by, on the server. */
export interface QueueFilter {
  q?: string;
  resource?: string;
  state?: string;
}
/** Rows of a table that are drawn at once; more are a click away. */
export const QUEUE_ROWS = 100;
/** The figures of a day in the list move without a message; so it is asked for again now and then, milliseconds. */
const DAY_MS = 60_000;

/** Keys and requests of everything about queues. */
export const queueQueries = {
  /** All queues of an entity, for lists to choose from. */
  list: (entity: string) =>
    queryOptions({
      queryKey: ['entity', entity, 'queues'],
      queryFn: ({ signal }) =>
        everyPage((cursor) =>
          api.get<Page<QueueSummary>>(`${path('entities', entity)}/queues`, {
            query: { limit: 200, cursor },
            signal,
          }),
        ),
    }),
  /** The first `rows` queues of the table. */
  table: (entity: string, filter: QueueFilter, rows = QUEUE_ROWS) =>
    queryOptions({
      queryKey: ['entity', entity, 'queues', 'table', filter, rows],
      queryFn: async ({ signal }) => {
        const items: QueueSummary[] = [];
        let cursor: string | undefined;
        do {
          const query = { ...filter, limit: Math.min(200, rows - items.length), cursor };
          const page = await api.get<Page<QueueSummary>>(`${path('entities', entity)}/queues`, {
            query,
            signal,
          });
          items.push(...page.items);
          cursor = page.nextCursor ?? undefined;
        } while (cursor !== undefined && items.length < rows);
        return { items, more: cursor !== undefined };
      },
      placeholderData: keepPreviousData,
      refetchInterval: DAY_MS,
    }),
  overview: (entity: string) =>
    queryOptions({
      queryKey: ['entity', entity, 'queues', 'overview'],
      queryFn: ({ signal }) => api.get<Overview>(`${path('entities', entity)}/overview`, { signal }),
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
