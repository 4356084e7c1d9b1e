'use client';
import { useQuery } from '@tanstack/react-query';
import { CircleCheck, LoaderCircle } from 'lucide-react';
import type { AgentToken } from '@/core/wire';
import { agentCommand } from '../lib/agent-command';
import { accessQueries } from '../lib/queries';
import { CodeBlock } from '../ui/code-block';
import { Notice } from '../ui/notice';

export interface ConnectAgentProps {
  entity: string;
  queues: readonly string[];
  token: AgentToken & { token: string };
}
/** How often it is asked whether the agent has called, should the event stream be away, milliseconds. */
const ASK_MS = 3_000;

/** The command, and a tick at the agent's first heartbeat. */
export function ConnectAgent({ entity, queues, token }: ConnectAgentProps) {
  const { data: agent } = useQuery({
    ...accessQueries.agentTokens(entity),
    select: ({ items }) => items.find(({ id }) => id === token.id)?.agents.find(({ online }) => online),
    refetchInterval: ({ state }) =>
      state.data?.items.find(({ id }) => id === token.id)?.agents.some(({ online }) => online)
        ? false
        : ASK_MS,
  });
  return (
    <div className="flex flex-col gap-4">
      <CodeBlock
        code={agentCommand({ baseUrl: window.location.origin, entity, queues, token: token.token })}
        label="Copy the command"
        wrap
      />
      <Notice tone="warn">
        The token is in the command and is shown only now. It is valid{' '}
        {token.expiresAt === null ? 'until it is revoked' : 'for 90 days'}; revoke it under Tokens &amp; keys.
      </Notice>
      <p className="text-sm text-muted">
        The agent needs Node.js 20.19 or newer and an installed{' '}
        <code className="font-mono text-ink">slipway</code>. For Docker queues it needs a Docker engine beside
        it. More than one run at a time: <code className="font-mono text-ink">--max-jobs 4</code>.
      </p>
      <div
        role="status"
        className="flex items-center gap-2.5 rounded-md border border-line bg-surface px-3 py-2.5 text-sm"
      >
        {agent === undefined ? (
          <>
            <LoaderCircle className="size-4 shrink-0 animate-spin text-muted" aria-hidden /> Waiting for the
            first heartbeat…
          </>
        ) : (
          <>
            <CircleCheck className="size-4 shrink-0 text-ok" aria-hidden />
            <span>
              <span className="font-medium">{agent.name}</span> is connected and takes runs.
            </span>
          </>
        )}
      </div>
    </div>
  );
}
