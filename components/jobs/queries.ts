import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import type { Job, JobVersion, Page, ResolvedRef } from '@/core/wire';
import { api, path } from '../lib/api';
import { everyPage } from '../lib/queries';

export const jobPath = (entity: string, job: string): string => path('entities', entity, 'jobs', job);

/** Keys and requests of everything about jobs. */
export const jobQueries = {
  list: (entity: string, q: string) =>
    infiniteQueryOptions({
      queryKey: ['entity', entity, 'jobs', 'list', q],
      queryFn: ({ pageParam, signal }) =>
        api.get<Page<Job>>(`${path('entities', entity)}/jobs`, {
          query: { q, limit: 50, cursor: pageParam },
          signal,
        }),
      initialPageParam: undefined as string | undefined,
      getNextPageParam: (last) => last.nextCursor ?? undefined,
    }),
  one: (entity: string, job: string) =>
    queryOptions({
      queryKey: ['entity', entity, 'jobs', 'one', job],
      queryFn: ({ signal }) => api.get<Job>(jobPath(entity, job), { signal }),
    }),
  versions: (entity: string, job: string) =>
    queryOptions({
      queryKey: ['entity', entity, 'jobs', 'one', job, 'versions'],
      queryFn: ({ signal }) =>
        everyPage((cursor) =>
          api.get<Page<JobVersion>>(`${jobPath(entity, job)}/versions`, {
            query: { limit: 200, cursor },
            signal,
          }),
        ),
    }),
  /** The commit of a ref. Asked once for what was typed: a branch may move, but not while a form is open. */
  commit: (entity: string, repository: string, ref: string) =>
    queryOptions({
      queryKey: ['git', entity, repository, ref],
      queryFn: ({ signal }) =>
        api.post<ResolvedRef>(
          `${path('entities', entity)}/git/resolve`,
          { repository, ...(ref === '' ? {} : { ref }) },
          { signal },
        ),
      staleTime: 60_000,
      retry: false,
    }),
};
