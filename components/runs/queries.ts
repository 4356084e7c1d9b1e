import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import type { Page, Run, RunEvent, RunFilter, RunSubmission, RunSummary } from '@/core/wire';
import { api, path } from '../lib/api';
import { everyPage } from '../lib/queries';

/** What a list of runs asks for; as the interface takes it. */
export type RunListFilter = RunFilter & { order?: 'newest' | 'queue'; limit?: number };

/** Keys and requests of everything about runs. The keys begin with what a live message names, so that one message renews the right ones. */
export const runQueries = {
  one: (id: string) =>
    queryOptions({
      queryKey: ['run', id],
      queryFn: ({ signal }) => api.get<Run>(path('runs', id), { signal }),
    }),
  events: (id: string) =>
    queryOptions({
      queryKey: ['run', id, 'events'],
      queryFn: ({ signal }) =>
        everyPage((cursor) =>
          api.get<Page<RunEvent>>(`${path('runs', id)}/events`, { query: { limit: 200, cursor }, signal }),
        ),
    }),
  submissions: (id: string) =>
    queryOptions({
      queryKey: ['run', id, 'submission'],
      queryFn: ({ signal }) => api.get<Page<RunSubmission>>(`${path('runs', id)}/submission`, { signal }),
    }),
  /** The first page of a list, for what only looks at some. */
  some: (entity: string, filter: RunListFilter) =>
    queryOptions({
      queryKey: ['some-runs', entity, filter],
      queryFn: ({ signal }) =>
        api.get<Page<RunSummary>>(`${path('entities', entity)}/runs`, { query: { ...filter }, signal }),
    }),
  list: (entity: string, filter: RunListFilter) =>
    infiniteQueryOptions({
      queryKey: ['entity', entity, 'runs', filter],
      queryFn: ({ pageParam, signal }) =>
        api.get<Page<RunSummary>>(`${path('entities', entity)}/runs`, {
          query: { ...filter, cursor: pageParam },
          signal,
        }),
      initialPageParam: undefined as string | undefined,
      getNextPageParam: (last) => last.nextCursor ?? undefined,
    }),
};
