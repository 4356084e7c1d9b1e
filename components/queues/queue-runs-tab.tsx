'use client';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import type { Queue } from '@/core/wire';
import { runQueries, type RunListFilter } from '../runs/queries';
import { RunSelection } from '../runs/run-selection';
import { RunTable } from '../runs/run-table';
import { Button } from '../ui/button';
import { SectionCard } from '../ui/card';
import { ErrorCard } from '../ui/error-card';
import { TableSkeleton } from '../ui/skeleton';
import { useRole } from './use-role';

const NOBODY: ReadonlySet<string> = new Set();

/** What runs, what waits in its real order with the reason, and what has ended. */
export function QueueRunsTab({ queue }: { queue: Queue }) {
  const { mayLaunch } = useRole(queue.entity);
  const [selected, setSelected] = useState(NOBODY);
  const selection = mayLaunch ? { selected, onChange: setSelected } : undefined;
  return (
    <div className="flex flex-col gap-4">
      {mayLaunch && selected.size > 0 && (
        <RunSelection
          entity={queue.entity}
          selected={selected}
          onDone={() => setSelected(NOBODY)}
          filter={{ queue: queue.name }}
          prioritized={queue.prioritized}
        />
      )}
      <RunSection
        queue={queue}
        title="In flight"
        filter={{ state: 'leased,building,starting,running' }}
        empty="Nothing runs at the moment."
        selection={selection}
      />
      <RunSection
        queue={queue}
        title="Waiting"
        filter={{ state: 'pending', order: 'queue' }}
        empty="Nothing waits."
        waiting
        selection={selection}
      />
      <RunSection
        queue={queue}
        title="History"
        filter={{ state: 'finished,failed,stopped' }}
        empty="No run has ended yet."
      />
    </div>
  );
}

interface RunSectionProps {
  queue: Queue;
  title: string;
  filter: RunListFilter;
  empty: ReactNode;
  waiting?: boolean;
  selection?: { selected: ReadonlySet<string>; onChange: (selected: ReadonlySet<string>) => void };
}

function RunSection({ queue, title, filter, empty, waiting = false, selection }: RunSectionProps) {
  const runs = useInfiniteQuery(runQueries.list(queue.entity, { queue: queue.name, limit: 25, ...filter }));
  const items = runs.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <SectionCard title={title} flush>
      {runs.error !== null && (
        <ErrorCard
          problem={runs.error}
          onRetry={() => void runs.refetch()}
          retrying={runs.isFetching}
          compact
          className="m-3"
        />
      )}
      {runs.data === undefined ? (
        runs.error === null && <TableSkeleton rows={2} columns={5} label={`Loading: ${title}`} />
      ) : items.length === 0 ? (
        <p className="px-4 py-3 text-sm text-muted">{empty}</p>
      ) : (
        <RunTable label={title} runs={items} hideQueue waiting={waiting} selection={selection} />
      )}
      {runs.hasNextPage && (
        <div className="flex justify-center border-t border-line p-2">
          <Button
            size="sm"
            variant="ghost"
            onClick={() => void runs.fetchNextPage()}
            loading={runs.isFetchingNextPage}
          >
            Show more
          </Button>
        </div>
      )}
    </SectionCard>
  );
}
