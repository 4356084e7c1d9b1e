'use client';
import { useInfiniteQuery } from '@tanstack/react-query';
import Link from 'next/link';
import { agentQueries } from './queries';
import { Button } from '../ui/button';
import { ErrorCard } from '../ui/error-card';
import { BlockSkeleton } from '../ui/skeleton';
import { StateBadge } from '../ui/state-badge';
import { Duration, RelativeTime } from '../ui/time';

/** Runs that ended on the agent, the latest first. */
export function PastRuns({ entity, id }: { entity: string; id: string }) {
  const { data, error, isFetching, refetch, hasNextPage, fetchNextPage } = useInfiniteQuery(
    agentQueries.runs(entity, id),
  );
  if (error !== null && data === undefined)
    return <ErrorCard problem={error} compact onRetry={() => void refetch()} retrying={isFetching} />;
  if (data === undefined) return <BlockSkeleton label="Loading past runs" className="h-24" />;
  const runs = data.pages.flatMap(({ items }) => items);
  if (runs.length === 0) return <p className="text-sm text-muted">None yet.</p>;
  return (
    <>
      <ul aria-label="Past runs" className="divide-y divide-line rounded-md border border-line">
        {runs.map((run) => (
          <li key={run.id} className="px-3 py-2">
            <div className="flex items-center justify-between gap-3">
              <Link
                href={`/runs/${run.id}`}
                className="min-w-0 truncate font-medium hover:text-accent-ink hover:underline"
              >
                {run.name}
              </Link>
              <span className="flex shrink-0 items-center gap-2 text-xs text-muted">
                <span className="max-sm:hidden">{run.queue}</span>
                {run.startedAt !== null && <Duration from={run.startedAt} to={run.endedAt} />}
                <RelativeTime at={run.endedAt} />
                <StateBadge state={run.state} />
              </span>
            </div>
            {run.failure !== null && (
              <p className="mt-0.5 truncate text-xs text-muted">
                <span className="font-medium text-danger">{run.failure.phase}</span>: {run.failure.message}
              </p>
            )}
          </li>
        ))}
      </ul>
      {hasNextPage && (
        <Button size="sm" className="mt-2" loading={isFetching} onClick={() => void fetchNextPage()}>
          Show more
        </Button>
      )}
    </>
  );
}
