'use client';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { ListX, Rocket, Search } from 'lucide-react';
import Link from 'next/link';
import { usePathname, useRouter, useSearchParams } from 'next/navigation';
import { useEffect, useEffectEvent, useState } from 'react';
import { RUN_STATES } from '@/core/wire';
import { useLive } from '../lib/live';
import { Button } from '../ui/button';
import { Card } from '../ui/card';
import { EmptyState } from '../ui/empty-state';
import { ErrorCard } from '../ui/error-card';
import { Input } from '../ui/input';
import { PageHeader } from '../ui/page-header';
import { Select } from '../ui/select';
import { TableSkeleton } from '../ui/skeleton';
import { RUN_STATE_LOOK } from '../ui/state-badge';
import { useLaunchHref } from '../launch/launch-link';
import { queueQueries } from '../queues/queries';
import { useRole } from '../queues/use-role';
import { runQueries } from './queries';
import { RunTable } from './run-table';

const ANY = 'any';
/** Pause after the last keystroke before the address and with it the list follow, milliseconds. */
const TYPING_MS = 250;

/** All runs of an entity; the filters are in the address. */
export function RunsPage({ entity }: { entity: string }) {
  const search = useSearchParams();
  const pathname = usePathname();
  const router = useRouter();
  const launchHref = useLaunchHref();
  const { mayLaunch } = useRole(entity);
  const filter = {
    queue: search.get('queue') ?? undefined,
    state: search.get('state') ?? undefined,
    q: search.get('q') ?? undefined,
  };
  const filtered = filter.queue !== undefined || filter.state !== undefined || filter.q !== undefined;
  const runs = useInfiniteQuery(runQueries.list(entity, { ...filter, limit: 50 }));
  const queues = useQuery(queueQueries.list(entity));
  useLive([`entity:${entity}`]);

  const set = (name: string, value: string) => {
    const next = new URLSearchParams(search);
    if (value === '' || value === ANY) next.delete(name);
    else next.set(name, value);
    const text = next.toString();
    router.replace(text === '' ? pathname : `${pathname}?${text}`, { scroll: false });
  };
  const [typed, setTyped] = useState(filter.q ?? '');
  const follow = useEffectEvent((text: string) => text !== (filter.q ?? '') && set('q', text));
  useEffect(() => {
    const timer = setTimeout(() => follow(typed.trim()), TYPING_MS);
    return () => clearTimeout(timer);
  }, [typed]);

  const clear = () => {
    setTyped('');
    router.replace(pathname, { scroll: false });
  };
  const items = runs.data?.pages.flatMap((page) => page.items) ?? [];
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
        <Input
          icon={<Search aria-hidden />}
          aria-label="Search by name or id"
          placeholder="Name or id"
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
          className="w-64 max-sm:w-full"
          data-search
        />
        <Select
          aria-label="State"
          className="w-44"
          value={filter.state ?? ANY}
          onValueChange={(value) => set('state', value)}
          options={[
            { value: ANY, label: 'Any state' },
            { value: 'active', label: 'Not ended' },
            ...RUN_STATES.map((state) => ({ value: state, label: RUN_STATE_LOOK[state].label })),
          ]}
        />
        <Select
          aria-label="Queue"
          className="w-48"
          value={filter.queue ?? ANY}
          onValueChange={(value) => set('queue', value)}
          options={[
            { value: ANY, label: 'Any queue' },
            ...(queues.data ?? []).map((queue) => ({ value: queue.name, label: queue.name })),
          ]}
        />
        {filtered && (
          <Button variant="ghost" onClick={clear}>
            Clear filters
          </Button>
        )}
      </div>
      {runs.error !== null && (
        <ErrorCard
          problem={runs.error}
          onRetry={() => void runs.refetch()}
          retrying={runs.isFetching}
          className="mb-3"
        />
      )}
      <Card>
        {runs.data === undefined ? (
          runs.error === null && <TableSkeleton rows={8} columns={6} label="Loading the runs" />
        ) : items.length > 0 ? (
          <RunTable label="Runs" runs={items} />
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
        <div className="mt-3 flex justify-center">
          <Button onClick={() => void runs.fetchNextPage()} loading={runs.isFetchingNextPage}>
            Show more
          </Button>
        </div>
      )}
    </>
  );
}
