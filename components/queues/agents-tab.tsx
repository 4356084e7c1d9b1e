'use client';
import { useQuery } from '@tanstack/react-query';
import { Bot, PlugZap } from 'lucide-react';
import Link from 'next/link';
import { quoteCommand } from '@/core/command';
import { RESOURCE_INFO } from '@/core/queue-config';
import type { Queue } from '@/core/wire';
import { cn } from '../lib/cn';
import { Button } from '../ui/button';
import { Card } from '../ui/card';
import { CodeBlock } from '../ui/code-block';
import { EmptyState } from '../ui/empty-state';
import { ErrorCard } from '../ui/error-card';
import { TableSkeleton } from '../ui/skeleton';
import { AgentStatusBadge } from '../ui/state-badge';
import { Table, TableBody, TableHead, Td, Th, Tr } from '../ui/table';
import { RelativeTime } from '../ui/time';
import { queueQueries } from './queries';
import { useRole } from './use-role';

/** The agents that serve a queue, or how to start the first. */
export function AgentsTab({ queue }: { queue: Queue }) {
  const { data, error, refetch, isFetching } = useQuery(queueQueries.agents(queue.entity));
  if (!queue.servable) {
    return (
      <Card>
        <EmptyState
          icon={<Bot aria-hidden />}
          title={`No agent of this release runs ${RESOURCE_INFO[queue.resource].label} queues yet`}
        >
          The configuration is checked, and launches can be previewed; runs wait until an agent can take them.
        </EmptyState>
      </Card>
    );
  }
  if (error !== null && data === undefined)
    return <ErrorCard problem={error} onRetry={() => void refetch()} retrying={isFetching} />;
  if (data === undefined) return <TableSkeleton rows={3} columns={5} label="Loading the agents" />;
  const serving = data
    .filter((agent) => agent.queues.some((each) => each.name === queue.name))
    .sort((a, b) => Number(b.status === 'online') - Number(a.status === 'online'));
  return (
    <div className="flex flex-col gap-4">
      {queue.agents.online === 0 && <NoAgentBanner queue={queue} />}
      {serving.length > 0 && (
        <Card>
          <Table label="Agents of this queue">
            <TableHead>
              <Th>Agent</Th>
              <Th>Status</Th>
              <Th>Host</Th>
              <Th numeric>Runs</Th>
              <Th>Now running</Th>
              <Th>Last heartbeat</Th>
              <Th>Version</Th>
            </TableHead>
            <TableBody>
              {serving.map((agent) => (
                <Tr key={agent.id}>
                  <Td className="font-medium">{agent.name}</Td>
                  <Td label="Status">
                    <AgentStatusBadge status={agent.status} />
                    {agent.pauseNote !== null && agent.pauseNote !== '' && (
                      <span className="ml-2 text-xs text-muted">{agent.pauseNote}</span>
                    )}
                  </Td>
                  <Td label="Host" className="text-muted">
                    {agent.hostname}
                  </Td>
                  <Td label="Runs" numeric>
                    {agent.running.length} / {agent.maxJobs === -1 ? '∞' : agent.maxJobs}
                  </Td>
                  <Td label="Now running">
                    {agent.running.length === 0
                      ? '–'
                      : agent.running.slice(0, 3).map((run, index) => (
                          <span key={run.id}>
                            {index > 0 && ', '}
                            <Link href={`/runs/${run.id}`} className="text-accent-ink hover:underline">
                              {run.name}
                            </Link>
                          </span>
                        ))}
                    {agent.running.length > 3 && ` and ${agent.running.length - 3} more`}
                  </Td>
                  <Td label="Last heartbeat" className="text-muted">
                    <RelativeTime at={agent.lastHeartbeatAt} />
                  </Td>
                  <Td label="Version" className="text-muted">
                    {agent.version}
                  </Td>
                </Tr>
              ))}
            </TableBody>
          </Table>
        </Card>
      )}
    </div>
  );
}

/** Nothing serves the queue: how to start an agent. */
export function NoAgentBanner({ queue, className }: { queue: Queue; className?: string }) {
  const { mayAdminister } = useRole(queue.entity);
  const command = `slipway ${quoteCommand(['launch-agent', '-q', queue.name, '-e', queue.entity])}`;
  return (
    <section
      aria-label="No agent"
      className={cn('rounded-lg border border-danger/35 bg-danger-soft p-4', className)}
    >
      <div className="flex flex-wrap items-start gap-3">
        <PlugZap className="mt-0.5 size-5 shrink-0 text-danger" aria-hidden />
        <div className="min-w-0 flex-1">
          <h2 className="font-semibold">Add an agent</h2>
          <p className="mt-0.5 text-sm text-muted">
            {queue.agents.everHad
              ? 'No agent is online for this queue, so nothing starts.'
              : 'This queue never had an agent. Its runs wait until one is started.'}{' '}
            Start one on a machine that can run {RESOURCE_INFO[queue.resource].label} jobs:
          </p>
        </div>
        {mayAdminister && (
          <Button asChild size="sm">
            <Link
              href={`/${encodeURIComponent(queue.entity)}/agents?add=1&queue=${encodeURIComponent(queue.name)}`}
            >
              Make a token and command
            </Link>
          </Button>
        )}
      </div>
      <CodeBlock code={command} label="Copy the command" wrap className="mt-3" />
      <p className="mt-2 text-xs text-muted">
        It takes the server from <code className="font-mono">SLIPWAY_BASE_URL</code> and an agent token from{' '}
        <code className="font-mono">SLIPWAY_AGENT_TOKEN</code>.
      </p>
    </section>
  );
}
