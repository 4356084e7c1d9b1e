'use client';
import { useQuery } from '@tanstack/react-query';
import { Plus, Rocket, SearchX } from 'lucide-react';
import Link from 'next/link';
import { useLaunchHref } from '../launch';
import { queueQueries } from '../queues/queries';
import { useCurrentEntity } from '../shell/current-entity';
import { Button } from '../ui/button';
import { Card } from '../ui/card';
import { EmptyState } from '../ui/empty-state';
import { ErrorCard } from '../ui/error-card';
import { PageHeader } from '../ui/page-header';
import { TableSkeleton } from '../ui/skeleton';
import { FirstUse } from './first-use';
import { TilesSkeleton } from './home-skeleton';
import { QueueFilters, useQueueFilters } from './queue-filters';
import { QueueTable } from './queue-table';
import { Tiles } from './tiles';

/** The Launch home: the queues of an entity, what moves in them and what does not. */
export function QueuesHome({ entity }: { entity: string }) {
  const queues = useQuery(queueQueries.list(entity));
  const agents = useQuery(queueQueries.agents(entity));
  const { role } = useCurrentEntity();
  const filters = useQueueFilters();
  const launchHref = useLaunchHref();
  const all = queues.data;
  const shown = all?.filter(filters.matches) ?? [];
  const admin = role === 'admin';
  return (
    <>
      <PageHeader
        title="Queues"
        actions={
          <>
            {(all?.length ?? 0) > 0 && role !== 'viewer' && (
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
      {queues.error !== null && (
        <ErrorCard
          className="mb-4"
          problem={queues.error}
          onRetry={() => void queues.refetch()}
          retrying={queues.isFetching}
        />
      )}
      {all === undefined ? (
        queues.error === null && (
          <>
            <TilesSkeleton />
            <Card>
              <TableSkeleton rows={5} columns={7} label="Loading the queues" />
            </Card>
          </>
        )
      ) : (
        <>
          <FirstUse entity={entity} queues={all} agents={agents.data} admin={admin} />
          {all.length > 0 && (
            <>
              <Tiles entity={entity} queues={all} agents={agents.data} />
              <QueueFilters filters={filters} />
              <Card>
                {shown.length > 0 ? (
                  <QueueTable queues={shown} role={role} />
                ) : (
                  <EmptyState
                    icon={<SearchX aria-hidden />}
                    title="No queue matches the filters"
                    action={<Button onClick={filters.clear}>Clear filters</Button>}
                  />
                )}
              </Card>
            </>
          )}
        </>
      )}
    </>
  );
}
