'use client';
import { ChevronRight } from 'lucide-react';
import Link from 'next/link';
import type { ReactNode } from 'react';
import type { Overview } from '@/core/wire';
import { formatCount, plural } from '../lib/format';
import { Duration } from '../ui/time';

/** The state of the entity in four numbers, each a link to what is behind it. */
export function Tiles({ entity, overview }: { entity: string; overview: Overview }) {
  const base = `/${encodeURIComponent(entity)}`;
  const { waiting, inFlight, uncovered, oldestWait, agents } = overview;
  return (
    <div className="mb-5 grid grid-cols-2 gap-3 lg:grid-cols-4">
      <Tile
        href={`${base}/runs?state=pending`}
        label="Waiting"
        value={formatCount(waiting)}
        note={uncovered > 0 ? `${plural(uncovered, 'queue')} without agent` : undefined}
        warn={uncovered > 0}
      />
      <Tile
        href={`${base}/runs?state=leased,building,starting,running`}
        label="In flight"
        value={formatCount(inFlight)}
      />
      <Tile
        href={
          oldestWait === null
            ? `${base}/runs?state=pending`
            : `${base}/queues/${encodeURIComponent(oldestWait.queue)}`
        }
        label="Oldest wait"
        value={oldestWait === null ? '–' : <Duration from={oldestWait.since} />}
        note={oldestWait?.queue}
      />
      <Tile
        href={`${base}/agents`}
        label="Agents online"
        value={formatCount(agents.online)}
        note={agents.lost > 0 ? `${formatCount(agents.lost)} lost` : undefined}
        warn={agents.lost > 0}
      />
    </div>
  );
}

function Tile({
  href,
  label,
  value,
  note,
  warn = false,
}: {
  href: string;
  label: string;
  value: ReactNode;
  note?: string;
  warn?: boolean;
}) {
  return (
    <Link
      href={href}
      className="group min-w-0 rounded-lg border border-line bg-surface p-4 shadow-card transition-colors duration-(--speed) hover:border-line-strong hover:bg-hover"
    >
      <span className="flex items-center justify-between text-xs font-medium text-muted">
        {label}
        <ChevronRight className="size-3.5 opacity-0 transition-opacity group-hover:opacity-100" aria-hidden />
      </span>
      <span className="mt-1 flex flex-wrap items-baseline gap-x-2">
        <span className="text-2xl font-semibold tracking-tight tabular-nums">{value}</span>
        {note !== undefined && (
          <span className={warn ? 'truncate text-xs font-medium text-warn' : 'truncate text-xs text-muted'}>
            {note}
          </span>
        )}
      </span>
    </Link>
  );
}
