'use client';
import { infiniteQueryOptions, useInfiniteQuery } from '@tanstack/react-query';
import { Download, ScrollText } from 'lucide-react';
import { useState } from 'react';
import type { AuditEvent, Page } from '@/core/wire';
import { api, path } from '../lib/api';
import { serverNow } from '../lib/clock';
import { useCurrentEntity } from '../shell/current-entity';
import { Button, buttonStyle } from '../ui/button';
import { Card } from '../ui/card';
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuTrigger,
} from '../ui/dropdown-menu';
import { EmptyState, NothingFound } from '../ui/empty-state';
import { PageHeader } from '../ui/page-header';
import { QueryView } from '../ui/query-view';
import { TableSkeleton } from '../ui/skeleton';
import { AuditFilterBar } from './audit-filter-bar';
import { AuditTable } from './audit-table';
import { useAuditFilters, type AuditFilters } from './filters';

const queryOf = ({ action, actor, target, from }: AuditFilters) => ({ action, actor, target, from });

const auditQuery = (entity: string, filters: AuditFilters) =>
  infiniteQueryOptions({
    queryKey: ['entity', entity, 'audit', queryOf(filters)],
    queryFn: ({ signal, pageParam }) =>
      api.get<Page<AuditEvent>>(`${path('entities', entity)}/audit`, {
        query: { ...queryOf(filters), limit: 100, cursor: pageParam },
        signal,
      }),
    initialPageParam: '',
    getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
    select: ({ pages }) => pages.flatMap(({ items }) => items),
  });

/** Who changed what in the entity, for its admins. */
export function AuditPage({ entity }: { entity: string }) {
  const { role } = useCurrentEntity();
  const [now] = useState(serverNow);
  const filters = useAuditFilters(now);
  const events = useInfiniteQuery({ ...auditQuery(entity, filters), enabled: role === 'admin' });
  if (role !== undefined && role !== 'admin') {
    return (
      <EmptyState page icon={<ScrollText aria-hidden />} title="The audit log is for admins">
        Your role in {entity} is {role}. Its admins are listed under Members.
      </EmptyState>
    );
  }
  return (
    <>
      <PageHeader
        title="Audit log"
        description="Every change of queues, secrets, tokens, agents and members, and every stop: who, when, what."
        actions={<ExportMenu entity={entity} filters={filters} />}
      />
      <AuditFilterBar filters={filters} />
      <Card>
        <QueryView
          query={events}
          skeleton={<TableSkeleton rows={8} columns={5} label="Loading the audit log" />}
          empty={
            filters.some ? (
              <NothingFound what="event" onClear={filters.clear} />
            ) : (
              <EmptyState icon={<ScrollText aria-hidden />} title="Nothing has been changed yet">
                The first queue, token or member appears here.
              </EmptyState>
            )
          }
        >
          {(items) => (
            <AuditTable
              events={items}
              onAction={(action) => filters.set({ action })}
              onActor={(actor) => filters.set({ actor })}
            />
          )}
        </QueryView>
      </Card>
      {events.hasNextPage && (
        <div className="mt-3 flex justify-center">
          <Button loading={events.isFetchingNextPage} onClick={() => void events.fetchNextPage()}>
            Show older
          </Button>
        </div>
      )}
    </>
  );
}

/** The whole log as far as the filters leave it, not only what the page has loaded. */
function ExportMenu({ entity, filters }: { entity: string; filters: AuditFilters }) {
  const href = (format: 'csv' | 'ndjson') => {
    const query = new URLSearchParams(Object.entries(queryOf(filters)).filter(([, value]) => value !== ''));
    query.set('format', format);
    return `/api/v1${path('entities', entity)}/audit/export?${query.toString()}`;
  };
  return (
    <DropdownMenu>
      <DropdownMenuTrigger className={buttonStyle()}>
        <Download aria-hidden /> Export
      </DropdownMenuTrigger>
      <DropdownMenuContent align="end">
        <DropdownMenuItem asChild>
          <a href={href('csv')} download>
            CSV, for spreadsheets
          </a>
        </DropdownMenuItem>
        <DropdownMenuItem asChild>
          <a href={href('ndjson')} download>
            NDJSON, one event a line
          </a>
        </DropdownMenuItem>
      </DropdownMenuContent>
    </DropdownMenu>
  );
}
