'use client';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { ArrowUp, ListX, Rocket } from 'lucide-react';
import Link from 'next/link';
import { useSearchParams } from 'next/navigation';
import { useEffect, useEffectEvent, useRef, useState } from 'react';
import type { RunFilter } from '@/core/wire';
import { plural } from '../lib/format';
import { useLive } from '../lib/live';
import { setSearchParams } from '../lib/search-param';
import { useLaunchHref } from '../launch/launch-link';
import { queueQueries } from '../queues/queries';
import { useRole } from '../queues/use-role';
import { Button } from '../ui/button';
import { Card } from '../ui/card';
import { EmptyState } from '../ui/empty-state';
import { ErrorCard } from '../ui/error-card';
import { PageHeader } from '../ui/page-header';
import { TableSkeleton } from '../ui/skeleton';
import { CompareSheet } from './compare-sheet';
import { FilterBar } from './filter-bar';
import { PeekPanel } from './peek-panel';
import { runQueries } from './queries';
import { DEFAULT_COLUMNS } from './run-columns';
import { isFiltered, readFilter, writeFilter } from './run-filter';
import { RunHistogram } from './run-histogram';
import { RunSelection } from './run-selection';
import { RunTable } from './run-table';
import { useWalk } from './use-walk';
import { ColumnMenu, ViewMenu, useRunViews } from './view-menu';

const NOBODY: ReadonlySet<string> = new Set();

/** All runs of an entity. Filters, columns, view, peek and comparison are in the address. */
export function RunsPage({ entity }: { entity: string }) {
  const search = useSearchParams();
  const launchHref = useLaunchHref();
  const { mayLaunch } = useRole(entity);
  const views = useRunViews(entity);
  const viewName = search.get('view') ?? '';
  const view = views.data?.find((each) => each.name === viewName);
  const filter: RunFilter = { ...view?.filter, ...readFilter(search) };
  const columns =
    search.get('columns')?.split(',') ?? (view && view.columns.length > 0 ? view.columns : DEFAULT_COLUMNS);
  const filtered = isFiltered(filter);
  const [selected, setSelected] = useState(NOBODY);
  /** Raised when filters change from outside their fields. */
  const [cleared, setCleared] = useState(0);
  // A view that is named is waited for: its runs, not all runs, are what was asked for.
  const ready = viewName === '' || views.data !== undefined || views.error !== null;
  const runs = useInfiniteQuery({ ...runQueries.list(entity, { ...filter, limit: 100 }), enabled: ready });
  const queues = useQuery(queueQueries.list(entity));
  useLive([`entity:${entity}`]);

  const all = runs.data?.pages.flatMap((page) => page.items) ?? [];
  const { items, fresh, show } = useSteadyRows(all, JSON.stringify(filter));
  const peek = search.get('peek') ?? '';
  const setPeek = (id: string) => setSearchParams({ peek: id });
  const { cursor, walk } = useWalk({
    runs: items,
    peek,
    onPeek: setPeek,
    selected,
    onSelect: mayLaunch ? setSelected : undefined,
  });
  const compared = search.get('compare')?.split(',') ?? [];
  const [left, right] = compared;

  /** What a view held becomes the address' own as soon as it is changed. */
  const change = (changes: Partial<Record<keyof RunFilter, string>>) =>
    setSearchParams({ ...writeFilter(filter), ...changes, view: '' });
  const clear = () => {
    setCleared((before) => before + 1);
    setSearchParams({ ...writeFilter({}), view: '' });
  };
  const prioritized =
    selected.size > 0 &&
    items.some((run) => selected.has(run.id) && run.priority !== null) &&
    queues.data !== undefined;
  return (
    <>
      <PageHeader
        title="Runs"
        actions={
          mayLaunch && (
            <Button asChild variant="primary">
              <Link href={launchHref({ entity })} scroll={false}>
                <Rocket aria-hidden /> Launch
              </Link>
            </Button>
          )
        }
      />
      <div role="search" className="mb-3 flex flex-wrap gap-2">
        <FilterBar
          key={`${cleared}/${viewName}/${view?.id ?? ''}`}
          entity={entity}
          filter={filter}
          onChange={change}
          onClear={clear}
        />
        <span className="ml-auto flex gap-2">
          <ViewMenu
            entity={entity}
            views={views.data ?? []}
            current={view?.name ?? ''}
            filter={filter}
            columns={columns}
            maySave={mayLaunch}
          />
          <ColumnMenu columns={columns} />
        </span>
      </div>
      {viewName !== '' && views.data !== undefined && view === undefined && (
        <p role="status" className="mb-3 text-sm text-warn">
          There is no view “{viewName}” any more; these are all runs.
        </p>
      )}
      {ready && all.length > 0 && (
        <RunHistogram entity={entity} filter={filter} onRange={(from, to) => change({ from, to })} />
      )}
      {selected.size > 0 && (
        <RunSelection
          entity={entity}
          selected={selected}
          onDone={() => setSelected(NOBODY)}
          filter={filter}
          prioritized={prioritized}
          onCompare={(ids) => setSearchParams({ compare: ids.join(',') }, 'push')}
        />
      )}
      {runs.error !== null && (
        <ErrorCard
          problem={runs.error}
          onRetry={() => void runs.refetch()}
          retrying={runs.isFetching}
          className="mb-3"
        />
      )}
      {fresh > 0 && (
        <div className="sticky top-14 z-20 flex justify-center">
          <Button size="sm" variant="primary" className="mb-2 rounded-full shadow-pop" onClick={show}>
            <ArrowUp aria-hidden /> {plural(fresh, 'new run')}
          </Button>
        </div>
      )}
      <Card>
        {runs.data === undefined ? (
          runs.error === null && <TableSkeleton rows={8} columns={6} label="Loading the runs" />
        ) : items.length > 0 ? (
          <RunTable
            label="Runs"
            runs={items}
            columns={columns}
            cursor={cursor}
            selection={mayLaunch ? { selected, onChange: setSelected } : undefined}
          />
        ) : filtered ? (
          <EmptyState
            icon={<ListX aria-hidden />}
            title="No run matches the filters"
            action={<Button onClick={clear}>Clear filters</Button>}
          />
        ) : (
          <EmptyState
            icon={<Rocket aria-hidden />}
            title="No runs yet"
            action={
              mayLaunch && (
                <Button asChild variant="primary">
                  <Link href={launchHref({ entity })} scroll={false}>
                    Launch the first run
                  </Link>
                </Button>
              )
            }
          >
            {mayLaunch ? (
              <>
                Launch one here, or with <code className="font-mono">slipway launch</code>.
              </>
            ) : (
              'Members launch them; you see them here.'
            )}
          </EmptyState>
        )}
      </Card>
      {runs.hasNextPage && (
        <MoreRuns onMore={() => void runs.fetchNextPage()} loading={runs.isFetchingNextPage} />
      )}
      {peek !== '' && <PeekPanel key={peek} id={peek} onClose={() => setPeek('')} onWalk={walk} />}
      {left !== undefined && right !== undefined && (
        <CompareSheet ids={[left, right]} onClose={() => setSearchParams({ compare: '' })} />
      )}
    </>
  );
}

/**
 * The rows without those that have come since they were first shown: a list that is read must not move. `fresh` counts them, `show`
 * lets them in.
 */
function useSteadyRows<T extends { id: string }>(all: readonly T[], question: string) {
  const [top, setTop] = useState<{ question: string; id: string }>();
  const first = all[0]?.id;
  if (first !== undefined && top?.question !== question) setTop({ question, id: first });
  const known = top?.question === question ? all.findIndex((each) => each.id === top.id) : -1;
  // Where what was on top is gone, there is nothing to hold on to.
  const fresh = Math.max(0, known);
  return {
    items: all.slice(fresh),
    fresh,
    show: () => first !== undefined && setTop({ question, id: first }),
  };
}

/** Asks for the next page when it comes near, and by a button for those who do not scroll. */
function MoreRuns({ onMore, loading }: { onMore: () => void; loading: boolean }) {
  const element = useRef<HTMLDivElement>(null);
  const near = useEffectEvent(() => !loading && onMore());
  useEffect(() => {
    if (!element.current) return;
    // On a busy page several changes come in one call, the last of them is how it is now.
    const observer = new IntersectionObserver((changes) => changes.at(-1)?.isIntersecting && near(), {
      rootMargin: '800px',
    });
    observer.observe(element.current);
    return () => observer.disconnect();
  }, [loading]);
  return (
    <div ref={element} className="mt-3 flex justify-center">
      <Button onClick={onMore} loading={loading}>
        Show more
      </Button>
    </div>
  );
}
