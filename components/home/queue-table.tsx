'use client';
import { ChevronRight } from 'lucide-react';
import dynamic from 'next/dynamic';
import Link from 'next/link';
// Not from the index: the checks there bring the schemas with them, which the first load can do without.
import { RESOURCE_INFO } from '@/core/queue-config/resources';
import type { QueueSummary, RoleName } from '@/core/wire';
import { cn } from '../lib/cn';
import { formatCount, formatDuration } from '../lib/format';
import { useSearchParam } from '../lib/search-param';
import { queuePage } from '../queues/queries';
import { ResourceIcon } from '../ui/resource-icon';
import { QueueStateBadge } from '../ui/state-badge';
import { Table, TableBody, TableHead, Td, Th, Tr, rowLink } from '../ui/table';
import { Duration } from '../ui/time';
import { QueueMenu } from './queue-menu';
import { Sparkline } from './sparkline';

const InFlightRow = dynamic(() => import('./in-flight-row').then((module) => module.InFlightRow), {
  ssr: false,
});

const COLUMNS = 9;
/** A column that a tablet has no room for; cards show it again. */
const SPACIOUS = 'sm:max-xl:hidden';

/** Queues as rows; as cards on a phone. The rows that are folded out are in the address. */
export function QueueTable({
  queues,
  role,
}: {
  queues: readonly QueueSummary[];
  role: RoleName | undefined;
}) {
  const [address, setAddress] = useSearchParam('open');
  const open = address === '' ? [] : address.split(',');
  const toggle = (name: string) =>
    setAddress((open.includes(name) ? open.filter((each) => each !== name) : [...open, name]).join(','));
  return (
    <Table label="Queues">
      <TableHead>
        <Th>Queue</Th>
        <Th>State</Th>
        <Th numeric>Waiting</Th>
        <Th numeric>In flight</Th>
        <Th numeric>Oldest wait</Th>
        <Th numeric className={SPACIOUS}>
          p95 wait
        </Th>
        <Th numeric className={SPACIOUS}>
          Failures 24 h
        </Th>
        <Th>Agents</Th>
        <Th>
          <span className="sr-only">Actions</span>
        </Th>
      </TableHead>
      <TableBody>
        {queues.map((queue) => (
          <QueueRow
            key={queue.id}
            queue={queue}
            role={role}
            open={open.includes(queue.name)}
            onToggle={() => toggle(queue.name)}
          />
        ))}
      </TableBody>
    </Table>
  );
}

function QueueRow({
  queue,
  role,
  open,
  onToggle,
}: {
  queue: QueueSummary;
  role: RoleName | undefined;
  open: boolean;
  onToggle: () => void;
}) {
  const { counts, agents, maxInFlight } = queue;
  const full = maxInFlight !== null && counts.inFlight >= maxInFlight;
  const { waiting, waitP95Seconds, failed, finished } = queue.day;
  return (
    <>
      <Tr>
        <Td className="max-w-44 py-2 max-sm:max-w-none xl:max-w-64 min-[1400px]:max-w-96">
          <span className="flex items-center gap-2">
            <button
              type="button"
              aria-expanded={open}
              aria-label={`Runs in flight of ${queue.name}`}
              onClick={onToggle}
              className="relative z-10 -ml-1.5 grid size-6 shrink-0 place-items-center rounded text-faint hover:bg-neutral-soft hover:text-ink"
            >
              <ChevronRight className={cn('size-4 transition-transform', open && 'rotate-90')} aria-hidden />
            </button>
            <span
              title={RESOURCE_INFO[queue.resource].label}
              className="grid size-7 shrink-0 place-items-center rounded-md bg-neutral-soft text-muted"
            >
              <ResourceIcon resource={queue.resource} className="size-4" />
            </span>
            <span className="min-w-0">
              <Link href={queuePage(queue.entity, queue.name)} className={`${rowLink} block truncate`}>
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
            <span
              className="mt-0.5 block max-w-40 truncate min-[1400px]:max-w-56 text-xs text-muted max-sm:max-w-none max-sm:whitespace-normal"
              title={queue.paused.note}
            >
              {queue.paused.note === '' ? `by ${queue.paused.by}` : queue.paused.note}
            </span>
          )}
        </Td>
        <Td label="Waiting" numeric className={counts.waiting === 0 ? 'text-faint' : 'font-medium'}>
          <span className="inline-flex items-center gap-2">
            <Sparkline
              values={waiting}
              label="Waiting over the last 24 hours"
              className="max-[1399px]:hidden"
            />
            {formatCount(counts.waiting)}
          </span>
        </Td>
        <Td label="In flight" numeric className={counts.inFlight === 0 ? 'text-faint' : 'font-medium'}>
          {formatCount(counts.inFlight)}
          {maxInFlight !== null && (
            <span className="font-normal text-muted"> / {formatCount(maxInFlight)}</span>
          )}
          {full && <span className="block text-xs font-normal text-warn">at limit</span>}
        </Td>
        <Td label="Oldest wait" numeric className="whitespace-nowrap">
          {queue.oldestWaitingSince === null ? (
            <span className="text-faint">–</span>
          ) : (
            <Duration from={queue.oldestWaitingSince} />
          )}
        </Td>
        <Td label="p95 wait" numeric className={cn('whitespace-nowrap', SPACIOUS)}>
          {waitP95Seconds === null ? <span className="text-faint">–</span> : formatDuration(waitP95Seconds)}
        </Td>
        <Td label="Failures 24 h" numeric className={SPACIOUS}>
          {failed === 0 ? (
            <span className="text-faint">{finished === 0 ? '–' : '0'}</span>
          ) : (
            <Link
              href={`/${encodeURIComponent(queue.entity)}/runs?queue=${encodeURIComponent(queue.name)}&state=failed`}
              className="relative z-10 text-danger hover:underline"
              aria-label={`${failed} of ${failed + finished} runs failed within 24 hours`}
            >
              {formatCount(failed)}
              <span className="text-muted"> / {formatCount(failed + finished)}</span>
            </Link>
          )}
        </Td>
        <Td label="Agents">
          {agents.online === 0 ? (
            <span className={cn('whitespace-nowrap', queue.servable ? 'text-muted' : 'text-faint')}>
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
      {open && <InFlightRow queue={queue} columns={COLUMNS} />}
    </>
  );
}
