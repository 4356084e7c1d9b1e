'use client';
import { useWindowVirtualizer, type Range } from '@tanstack/react-virtual';
import { memo, useEffect, useMemo, useRef, useState } from 'react';
import type { RunSummary } from '@/core/wire';
import { cn } from '../lib/cn';
import { useSteady } from '../lib/steady';
import { Checkbox } from '../ui/checkbox';
import { ListLink } from '../ui/list-link';
import { Table, TableBody, TableHead, Td, Th, Tr, rowLink } from '../ui/table';
import { DEFAULT_COLUMNS, WAITING_COLUMNS, columnsOf, type RunColumn } from './run-columns';

/** Shorter lists are drawn whole, so that the browser's own search finds everything. */
const VIRTUAL_FROM = 150;
const ROW_HEIGHT = 45;
/** Rows come and go so many at once: most frames of a scroll then change nothing in the page, and cost next to nothing. */
const BLOCK = 4;

export interface RunTableProps {
  label: string;
  runs: readonly RunSummary[];
  /** Leaves out what the page around says already. */
  hideQueue?: boolean;
  /** Shows position and reason instead of times. */
  waiting?: boolean;
  /** Ids of run-columns.tsx. */
  columns?: readonly string[];
  selection?: { selected: ReadonlySet<string>; onChange: (selected: ReadonlySet<string>) => void };
  /** The run that keys act on, marked in the list. */
  cursor?: string;
}

/** Runs in rows: cards on a phone. Of a long list only what is seen is drawn. */
export function RunTable({
  label,
  runs,
  hideQueue = false,
  waiting = false,
  columns,
  selection,
  cursor,
}: RunTableProps) {
  const wanted = (columns ?? (waiting ? WAITING_COLUMNS : DEFAULT_COLUMNS)).join(',');
  const shown = useMemo(
    () => columnsOf(wanted.split(',')).filter((column) => !(hideQueue && column.id === 'queue')),
    [wanted, hideQueue],
  );
  const all =
    selection !== undefined && runs.length > 0 && runs.every((run) => selection.selected.has(run.id));
  const some = selection !== undefined && runs.some((run) => selection.selected.has(run.id));
  const toggle = (ids: string[], on: boolean) => {
    if (!selection) return;
    const next = new Set(selection.selected);
    for (const id of ids) {
      if (on) next.add(id);
      else next.delete(id);
    }
    selection.onChange(next);
  };
  const select = useSteady((id: string, on: boolean) => toggle([id], on));
  const { top, rows, before, after } = useRows(runs, cursor);
  return (
    <div ref={top}>
      <Table label={label} aria-rowcount={runs.length + 1}>
        <TableHead>
          {selection && (
            <Th className="w-8">
              <Checkbox
                aria-label={`Select all of ${label}`}
                checked={all ? true : some ? 'indeterminate' : false}
                onCheckedChange={(on) =>
                  toggle(
                    runs.map((run) => run.id),
                    on === true,
                  )
                }
              />
            </Th>
          )}
          {waiting && <Th numeric>#</Th>}
          <Th>Run</Th>
          {shown.map((column) => (
            <Th key={column.id} numeric={column.numeric}>
              {column.label}
            </Th>
          ))}
        </TableHead>
        <TableBody>
          {before > 0 && <Spacer height={before} />}
          {rows.map(({ run, index }) => (
            <RunRow
              key={run.id}
              run={run}
              index={index}
              shown={shown}
              waiting={waiting}
              selected={selection?.selected.has(run.id)}
              onSelect={select}
              marked={cursor === run.id}
            />
          ))}
          {after > 0 && <Spacer height={after} />}
        </TableBody>
      </Table>
    </div>
  );
}

interface RunRowProps {
  run: RunSummary;
  index: number;
  shown: readonly RunColumn[];
  waiting: boolean;
  /** Undefined where rows cannot be selected. */
  selected: boolean | undefined;
  onSelect: (id: string, on: boolean) => void;
  /** Keys act on it. */
  marked: boolean;
}

/** Drawn again only when it changes: scrolling a long list draws its new rows, not all. */
const RunRow = memo(function RunRow(props: RunRowProps) {
  const { run, index, shown, waiting, selected, onSelect, marked } = props;
  return (
    <Tr
      data-run={run.id}
      aria-rowindex={index + 2}
      selected={selected ?? false}
      className={cn(marked && 'outline-2 -outline-offset-2 outline-ring')}
    >
      {selected !== undefined && (
        <Td className="relative z-10 max-sm:absolute max-sm:top-3 max-sm:right-4">
          <Checkbox
            aria-label={`Select ${run.name}`}
            checked={selected}
            onCheckedChange={(on) => onSelect(run.id, on === true)}
          />
        </Td>
      )}
      {waiting && (
        <Td label="Position" numeric>
          {run.waiting?.position ?? '–'}
        </Td>
      )}
      <Td className="max-w-96 max-sm:-order-1 max-sm:max-w-none max-sm:pr-8">
        <span className="flex min-w-0 items-baseline">
          <ListLink
            href={`/runs/${run.id}`}
            index={index}
            className={cn(rowLink, 'truncate')}
            title={run.name}
          >
            {run.name}
          </ListLink>
          <span className="ml-2 font-mono text-xs text-faint">{run.id}</span>
        </span>
      </Td>
      {shown.map((column) => (
        <Td key={column.id} label={column.label} numeric={column.numeric} className={column.className}>
          {column.cell(run)}
        </Td>
      ))}
    </Tr>
  );
});

/** Stands for rows that are not drawn. */
const Spacer = ({ height }: { height: number }) => (
  <tr aria-hidden role="presentation">
    <td role="presentation" style={{ height }} className="p-0" />
  </tr>
);

/** The rows seen and those around them as whole blocks; always as many, so that a block goes when another comes. */
function wholeBlocks({ startIndex, endIndex, overscan, count }: Range): number[] {
  const first = Math.floor(Math.max(0, startIndex - overscan) / BLOCK) * BLOCK;
  const blocks = Math.ceil((endIndex - startIndex + 1 + 2 * overscan) / BLOCK) + 1;
  const end = Math.min(count, first + blocks * BLOCK);
  return Array.from({ length: end - first }, (_, at) => first + at);
}

/** The rows to draw, and the height of what is above and below them. */
function useRows(runs: readonly RunSummary[], cursor: string | undefined) {
  const top = useRef<HTMLDivElement>(null);
  const [margin, setMargin] = useState(0);
  const enabled = runs.length >= VIRTUAL_FROM;
  useEffect(() => {
    const box = top.current?.getBoundingClientRect();
    if (enabled && box) setMargin(box.top + window.scrollY);
  }, [enabled]);
  const virtual = useWindowVirtualizer({
    count: runs.length,
    enabled,
    estimateSize: () => ROW_HEIGHT,
    overscan: BLOCK,
    rangeExtractor: wholeBlocks,
    scrollMargin: margin,
  });
  const index = cursor === undefined ? -1 : runs.findIndex((run) => run.id === cursor);
  useEffect(() => {
    if (index < 0) return;
    if (enabled) virtual.scrollToIndex(index, { align: 'auto' });
    else
      top.current
        ?.querySelector(`[data-run="${CSS.escape(runs[index]?.id ?? '')}"]`)
        ?.scrollIntoView({ block: 'nearest' });
    // eslint-disable-next-line react-hooks/exhaustive-deps -- when the cursor moves, not when rows change under it
  }, [cursor]);
  if (!enabled) return { top, rows: runs.map((run, at) => ({ run, index: at })), before: 0, after: 0 };
  const items = virtual.getVirtualItems();
  const first = items[0];
  const last = items.at(-1);
  return {
    top,
    rows: items.flatMap((item) => {
      const run = runs[item.index];
      return run ? [{ run, index: item.index }] : [];
    }),
    before: first ? first.start - margin : 0,
    after: last ? virtual.getTotalSize() - (last.end - margin) : 0,
  };
}
