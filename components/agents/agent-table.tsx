'use client';
import { ArrowUpCircle, HeartPulse, TriangleAlert } from 'lucide-react';
import type { Agent } from '@/core/wire';
import { cn } from '../lib/cn';
import { rowProps, useRowKeys } from '../lib/row-keys';
import { useServerVersion } from '../lib/server-version';
import { Badge } from '../ui/badge';
import { AgentStatusBadge } from '../ui/state-badge';
import { Table, TableBody, TableHead, Td, Th, Tr, rowLink } from '../ui/table';
import { RelativeTime } from '../ui/time';
import { Tooltip } from '../ui/tooltip';

/** Slots used and allowed: `2 / 4`, `2 / no limit`. */
export const slotsOf = ({ running, maxJobs }: Agent): string =>
  `${running.length} / ${maxJobs < 0 ? 'no limit' : maxJobs}`;

/** Agents as rows; the row opens the details. */
export function AgentTable({ agents, onOpen }: { agents: readonly Agent[]; onOpen: (id: string) => void }) {
  useRowKeys({ ids: agents.map(({ id }) => id), onOpen, onPeek: onOpen, group: 'Agents' });
  return (
    <Table label="Agents" sticky>
      <TableHead>
        <Th>Agent</Th>
        <Th>Status</Th>
        <Th>Queues</Th>
        <Th>Slots used</Th>
        <Th>Failures in last 20</Th>
        <Th>Last heartbeat</Th>
        <Th>Version</Th>
      </TableHead>
      <TableBody>
        {agents.map((agent) => (
          <Tr key={agent.id} {...rowProps(agent.id)}>
            <Td className="max-w-72 py-2">
              <button
                type="button"
                onClick={() => onOpen(agent.id)}
                className={`${rowLink} block max-w-full truncate text-left`}
              >
                {agent.name}
              </button>
              {agent.hostname !== agent.name && (
                <span className="block truncate text-xs text-muted">{agent.hostname}</span>
              )}
            </Td>
            <Td label="Status">
              <AgentStatus agent={agent} />
            </Td>
            <Td label="Queues" className="max-w-72">
              <Queues agent={agent} />
            </Td>
            <Td label="Slots used">
              <Slots agent={agent} />
            </Td>
            <Td label="Failures in last 20">
              <Failures agent={agent} />
            </Td>
            <Td label="Last heartbeat">
              <span className="relative z-10">
                <RelativeTime at={agent.lastHeartbeatAt} />
              </span>
            </Td>
            <Td label="Version" className="text-muted">
              <Version agent={agent} />
            </Td>
          </Tr>
        ))}
      </TableBody>
    </Table>
  );
}

/** Status, sickness, and the note of a pause. */
export function AgentStatus({ agent: { status, health, pauseNote, pausedBy } }: { agent: Agent }) {
  const note = pauseNote === null || pauseNote === '' ? undefined : pauseNote;
  return (
    <>
      <span className="flex flex-wrap items-center gap-1">
        <AgentStatusBadge status={status} />
        {health.sick && (
          <Badge tone="danger" icon={<HeartPulse aria-hidden />}>
            Sick
          </Badge>
        )}
      </span>
      {status === 'paused' && (
        <span className="mt-0.5 block max-w-56 truncate text-xs text-muted">
          by {pausedBy ?? 'Slipway'}
          {note !== undefined && `: ${note}`}
        </span>
      )}
    </>
  );
}

function Queues({ agent }: { agent: Agent }) {
  const missing = agent.queues.filter(({ exists }) => !exists).length;
  return (
    <>
      <span className="block truncate">{agent.queues.map(({ name }) => name).join(', ')}</span>
      {missing > 0 && (
        <span className="flex items-center gap-1 text-xs text-warn">
          <TriangleAlert className="size-3" aria-hidden />{' '}
          {missing === 1 ? 'one does not exist' : `${missing} do not exist`}
        </span>
      )}
    </>
  );
}

function Slots({ agent }: { agent: Agent }) {
  const { running, maxJobs } = agent;
  return (
    <span className="flex items-center gap-2 tabular-nums">
      {maxJobs > 0 && (
        <span aria-hidden className="h-1.5 w-12 overflow-hidden rounded-full bg-neutral-soft">
          <span
            className="block h-full rounded-full bg-accent"
            style={{ width: `${Math.min(100, (100 * running.length) / maxJobs)}%` }}
          />
        </span>
      )}
      {slotsOf(agent)}
    </span>
  );
}

function Failures({ agent: { health } }: { agent: Agent }) {
  if (health.recentEnded === 0) return <span className="text-faint">no runs yet</span>;
  const many = health.recentFailed * 2 >= health.recentEnded && health.recentFailed > 0;
  return (
    <span className={cn('tabular-nums', many ? 'font-medium text-danger' : 'text-muted')}>
      {health.recentFailed} of {health.recentEnded}
    </span>
  );
}

/** Agents of another version than the server's are marked: they go on working, but lack what came since. */
function Version({ agent: { version } }: { agent: Agent }) {
  const server = useServerVersion();
  if (server === undefined || server === version) return version;
  return (
    <Tooltip content={`The server is ${server}. Update the agent when it has drained.`}>
      <span tabIndex={0} className="relative z-10 inline-flex items-center gap-1 text-warn">
        {version} <ArrowUpCircle className="size-3.5" aria-hidden />
        <span className="sr-only">(not the version of the server)</span>
      </span>
    </Tooltip>
  );
}
