'use client';
import { useQuery } from '@tanstack/react-query';
import { CircleCheck, LoaderCircle } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import type { AgentToken, ResourceId } from '@/core/wire';
import { agentCommand, dockerAgentCommand, systemdAgentCommand } from '../lib/agent-command';
import { accessQueries } from '../lib/queries';
import { queueQueries } from '../queues/queries';
import { CodeBlock } from '../ui/code-block';
import { Notice } from '../ui/notice';
import { PanelTabs } from '../ui/tabs';

export interface ConnectAgentProps {
  entity: string;
  queues: readonly string[];
  token: AgentToken & { token: string };
}
type Way = 'cli' | 'docker' | 'systemd';
/** How often it is asked whether the agent has called, should the event stream be away, milliseconds. */
const ASK_MS = 3_000;

/** The command for each way to run an agent, and a tick at its first heartbeat. */
export function ConnectAgent({ entity, queues, token }: ConnectAgentProps) {
  const [way, setWay] = useState<Way>('cli');
  const { data: known = [] } = useQuery(queueQueries.list(entity));
  const needs = (wanted: ResourceId) =>
    known.some(({ name, resource }) => resource === wanted && queues.includes(name));
  const docker = needs('local-container');
  const processes = needs('local-process');
  const line = {
    baseUrl: window.location.origin,
    entity,
    queues,
    token: token.token,
    docker,
  };
  const panel = (code: string, note: ReactNode) => (
    <>
      <CodeBlock code={code} label="Copy the command" wrap />
      <p className="mt-2 text-sm text-muted">{note}</p>
    </>
  );
  return (
    <div className="flex flex-col gap-4">
      <PanelTabs
        label="How to run it"
        value={way}
        onValueChange={setWay}
        items={[
          {
            value: 'cli',
            label: 'CLI',
            content: panel(
              agentCommand(line),
              <>
                In a terminal, to try it out. It needs Node.js 20.19 or newer and an installed{' '}
                <Code>slipway</Code>
                {docker && ', and a Docker engine beside it'}. More than one run at a time:{' '}
                <Code>--max-jobs 4</Code>.
              </>,
            ),
          },
          {
            value: 'docker',
            label: 'Docker',
            content: panel(
              dockerAgentCommand(line),
              <>
                With the image of <Code>deploy/docker/Dockerfile</Code>
                {docker && ', to which the docker command was added (see the guide of agents, “In Docker”)'}.
                {processes && (
                  <span className="font-medium text-warn">
                    {' '}
                    Not good for local-process queues: their programs end with the agent’s container.
                  </span>
                )}
              </>,
            ),
          },
          {
            value: 'systemd',
            label: 'systemd',
            content: panel(
              systemdAgentCommand(line),
              <>
                As a service that starts with the machine, under a user of its own. Runs go on over its
                restarts. Its log: <Code>journalctl -u slipway-agent -f</Code>.
              </>,
            ),
          },
        ]}
      />
      <Notice tone="warn">
        The token is in the command and is shown only now. It is valid{' '}
        {token.expiresAt === null ? 'until it is revoked' : 'for 90 days'}; revoke it under Tokens &amp; keys.
      </Notice>
      <FirstHeartbeat entity={entity} tokenId={token.id} />
    </div>
  );
}

function FirstHeartbeat({ entity, tokenId }: { entity: string; tokenId: string }) {
  const { data: agent } = useQuery({
    ...accessQueries.agentTokens(entity),
    select: ({ items }) => items.find(({ id }) => id === tokenId)?.agents.find(({ online }) => online),
    refetchInterval: ({ state }) =>
      state.data?.items.find(({ id }) => id === tokenId)?.agents.some(({ online }) => online)
        ? false
        : ASK_MS,
  });
  return (
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
  );
}

const Code = ({ children }: { children: ReactNode }) => (
  <code className="font-mono text-ink">{children}</code>
);
