import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import type { Agent, Job, Page, QueueSummary, RunSummary } from '@/core/wire';
import { api, path } from '../lib/api';
import { jobQueries } from '../jobs/queries';
import { queueQueries } from '../queues/queries';

/** Letters from which on runs are searched: one would find them all. */
const MIN_SEARCH = 2;
const MAX_RUNS = 8;

export interface PaletteData {
  queues: readonly QueueSummary[];
  /** The newest ones. */
  jobs: readonly Job[];
  agents: readonly Agent[];
  /** Found by the server by name or id. */
  runs: readonly RunSummary[];
  searching: boolean;
  /** The server could not be asked: what is shown is what the page knows. */
  failed: boolean;
}

/** What the palette finds in an entity; `text` is what was typed. */
export function usePaletteData(entity: string | undefined, text: string): PaletteData {
  const name = entity ?? '';
  const enabled = entity !== undefined;
  const queues = useQuery({ ...queueQueries.list(name), enabled });
  const agents = useQuery({ ...queueQueries.agents(name), enabled });
  const jobs = useInfiniteQuery({ ...jobQueries.list(name, ''), enabled });
  const runs = useQuery({
    queryKey: ['entity', name, 'runs', 'palette', text],
    queryFn: ({ signal }) =>
      api.get<Page<RunSummary>>(`${path('entities', name)}/runs`, {
        query: { q: text, limit: MAX_RUNS },
        signal,
      }),
    enabled: enabled && text.length >= MIN_SEARCH,
    placeholderData: (before) => before,
  });
  return {
    queues: queues.data ?? [],
    jobs: jobs.data?.pages.flatMap(({ items }) => items) ?? [],
    agents: agents.data ?? [],
    runs: text.length >= MIN_SEARCH ? (runs.data?.items ?? []) : [],
    searching: runs.isFetching || queues.isLoading,
    failed: [queues, jobs, agents, runs].some(({ error }) => error !== null),
  };
}
