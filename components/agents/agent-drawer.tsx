'use client';
import type { Agent } from '@/core/wire';
import { EmptyState } from '../ui/empty-state';
import { Sheet } from '../ui/sheet';
import { Skeleton } from '../ui/skeleton';
import { AgentActions } from './agent-actions';
import { AgentDetails } from './agent-details';

export interface AgentDrawerProps {
  entity: string;
  id: string;
  /** undefined while the list is loading. */
  agents: readonly Agent[] | undefined;
  admin: boolean;
  onClose: () => void;
}

/** An agent: what it runs and ran, how it is configured, and what can be asked of it. */
export function AgentDrawer({ entity, id, agents, admin, onClose }: AgentDrawerProps) {
  const agent = agents?.find((each) => each.id === id);
  return (
    <Sheet
      open
      onOpenChange={(open) => !open && onClose()}
      title={agent?.name ?? 'Agent'}
      description={agent?.hostname}
      size="lg"
      footer={agent !== undefined && admin ? <AgentActions entity={entity} agent={agent} /> : undefined}
    >
      {agent === undefined ? (
        agents === undefined ? (
          <Skeleton className="h-40 w-full" />
        ) : (
          <EmptyState title="This agent is not known any more">
            Agents that have been gone for long are removed from the list.
          </EmptyState>
        )
      ) : (
        <AgentDetails agent={agent} entity={entity} />
      )}
    </Sheet>
  );
}
