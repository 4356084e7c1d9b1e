import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import type { AgentRun, AgentSettings, Page } from '@/core/wire';
import { api, path } from '../lib/api';

/** What is asked about agents beyond their list (`queueQueries.agents`). */
export const agentQueries = {
  /** Runs that ended on an agent, the latest first, 20 a page. */
  runs: (entity: string, id: string) =>
    infiniteQueryOptions({
      // Under the agents' key: each message about the agent renews it.
      queryKey: ['entity', entity, 'agents', id, 'runs'],
      queryFn: ({ signal, pageParam }) =>
        api.get<Page<AgentRun>>(`${path('entities', entity, 'agents', id)}/runs`, {
          query: { limit: 20, cursor: pageParam },
          signal,
        }),
      initialPageParam: '',
      getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
    }),
  settings: (entity: string) =>
    queryOptions({
      queryKey: ['entity', entity, 'agent-settings'],
      queryFn: ({ signal }) =>
        api.get<AgentSettings>(`${path('entities', entity)}/agent-settings`, { signal }),
    }),
};
