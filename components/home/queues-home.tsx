'use client';
import { useQuery } from '@tanstack/react-query';
import { Plus, Rocket, SearchX } from 'lucide-react';
import dynamic from 'next/dynamic';
import Link from 'next/link';
import { useState } from 'react';
import type { Overview } from '@/core/wire';
import { useLaunchHref } from '../launch';
import { formatCount } from '../lib/format';
import { QUEUE_ROWS, queueQueries } from '../queues/queries';
import { useCurrentEntity } from '../shell/current-entity';
import { Button } from '../ui/button';
import { Card } from '../ui/card';
import { EmptyState } from '../ui/empty-state';
import { ErrorCard } from '../ui/error-card';
import { PageHeader } from '../ui/page-header';
import { TableSkeleton } from '../ui/skeleton';
import { QueueTableSkeleton, TilesSkeleton } from './home-skeleton';
import { QueueFilters, useQueueFilters, type QueueFilterState } from './queue-filters';
import { QueueTable } from './queue-table';
import { Tiles } from './tiles';

// Most visits are not the first: they do without its script.
const FirstUse = dynamic(() => import('./first-use').then((module) => module.FirstUse), { ssr: false });

/** Whether one of the three steps to a first finished run is still to be made. */
const isNew = ({ queues, agents, firstRun }: Overview): boolean =>
  queues === 0 || !agents.ever || firstRun !== 'finished';

/** The Launch home: the queues of an entity, what moves in them and what does not. */
export function QueuesHome({ entity }: { entity: string }) {
  const { data: overview, error, refetch, isFetching } = useQuery(queueQueries.overview(entity));
  const { role } = useCurrentEntity();
  const filters = useQueueFilters();
  const launchHref = useLaunchHref();
  const admin = role === 'admin';
  const some = overview !== undefined && overview.queues > 0;
  return (
    <>
      <PageHeader
        title="Queues"
        actions={
          <>
            {some && role !== undefined && role !== 'viewer' && (
              <Button asChild>
                <Link href={launchHref({ entity })} scroll={false}>
                  <Rocket aria-hidden /> Launch
                </Link>
              </Button>
            )}
            {admin && (
              <Button asChild variant="primary">
                <Link href={`/${encodeURIComponent(entity)}/queues/new`}>
                  <Plus aria-hidden /> Create queue
                </Link>
              </Button>
            )}
          </>
        }
      />
      {error !== null && (
        <ErrorCard className="mb-4" problem={error} onRetry={() => void refetch()} retrying={isFetching} />
      )}
      {overview === undefined ? (
        error === null && (
          <>
            <TilesSkeleton />
            <QueueTableSkeleton />
          </>
        )
      ) : (
        <>
          {isNew(overview) && <FirstUse entity={entity} overview={overview} admin={admin} />}
          {some && (
            <>
              <Tiles entity={entity} overview={overview} />
              <QueueFilters filters={filters} />
              <QueueList entity={entity} overview={overview} filters={filters} />
            </>
          )}
        </>
      )}
    </>
  );
}

function QueueList({
  entity,
  overview,
  filters,
}: {
  entity: string;
  overview: Overview;
  filters: QueueFilterState;
}) {
  const { role } = useCurrentEntity();
  const [rows, setRows] = useState(QUEUE_ROWS);
  const queues = useQuery(queueQueries.table(entity, filters.query, rows));
  const shown = queues.data?.items ?? [];
  return (
    <>
      {queues.error !== null && (
        <ErrorCard
          className="mb-4"
          problem={queues.error}
          onRetry={() => void queues.refetch()}
          retrying={queues.isFetching}
        />
      )}
      {queues.data === undefined ? (
        queues.error === null && (
          <Card>
            <TableSkeleton rows={5} columns={9} label="Loading the queues" />
          </Card>
        )
      ) : (
        <Card aria-busy={queues.isPlaceholderData}>
          {shown.length > 0 ? (
            <QueueTable queues={shown} role={role} />
          ) : (
            <EmptyState
              icon={<SearchX aria-hidden />}
              title="No queue matches the filters"
              action={<Button onClick={filters.clear}>Clear filters</Button>}
            />
          )}
          {queues.data.more && (
            <div className="flex items-center justify-center gap-3 border-t border-line p-2 text-sm text-muted">
              {filters.active
                ? `${formatCount(shown.length)} shown`
                : `${formatCount(shown.length)} of ${formatCount(overview.queues)}`}
              <Button
                size="sm"
                variant="ghost"
                loading={queues.isPlaceholderData}
                onClick={() => setRows((before) => before + QUEUE_ROWS)}
              >
                Show more
              </Button>
            </div>
          )}
        </Card>
      )}
    </>
  );
}
