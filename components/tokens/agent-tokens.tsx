'use client';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Bot, Plus } from 'lucide-react';
import { useState } from 'react';
import type { AgentToken } from '@/core/wire';
import { agentCommand } from '../lib/agent-command';
import { revokeAgentToken } from '../lib/changes';
import { accessQueries } from '../lib/queries';
import { useSearchParam } from '../lib/search-param';
import { useCurrentEntity } from '../shell/current-entity';
import { Button } from '../ui/button';
import { SectionCard } from '../ui/card';
import { CodeBlock } from '../ui/code-block';
import { ConfirmDialog } from '../ui/confirm-dialog';
import { EmptyState } from '../ui/empty-state';
import { ErrorCard } from '../ui/error-card';
import { TableSkeleton } from '../ui/skeleton';
import { AgentTokenTable } from './agent-token-table';
import { CreateTokenDialog, type NewToken } from './create-token-dialog';
import { SecretOnce } from './secret-once';

/** Tokens that agents of the entity sign in with; for admins. */
export function AgentTokens({ entity }: { entity: string }) {
  const { role } = useCurrentEntity();
  const tokens = useQuery({ ...accessQueries.agentTokens(entity), enabled: role === 'admin' });
  const client = useQueryClient();
  const [create, setCreate] = useSearchParam('create');
  const [made, setMade] = useState<NewToken>();
  const [revoking, setRevoking] = useState<AgentToken>();
  const renew = () => client.invalidateQueries({ queryKey: accessQueries.agentTokens(entity).queryKey });
  if (role !== undefined && role !== 'admin') {
    return (
      <EmptyState icon={<Bot aria-hidden />} title="Agent tokens are for admins">
        Your role in {entity} is {role}. Its admins are listed under Members.
      </EmptyState>
    );
  }
  const button = (
    <Button variant="primary" onClick={() => setCreate('1', 'push')}>
      <Plus aria-hidden /> Create token
    </Button>
  );
  return (
    <>
      <SectionCard
        title="Agent tokens"
        description="An agent signs in with one. It sees and leases only the queues that the token covers."
        actions={button}
        flush
      >
        {tokens.error !== null && (
          <ErrorCard
            className="m-4"
            problem={tokens.error}
            onRetry={() => void tokens.refetch()}
            retrying={tokens.isFetching}
          />
        )}
        {tokens.data === undefined ? (
          tokens.error === null && <TableSkeleton rows={3} columns={6} label="Loading the tokens" />
        ) : tokens.data.length > 0 ? (
          <AgentTokenTable tokens={tokens.data} onRevoke={setRevoking} />
        ) : (
          <EmptyState icon={<Bot aria-hidden />} title="No agent token yet">
            The quickest way is <span className="font-medium text-ink">Add agent</span> on the agents page: it
            makes the token and the command.
          </EmptyState>
        )}
      </SectionCard>
      {create === '1' && role === 'admin' && (
        <CreateTokenDialog
          entity={entity}
          onClose={() => setCreate('')}
          onCreated={(token) => {
            setCreate('');
            setMade(token);
            void renew();
          }}
        />
      )}
      {made !== undefined && (
        <SecretOnce
          title={`Token ${made.name}`}
          secret={made.token}
          copyLabel="Copy the token"
          onClose={() => setMade(undefined)}
        >
          <div>
            <p className="mb-2 text-sm text-muted">To start an agent with it:</p>
            <CodeBlock
              code={agentCommand({
                baseUrl: window.location.origin,
                entity,
                queues: made.queues,
                token: made.token,
              })}
              label="Copy the command"
              wrap
            />
          </div>
        </SecretOnce>
      )}
      {revoking !== undefined && (
        <ConfirmDialog
          open
          danger
          onOpenChange={(open) => !open && setRevoking(undefined)}
          title={`Revoke ${revoking.name}`}
          description="It stops working at once and cannot be brought back."
          confirmLabel="Revoke token"
          onConfirm={async () => {
            await revokeAgentToken(entity, revoking.id);
            await renew();
          }}
        >
          <CutOff agents={revoking.agents} />
        </ConfirmDialog>
      )}
    </>
  );
}

function CutOff({ agents }: { agents: AgentToken['agents'] }) {
  if (agents.length === 0) return <p className="text-sm text-muted">No agent uses it.</p>;
  return (
    <div className="text-sm">
      <p className="mb-1 font-medium">This cuts off:</p>
      <ul className="list-disc pl-5 text-muted">
        {agents.map(({ id, name, online }) => (
          <li key={id}>
            {name}
            {online && (
              <span className="font-medium text-danger"> (online now; its runs will be taken from it)</span>
            )}
          </li>
        ))}
      </ul>
    </div>
  );
}
