'use client';
import { TriangleAlert } from 'lucide-react';
import type { Agent } from '@/core/wire';
import { AgentStatusBadge } from '../ui/state-badge';
import { Table, TableBody, TableHead, Td, Th, Tr, rowLink } from '../ui/table';
import { RelativeTime } from '../ui/time';

/** Slots used and allowed: `2 / 4`, `2 / no limit`. */
export const slotsOf = ({ running, maxJobs }: Agent): string =>
  `${running.length} / ${maxJobs < 0 ? 'no limit' : maxJobs}`;

/** Agents as rows; the row opens the details. */
export function AgentTable({ agents, onOpen }: { agents: readonly Agent[]; onOpen: (id: string) => void }) {
  return (
    <Table label="Agents">
      <TableHead>
        <Th>Agent</Th>
        <Th>Status</Th>
        <Th>Queues</Th>
        <Th numeric>Slots used</Th>
        <Th>Last heartbeat</Th>
        <Th>Version</Th>
      </TableHead>
      <TableBody>
        {agents.map((agent) => {
          const missing = agent.queues.filter(({ exists }) => !exists).length;
          return (
            <Tr key={agent.id}>
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
                <AgentStatusBadge status={agent.status} />
                {agent.pauseNote !== null && agent.pauseNote !== '' && (
                  <span className="mt-0.5 block max-w-56 truncate text-xs text-muted">{agent.pauseNote}</span>
                )}
              </Td>
              <Td label="Queues" className="max-w-72">
                <span className="block truncate">{agent.queues.map(({ name }) => name).join(', ')}</span>
                {missing > 0 && (
                  <span className="flex items-center gap-1 text-xs text-warn">
                    <TriangleAlert className="size-3" aria-hidden />{' '}
                    {missing === 1 ? 'one does not exist' : `${missing} do not exist`}
                  </span>
                )}
              </Td>
              <Td label="Slots used" numeric>
                {slotsOf(agent)}
              </Td>
              <Td label="Last heartbeat">
                <span className="relative z-10">
                  <RelativeTime at={agent.lastHeartbeatAt} />
                </span>
              </Td>
              <Td label="Version" className="text-muted">
                {agent.version}
              </Td>
            </Tr>
          );
        })}
      </TableBody>
    </Table>
  );
}
