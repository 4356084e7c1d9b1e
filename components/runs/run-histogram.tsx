'use client';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState, type PointerEvent } from 'react';
import type { RunFilter, RunHistogram as Histogram } from '@/core/wire';
import { api, path } from '../lib/api';
import { formatLocal, plural } from '../lib/format';
import { Skeleton } from '../ui/skeleton';

const STATES = [
  { key: 'finished', label: 'finished', color: 'var(--chart-finished)' },
  { key: 'failed', label: 'failed', color: 'var(--chart-failed)' },
  { key: 'stopped', label: 'stopped', color: 'var(--chart-stopped)' },
  { key: 'active', label: 'not ended', color: 'var(--chart-in-flight)' },
] as const;
const BINS = 60;

/** When the runs were launched, by how they stand; drawing over it sets the range of the list. */
export function RunHistogram({
  entity,
  filter,
  onRange,
}: {
  entity: string;
  filter: RunFilter;
  onRange: (from: string, to: string) => void;
}) {
  const { data } = useQuery({
    queryKey: ['entity', entity, 'runs', 'histogram', filter],
    queryFn: ({ signal }) =>
      api.get<Histogram>(`${path('entities', entity)}/runs/histogram`, {
        query: { ...filter, bins: BINS },
        signal,
      }),
    placeholderData: keepPreviousData,
    // Busy entities are counted now and then, not with each of their messages.
    staleTime: 5_000,
  });
  const [brush, setBrush] = useState<{ from: number; to: number }>();
  if (data === undefined) return <Skeleton className="mb-3 h-16 w-full" />;
  const most = Math.max(1, ...data.bins.map((bin) => bin.active + bin.finished + bin.failed + bin.stopped));
  const binAt = (event: PointerEvent) => {
    const box = event.currentTarget.getBoundingClientRect();
    return Math.max(0, Math.min(BINS - 1, Math.floor(((event.clientX - box.left) / box.width) * BINS)));
  };
  const timeOf = (bin: number) =>
    new Date(Date.parse(data.from) + bin * data.stepSeconds * 1000).toISOString();
  const [low, high] = brush ? [Math.min(brush.from, brush.to), Math.max(brush.from, brush.to)] : [0, -1];
  return (
    <figure className="mb-3">
      <div
        role="img"
        aria-label={`${plural(data.total, 'run')} launched from ${formatLocal(data.from)} to ${formatLocal(data.to)}`}
        data-testid="run-histogram"
        className="relative flex h-12 cursor-crosshair touch-pan-y items-end gap-px border-b border-line select-none"
        onPointerDown={(event) => {
          if (event.button !== 0) return;
          const bin = binAt(event);
          event.currentTarget.setPointerCapture(event.pointerId);
          setBrush({ from: bin, to: bin });
        }}
        onPointerMove={(event) => {
          const bin = binAt(event);
          setBrush((before) => before && { from: before.from, to: bin });
        }}
        onPointerUp={() => {
          if (brush) onRange(timeOf(low), timeOf(high + 1));
          setBrush(undefined);
        }}
        onPointerCancel={() => setBrush(undefined)}
      >
        {data.bins.map((bin, index) => (
          <span
            key={bin.at}
            className="flex h-full flex-1 flex-col-reverse rounded-t-[1px] hover:bg-hover"
            style={{ background: index >= low && index <= high ? 'var(--accent-soft)' : undefined }}
            title={`${formatLocal(bin.at)}: ${STATES.map(({ key, label }) => `${bin[key]} ${label}`).join(', ')}`}
          >
            {STATES.map(({ key, color }) => (
              <span key={key} style={{ height: `${(bin[key] / most) * 100}%`, background: color }} />
            ))}
          </span>
        ))}
      </div>
      <figcaption
        className="mt-1 flex justify-between text-2xs text-muted tabular-nums"
        suppressHydrationWarning
      >
        <span>{formatLocal(data.from).slice(0, 16)}</span>
        <span>{plural(data.total, 'run')} launched; draw over a part to see only that</span>
        <span>{formatLocal(data.to).slice(0, 16)}</span>
      </figcaption>
    </figure>
  );
}
