import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import type { QueueMetrics, QueueTimeline } from '@/core/wire';
import { api, path } from '../lib/api';
import type { TimeRange } from './range';

const address = (entity: string, queue: string, part: 'metrics' | 'timeline') =>
  `${path('entities', entity, 'queues', queue)}/${part}`;
const times = ({ from, to }: TimeRange) => ({
  from: new Date(from).toISOString(),
  to: new Date(to).toISOString(),
});
/** Figures are renewed by the minute, not with each message about a busy queue. */
const REFRESH_MS = 30_000;

export const metricsQueries = {
  metrics: (entity: string, queue: string, range: TimeRange, group: 'author' | 'job') =>
    queryOptions({
      queryKey: ['metrics', entity, queue, range.name ?? times(range), group],
      queryFn: ({ signal }) =>
        api.get<QueueMetrics>(address(entity, queue, 'metrics'), {
          query: { ...times(range), group },
          signal,
        }),
      placeholderData: keepPreviousData,
      refetchInterval: range.name === undefined ? false : REFRESH_MS,
    }),
  timeline: (entity: string, queue: string, range: TimeRange) =>
    queryOptions({
      queryKey: ['metrics', entity, queue, 'timeline', range.name ?? times(range)],
      queryFn: ({ signal }) =>
        api.get<QueueTimeline>(address(entity, queue, 'timeline'), { query: times(range), signal }),
      placeholderData: keepPreviousData,
      refetchInterval: range.name === undefined ? false : REFRESH_MS,
    }),
};
