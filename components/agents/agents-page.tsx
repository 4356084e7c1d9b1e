'use client';
import { useQuery } from '@tanstack/react-query';
import { Plus, Server } from 'lucide-react';
import dynamic from 'next/dynamic';
import { queueQueries } from '../queues/queries';
import { setSearchParams, useSearchParam } from '../lib/search-param';
import { useCurrentEntity } from '../shell/current-entity';
import { Button } from '../ui/button';
import { Card } from '../ui/card';
import { EmptyState } from '../ui/empty-state';
import { ErrorCard } from '../ui/error-card';
import { PageHeader } from '../ui/page-header';
import { TableSkeleton } from '../ui/skeleton';
import { AgentDrawer } from './agent-drawer';
import { AgentTable } from './agent-table';
import { CoverStrip } from './cover-strip';

const AddAgentDialog = dynamic(() => import('./add-agent-dialog').then((module) => module.AddAgentDialog), {
  ssr: false,
});

/** The agents of an entity, and which queue has none. */
export function AgentsPage({ entity }: { entity: string }) {
  const agents = useQuery(queueQueries.agents(entity));
  const queues = useQuery(queueQueries.list(entity));
  const { role } = useCurrentEntity();
  const [add, setAdd] = useSearchParam('add');
  const [forQueue] = useSearchParam('queue');
  const [openId, setOpenId] = useSearchParam('agent');
  const admin = role === 'admin';
  const addButton = (
    <Button variant="primary" onClick={() => setAdd('1', 'push')}>
      <Plus aria-hidden /> Add agent
    </Button>
  );
  return (
    <>
      <PageHeader
        title="Agents"
        description="Processes in your own infrastructure that take runs from queues and watch over them."
        actions={admin && (agents.data?.length ?? 0) > 0 ? addButton : undefined}
      />
      {agents.error !== null && (
        <ErrorCard
          className="mb-4"
          problem={agents.error}
          onRetry={() => void agents.refetch()}
          retrying={agents.isFetching}
        />
      )}
      {queues.data !== undefined && queues.data.length > 0 && (
        <CoverStrip entity={entity} queues={queues.data} />
      )}
      <Card>
        {agents.data === undefined ? (
          agents.error === null && <TableSkeleton rows={4} columns={6} label="Loading the agents" />
        ) : agents.data.length > 0 ? (
          <AgentTable agents={agents.data} onOpen={(id) => setOpenId(id, 'push')} />
        ) : (
          <EmptyState
            icon={<Server aria-hidden />}
            title="No agent has connected yet"
            action={admin ? addButton : undefined}
          >
            {admin
              ? 'Runs wait in their queue until an agent takes them. You get a command to paste where the work shall run.'
              : `An admin of ${entity} can add one.`}
          </EmptyState>
        )}
      </Card>
      {openId !== '' && (
        <AgentDrawer
          entity={entity}
          id={openId}
          agents={agents.data}
          admin={admin}
          onClose={() => setOpenId('')}
        />
      )}
      {add === '1' && admin && (
        <AddAgentDialog
          entity={entity}
          queues={queues.data?.filter(({ servable }) => servable).map(({ name }) => name)}
          open
          preselected={forQueue}
          onOpenChange={(open) => !open && setSearchParams({ add: '', queue: '' })}
        />
      )}
    </>
  );
}
