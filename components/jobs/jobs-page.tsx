'use client';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Boxes, Plus, Search } from 'lucide-react';
import { useDeferredValue } from 'react';
import { useLive } from '../lib/live';
import { useSearchParam } from '../lib/search-param';
import { useRole } from '../queues/use-role';
import { Button } from '../ui/button';
import { Card } from '../ui/card';
import { EmptyState, NothingFound } from '../ui/empty-state';
import { Input } from '../ui/input';
import { PageHeader } from '../ui/page-header';
import { QueryView } from '../ui/query-view';
import { TableSkeleton } from '../ui/skeleton';
import { JobDialog } from './job-dialog';
import { JobTable } from './job-table';
import { jobQueries } from './queries';

/** The jobs of an entity. */
export function JobsPage({ entity }: { entity: string }) {
  const [q, setQ] = useSearchParam('q');
  const [create, setCreate] = useSearchParam('create');
  const { mayLaunch } = useRole(entity);
  const jobs = useInfiniteQuery(jobQueries.list(entity, useDeferredValue(q)));
  useLive([`entity:${entity}`]);
  const createButton = (
    <Button variant="primary" onClick={() => setCreate('1', 'push')}>
      <Plus aria-hidden /> Create job
    </Button>
  );
  return (
    <>
      <PageHeader
        title="Jobs"
        description="Versioned recipes of code to run: an image, a git repository, or a directory."
        actions={mayLaunch && createButton}
      />
      <div role="search" className="mb-3">
        <Input
          icon={<Search aria-hidden />}
          aria-label="Search jobs by name"
          placeholder="Name"
          value={q}
          onChange={(event) => setQ(event.target.value)}
          className="w-64 max-sm:w-full"
          data-search
        />
      </div>
      <Card>
        <QueryView
          query={jobs}
          skeleton={<TableSkeleton rows={6} columns={6} label="Loading the jobs" />}
          isEmpty={({ pages }) => pages.every(({ items }) => items.length === 0)}
          empty={
            q !== '' ? (
              <NothingFound what="job" onClear={() => setQ('')} />
            ) : (
              <EmptyState
                icon={<Boxes aria-hidden />}
                title="No jobs yet"
                action={mayLaunch && createButton}
                command={
                  mayLaunch
                    ? `slipway job create code NAME . -e ${entity} --entry-point "python train.py"`
                    : undefined
                }
              >
                A job keeps what you launch again and again, with a version for each change.
              </EmptyState>
            )
          }
        >
          {({ pages }) => <JobTable jobs={pages.flatMap(({ items }) => items)} mayLaunch={mayLaunch} />}
        </QueryView>
      </Card>
      {jobs.hasNextPage && (
        <div className="mt-3 flex justify-center">
          <Button onClick={() => void jobs.fetchNextPage()} loading={jobs.isFetchingNextPage}>
            Show more
          </Button>
        </div>
      )}
      {create === '1' && mayLaunch && <JobDialog entity={entity} onClose={() => setCreate('')} />}
    </>
  );
}
