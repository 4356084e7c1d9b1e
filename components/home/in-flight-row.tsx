'use client';
import { useInfiniteQuery } from '@tanstack/react-query';
import Link from 'next/link';
import type { QueueSummary } from '@/core/wire';
import { queuePage } from '../queues/queries';
import { runQueries } from '../runs/queries';
import { ErrorCard } from '../ui/error-card';
import { Skeleton } from '../ui/skeleton';
import { StateBadge } from '../ui/state-badge';
import { Duration } from '../ui/time';

const SHOWN = 20;

/** The runs of a queue that are in flight, folded out under its row. */
export function InFlightRow({ queue, columns }: { queue: QueueSummary; columns: number }) {
  const runs = useInfiniteQuery(
    runQueries.list(queue.entity, {
      queue: queue.name,
      state: 'leased,building,starting,running',
      limit: SHOWN,
    }),
  );
  const items = runs.data?.pages[0]?.items;
  const more = runs.hasNextPage;
  return (
    <tr role="row" className="border-b border-line bg-canvas max-sm:block">
      <td role="cell" colSpan={columns} className="px-4 py-2 pl-14 max-sm:block max-sm:pl-4">
        {runs.error !== null && items === undefined ? (
          <ErrorCard compact problem={runs.error} onRetry={() => void runs.refetch()} />
        ) : items === undefined ? (
          <Skeleton className="h-5 w-80" />
        ) : items.length === 0 ? (
          <p className="text-sm text-muted">
            Nothing is in flight.{' '}
            <Link href={queuePage(queue.entity, queue.name)} className="text-accent-ink hover:underline">
              What waits and what has ended
            </Link>
          </p>
        ) : (
          <ul aria-label={`In flight in ${queue.name}`} className="flex flex-col gap-1.5 text-sm">
            {items.map((run) => (
              <li key={run.id} className="flex flex-wrap items-center gap-x-3 gap-y-1">
                <StateBadge state={run.state} stopping={run.stopping} />
                <Link href={`/runs/${run.id}`} className="min-w-0 truncate font-medium hover:underline">
                  {run.name}
                </Link>
                <span className="text-muted">
                  <Duration from={run.startedAt ?? run.leasedAt ?? run.createdAt} />
                  {run.agent !== null && ` on ${run.agent.name}`}, by {run.author}
                </span>
              </li>
            ))}
            {more && (
              <li>
                <Link
                  href={queuePage(queue.entity, queue.name)}
                  className="text-sm text-accent-ink hover:underline"
                >
                  All {queue.counts.inFlight} runs in flight
                </Link>
              </li>
            )}
          </ul>
        )}
      </td>
    </tr>
  );
}
