'use client';
import Link from 'next/link';
import { useRef, useState, type PointerEvent } from 'react';
import type { QueueTimeline, RunState } from '@/core/wire';
import { formatDuration } from '../lib/format';
import { SectionCard } from '../ui/card';
import { formatTick } from './range';

const COLORS: Partial<Record<RunState, string>> = {
  finished: 'var(--chart-finished)',
  failed: 'var(--chart-failed)',
  stopped: 'var(--chart-stopped)',
};
/** Bars of runs that one agent had at once stand in rows of their own, up to this many. */
const MAX_ROWS = 6;

export interface GanttProps {
  timeline: QueueTimeline;
  from: number;
  to: number;
  now: number;
  onRange: (from: number, to: number) => void;
}

/** Which agent had which runs when. Drawing over it chooses a range. */
export function Gantt({ timeline, from, to, now, onRange }: GanttProps) {
  const agents = new Map<string, TimelineRun[]>();
  for (const run of timeline.runs) agents.set(run.agent, [...(agents.get(run.agent) ?? []), run]);
  const area = useRef<HTMLDivElement>(null);
  const [brush, setBrush] = useState<{ from: number; to: number }>();
  const share = (at: number) => within((at - from) / (to - from));
  const at = (event: PointerEvent) => {
    const box = area.current?.getBoundingClientRect();
    return box === undefined ? from : from + within((event.clientX - box.left) / box.width) * (to - from);
  };
  return (
    <SectionCard
      title="Runs by agent"
      description={
        timeline.truncated
          ? 'The latest thousand runs of the range. Draw over a part to see all of it.'
          : 'From lease to end.'
      }
    >
      {timeline.runs.length === 0 ? (
        <p className="text-sm text-muted">No agent had a run in this range.</p>
      ) : (
        <div className="grid grid-cols-[minmax(4rem,9rem)_minmax(0,1fr)] gap-x-3 text-xs">
          <ul className="flex flex-col gap-2" aria-hidden>
            {[...agents].map(([name, runs]) => (
              <li
                key={name}
                className="truncate leading-4"
                style={{ height: rowsOf(runs, now).length * 12 + 4 }}
              >
                {name}
              </li>
            ))}
          </ul>
          <div
            ref={area}
            className="relative flex touch-pan-y flex-col gap-2 select-none"
            onPointerDown={(event) => {
              if (event.button === 0) setBrush({ from: at(event), to: at(event) });
            }}
            onPointerMove={(event) => {
              const to = at(event);
              setBrush((before) => before && { from: before.from, to });
            }}
            onPointerUp={() => {
              if (brush && Math.abs(brush.to - brush.from) > (to - from) / 100) onRange(brush.from, brush.to);
              setBrush(undefined);
            }}
            onPointerLeave={() => setBrush(undefined)}
          >
            {[...agents].map(([name, runs]) => {
              const rows = rowsOf(runs, now);
              return (
                <div
                  key={name}
                  className="relative rounded-sm bg-sunken"
                  style={{ height: rows.length * 12 + 4 }}
                >
                  {rows.map((row, index) =>
                    row.map((run) => {
                      const left = share(Date.parse(run.from));
                      const end = run.to === null ? now : Date.parse(run.to);
                      return (
                        <Link
                          key={run.id}
                          href={`/runs/${run.id}`}
                          draggable={false}
                          tabIndex={-1}
                          aria-label={`${run.name} on ${name}`}
                          title={`${run.name} by ${run.author}: ${run.state}, ${formatDuration((end - Date.parse(run.from)) / 1000)}`}
                          className="absolute h-2.5 min-w-0.5 rounded-[2px] hover:ring-2 hover:ring-ring"
                          style={{
                            left: `${left * 100}%`,
                            width: `${(share(end) - left) * 100}%`,
                            top: index * 12 + 3,
                            background: COLORS[run.state] ?? 'var(--chart-in-flight)',
                          }}
                        />
                      );
                    }),
                  )}
                </div>
              );
            })}
            {brush && (
              <span
                className="pointer-events-none absolute inset-y-0 bg-accent/15"
                style={{
                  left: `${share(Math.min(brush.from, brush.to)) * 100}%`,
                  width: `${Math.abs(share(brush.to) - share(brush.from)) * 100}%`,
                }}
              />
            )}
            <div className="flex justify-between text-2xs text-muted" aria-hidden>
              {[0, 0.25, 0.5, 0.75, 1].map((part) => (
                <span key={part}>{formatTick(from + part * (to - from), to - from)}</span>
              ))}
            </div>
          </div>
        </div>
      )}
    </SectionCard>
  );
}

const within = (value: number) => Math.max(0, Math.min(1, value));

type TimelineRun = QueueTimeline['runs'][number];

/** Runs that overlap go into rows below each other. */
function rowsOf(runs: readonly TimelineRun[], now: number): TimelineRun[][] {
  const rows: { runs: TimelineRun[]; end: number }[] = [];
  for (const run of runs) {
    const begin = Date.parse(run.from);
    const free = rows.find((row) => row.end <= begin) ?? (rows.length < MAX_ROWS ? undefined : rows.at(-1));
    const row = free ?? { runs: [], end: 0 };
    if (free === undefined) rows.push(row);
    row.runs.push(run);
    row.end = run.to === null ? now : Date.parse(run.to);
  }
  return rows.map((row) => row.runs);
}
