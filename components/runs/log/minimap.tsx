'use client';
import { memo, useMemo, type MouseEvent } from 'react';

/** Where in the log the hits are: a mark each, beside the scroll bar. A click goes there. */
export const Minimap = memo(function Minimap({
  rows,
  total,
  current,
  onGo,
}: {
  rows: readonly number[];
  total: number;
  current: number | undefined;
  onGo: (row: number) => void;
}) {
  const marks = useMemo(() => {
    const places = new Set(rows.map((row) => Math.round((row / Math.max(1, total)) * 1000)));
    return [...places].map((place) => `M0 ${place}h8`).join('');
  }, [rows, total]);
  if (rows.length === 0) return null;
  const go = (event: MouseEvent) => {
    const box = event.currentTarget.getBoundingClientRect();
    const wanted = ((event.clientY - box.top) / box.height) * total;
    const nearest = rows.reduce((best, row) =>
      Math.abs(row - wanted) < Math.abs(best - wanted) ? row : best,
    );
    onGo(nearest);
  };
  return (
    <svg
      data-testid="minimap"
      aria-hidden
      viewBox="0 0 8 1000"
      preserveAspectRatio="none"
      onClick={go}
      className="absolute inset-y-0 right-3.5 z-10 h-full w-2 cursor-pointer border-l border-line bg-surface/70"
    >
      <path d={marks} className="stroke-warn" strokeWidth={3} />
      {current !== undefined && (
        <path d={`M0 ${(current / Math.max(1, total)) * 1000}h8`} className="stroke-accent" strokeWidth={8} />
      )}
    </svg>
  );
});
