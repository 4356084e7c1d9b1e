'use client';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Rocket } from 'lucide-react';
import type { Job } from '@/core/wire';
import { runQueries } from '../runs/queries';
import { RunTable } from '../runs/run-table';
import { Button } from '../ui/button';
import { Card } from '../ui/card';
import { EmptyState } from '../ui/empty-state';
import { QueryView } from '../ui/query-view';
import { TableSkeleton } from '../ui/skeleton';

/** The runs of all versions of a job, the newest first. */
export function JobRunsTab({ job }: { job: Job }) {
  const runs = useInfiniteQuery(runQueries.list(job.entity, { job: job.name, limit: 50 }));
  return (
    <>
      <Card>
        <QueryView
          query={runs}
          skeleton={<TableSkeleton rows={6} columns={6} label="Loading the runs" />}
          isEmpty={({ pages }) => pages.every(({ items }) => items.length === 0)}
          empty={
            <EmptyState
              icon={<Rocket aria-hidden />}
              title="It has not run yet"
              command={`npx slipway launch -q QUEUE -e ${job.entity} --job ${job.name}`}
            >
              Runs of every version stand here.
            </EmptyState>
          }
        >
          {({ pages }) => (
            <RunTable label={`Runs of ${job.name}`} runs={pages.flatMap(({ items }) => items)} />
          )}
        </QueryView>
      </Card>
      {runs.hasNextPage && (
        <div className="mt-3 flex justify-center">
          <Button onClick={() => void runs.fetchNextPage()} loading={runs.isFetchingNextPage}>
            Show more
          </Button>
        </div>
      )}
    </>
  );
}
