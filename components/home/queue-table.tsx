'use client';
import Link from 'next/link';
// Not from the index: the checks there bring the schemas with them, which the first load can do without.
import { RESOURCE_INFO } from '@/core/queue-config/resources';
import type { QueueSummary, RoleName } from '@/core/wire';
import { formatCount } from '../lib/format';
import { ResourceIcon } from '../ui/resource-icon';
import { QueueStateBadge } from '../ui/state-badge';
import { Table, TableBody, TableHead, Td, Th, Tr, rowLink } from '../ui/table';
import { Duration } from '../ui/time';
import { QueueMenu } from './queue-menu';

/** Queues as rows; as cards on a phone. */
export function QueueTable({
  queues,
  role,
}: {
  queues: readonly QueueSummary[];
  role: RoleName | undefined;
}) {
  return (
    <Table label="Queues">
      <TableHead>
        <Th>Queue</Th>
        <Th>State</Th>
        <Th numeric>Waiting</Th>
        <Th numeric>In flight</Th>
        <Th>Oldest wait</Th>
        <Th>Agents</Th>
        <Th>
          <span className="sr-only">Actions</span>
        </Th>
      </TableHead>
      <TableBody>
        {queues.map((queue) => (
          <QueueRow key={queue.id} queue={queue} role={role} />
        ))}
      </TableBody>
    </Table>
  );
}

function QueueRow({ queue, role }: { queue: QueueSummary; role: RoleName | undefined }) {
  const { counts, agents, maxInFlight } = queue;
  const full = maxInFlight !== null && counts.inFlight >= maxInFlight;
  return (
    <Tr>
      <Td className="max-w-96 py-2">
        <span className="flex items-center gap-2.5">
          <span
            title={RESOURCE_INFO[queue.resource].label}
            className="grid size-7 shrink-0 place-items-center rounded-md bg-neutral-soft text-muted"
          >
            <ResourceIcon resource={queue.resource} className="size-4" />
          </span>
          <span className="min-w-0">
            <Link
              href={`/${encodeURIComponent(queue.entity)}/queues/${encodeURIComponent(queue.name)}`}
              className={`${rowLink} block truncate`}
            >
              {queue.name}
            </Link>
            <span className="block truncate text-xs text-muted">
              {[RESOURCE_INFO[queue.resource].label, queue.description].filter(Boolean).join(' · ')}
            </span>
          </span>
        </span>
      </Td>
      <Td label="State">
        <QueueStateBadge queue={queue} />
        {queue.paused !== null && (
          <span className="mt-0.5 block max-w-56 truncate text-xs text-muted" title={queue.paused.note}>
            {queue.paused.note === '' ? `by ${queue.paused.by}` : queue.paused.note}
          </span>
        )}
      </Td>
      <Td label="Waiting" numeric className={counts.waiting === 0 ? 'text-faint' : 'font-medium'}>
        {formatCount(counts.waiting)}
      </Td>
      <Td label="In flight" numeric className={counts.inFlight === 0 ? 'text-faint' : 'font-medium'}>
        {formatCount(counts.inFlight)}
        {maxInFlight !== null && (
          <span className="font-normal text-muted"> / {formatCount(maxInFlight)}</span>
        )}
        {full && <span className="block text-xs font-normal text-warn">at limit</span>}
      </Td>
      <Td label="Oldest wait">
        {queue.oldestWaitingSince === null ? (
          <span className="text-faint">–</span>
        ) : (
          <Duration from={queue.oldestWaitingSince} />
        )}
      </Td>
      <Td label="Agents">
        {agents.online === 0 ? (
          <span className={queue.servable ? 'text-muted' : 'text-faint'}>
            {queue.servable ? (agents.everHad ? 'none online' : 'never had one') : '–'}
          </span>
        ) : (
          <span className="tabular-nums">
            {formatCount(agents.online)} online
            <span className="block text-xs text-muted">
              {agents.slots === null
                ? `${formatCount(agents.busy)} busy`
                : `${formatCount(agents.busy)} of ${formatCount(agents.slots)} busy`}
            </span>
          </span>
        )}
      </Td>
      <Td className="w-10 text-right max-sm:absolute max-sm:top-2 max-sm:right-3">
        <span className="relative z-10">
          <QueueMenu queue={queue} role={role} />
        </span>
      </Td>
    </Tr>
  );
}
