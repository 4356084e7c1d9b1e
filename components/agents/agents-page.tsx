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
import { PageHeader } from '../ui/page-header';
import { QueryView } from '../ui/query-view';
import { Skeleton, TableSkeleton } from '../ui/skeleton';
import { AgentDrawer } from './agent-drawer';
import { AgentTable } from './agent-table';
import { CoverStrip } from './cover-strip';
import { PauseSickSwitch, SickAgents } from './sick-agents';

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
  const open = (id: string) => setOpenId(id, 'push');
  const some = (agents.data?.length ?? 0) > 0;
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
        actions={admin && some ? addButton : undefined}
      />
      <SickAgents agents={agents.data ?? []} onOpen={open} />
      <QueryView
        query={queues}
        skeleton={<Skeleton className="mb-4 h-8 w-64 rounded-full" />}
        errorClassName="mb-4"
      >
        {(data) => <CoverStrip entity={entity} queues={data} />}
      </QueryView>
      <Card>
        <QueryView
          query={agents}
          skeleton={<TableSkeleton rows={4} columns={7} label="Loading the agents" />}
          empty={
            <EmptyState
              icon={<Server aria-hidden />}
              title="No agent has connected yet"
              action={admin ? addButton : undefined}
            >
              {admin
                ? 'Runs wait in their queue until an agent takes them. You get a command to paste where the work shall run.'
                : `An admin of ${entity} can add one.`}
            </EmptyState>
          }
        >
          {(data) => <AgentTable agents={data} onOpen={open} />}
        </QueryView>
      </Card>
      {some && (
        <div className="mt-4">
          <PauseSickSwitch entity={entity} admin={admin} />
        </div>
      )}
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
          preselected={forQueue}
          open
          onOpenChange={() => setSearchParams({ add: '', queue: '' })}
        />
      )}
    </>
  );
}
