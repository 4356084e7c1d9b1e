'use client';
import type { AuditEvent, Json } from '@/core/wire';
import { actorLabel } from '../lib/actor';
import { Table, TableBody, TableHead, Td, Th, Tr } from '../ui/table';
import { RelativeTime } from '../ui/time';

export interface AuditTableProps {
  events: readonly AuditEvent[];
  /** Narrows the list down to this action or actor. */
  onAction: (action: string) => void;
  onActor: (actor: string) => void;
}

/** Events of the audit log, the newest first. */
export function AuditTable({ events, onAction, onActor }: AuditTableProps) {
  return (
    <Table label="Audit log" sticky>
      <TableHead>
        <Th>When</Th>
        <Th>Who</Th>
        <Th>Action</Th>
        <Th>What</Th>
        <Th>Details</Th>
      </TableHead>
      <TableBody>
        {events.map((event) => (
          <Tr key={event.id}>
            <Td label="When">
              <RelativeTime at={event.at} />
            </Td>
            <Td label="Who" className="max-w-64">
              <button
                type="button"
                title="Show only this person"
                onClick={() => onActor(event.actor)}
                className="block max-w-full truncate text-left hover:text-accent-ink hover:underline"
              >
                {event.actorKind === 'user' ? event.actor : actorLabel(actorOf(event))}
              </button>
            </Td>
            <Td label="Action">
              <button
                type="button"
                title="Show only this action"
                onClick={() => onAction(event.action)}
                className="font-mono text-xs hover:text-accent-ink hover:underline"
              >
                {event.action}
              </button>
            </Td>
            <Td label="What" className="max-w-64">
              <span className="block truncate font-medium">{event.target}</span>
            </Td>
            <Td className="max-w-96">
              <Details data={event.data} />
            </Td>
          </Tr>
        ))}
      </TableBody>
    </Table>
  );
}

const actorOf = ({ actorKind, actor }: AuditEvent): string =>
  actorKind === 'agent' ? `agent:${actor}` : actor;

/** What was changed, as `name value` pairs in a line; whole when it is opened. */
function Details({ data }: { data: Json }) {
  if (data === null || typeof data !== 'object' || Array.isArray(data)) return null;
  const entries = Object.entries(data);
  if (entries.length === 0) return null;
  return (
    <details className="group text-xs">
      <summary className="cursor-pointer truncate rounded text-muted group-open:whitespace-normal">
        {entries.map(([name, value]) => `${name} ${inline(value)}`).join(' · ')}
      </summary>
      <pre tabIndex={0} className="mt-1 max-h-60 overflow-auto rounded bg-sunken p-2 font-mono text-ink">
        {JSON.stringify(data, null, 2)}
      </pre>
    </details>
  );
}

const inline = (value: Json): string => (typeof value === 'string' ? value : JSON.stringify(value));
