'use client';
import { useQuery } from '@tanstack/react-query';
import { Bot } from 'lucide-react';
import type { AgentToken } from '@/core/wire';
import { agentCommand } from '../lib/agent-command';
import { revokeAgentToken, rotateAgentToken } from '../lib/changes';
import { accessQueries } from '../lib/queries';
import { useCurrentEntity } from '../shell/current-entity';
import { Badge } from '../ui/badge';
import { EmptyState } from '../ui/empty-state';
import { CreateTokenDialog, type NewToken } from './create-token-dialog';
import { Credentials } from './credentials';
import type { CredentialColumn } from './credential-table';

const COLUMNS: readonly CredentialColumn<AgentToken>[] = [
  {
    header: 'Queues',
    cell: ({ queues }) =>
      queues.length === 0 ? (
        <Badge>every queue</Badge>
      ) : (
        <span className="block truncate">{queues.join(', ')}</span>
      ),
  },
  {
    header: 'Agents',
    cell: ({ agents }) =>
      agents.length === 0 ? (
        <span className="text-faint">none</span>
      ) : (
        <span className="block truncate">
          {agents.map(({ name, online }) => (online ? name : `${name} (offline)`)).join(', ')}
        </span>
      ),
  },
];

/** Tokens that agents of the entity sign in with; for admins. */
export function AgentTokens({ entity }: { entity: string }) {
  const { role } = useCurrentEntity();
  const tokens = useQuery({ ...accessQueries.agentTokens(entity), enabled: role === 'admin' });
  if (role !== undefined && role !== 'admin') {
    return (
      <EmptyState icon={<Bot aria-hidden />} title="Agent tokens are for admins">
        Your role in {entity} is {role}. Its admins are listed under Members.
      </EmptyState>
    );
  }
  const secretOf = (made: NewToken) => ({
    credential: made,
    secret: made.token,
    usage: {
      intro: 'To start an agent with it:',
      command: agentCommand({
        baseUrl: window.location.origin,
        entity,
        queues: made.queues,
        token: made.token,
      }),
    },
  });
  return (
    <Credentials
      title="Agent tokens"
      description="An agent signs in with one. It sees and leases only the queues that the token covers."
      noun="token"
      label="Agent tokens"
      query={tokens}
      columns={COLUMNS}
      empty={
        <EmptyState icon={<Bot aria-hidden />} title="No agent token yet">
          The quickest way is <span className="font-medium text-ink">Add agent</span> on the agents page: it
          makes the token and the command.
        </EmptyState>
      }
      createDialog={({ onClose, onCreated }) =>
        role === 'admin' && (
          <CreateTokenDialog
            entity={entity}
            onClose={onClose}
            onCreated={(made) => onCreated(secretOf(made))}
          />
        )
      }
      rotate={async ({ id }) => secretOf(await rotateAgentToken(entity, id))}
      revoke={{
        description: 'It stops working at once and cannot be brought back.',
        effect: ({ agents }) => <CutOff agents={agents} />,
        send: ({ id }) => revokeAgentToken(entity, id),
      }}
    />
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
