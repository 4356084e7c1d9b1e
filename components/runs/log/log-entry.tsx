'use client';
import { ChevronDown, ChevronRight } from 'lucide-react';
import { memo, type MouseEvent } from 'react';
import { cn } from '../../lib/cn';
import { formatDuration, formatLocal, formatUtc, plural } from '../../lib/format';
import { LogLineText } from './log-line';
import type { LogRow } from './log-pages';
import type { Group, Phase } from './row-model';

export type TimeMode = '' | 'clock' | 'since';

const STREAM_EDGE: Record<LogRow['stream'], string> = {
  stdout: 'border-transparent',
  stderr: 'border-warn/60',
  build: 'border-violet/60',
  system: 'border-info/60',
};

export interface LogEntryProps {
  runId: string;
  row: number;
  /** Undefined while it is being read. */
  line: LogRow | undefined;
  group?: Group;
  folded?: boolean;
  onToggle: (key: string) => void;
  onSelect: (event: MouseEvent, number: number) => void;
  selected: boolean;
  current: boolean;
  wrap: boolean;
  digits: number;
  time: TimeMode;
  /** Milliseconds since 1970, for times since the start. */
  startedAt: number;
  showSource: boolean;
  mark?: string;
}

/** One line of the log. */
export const LogEntry = memo(function LogEntry({ line, row, group, folded, ...rest }: LogEntryProps) {
  const { runId, onToggle, onSelect, selected, current, wrap, digits, time, startedAt, showSource, mark } =
    rest;
  const number = line?.number ?? row + 1;
  return (
    <div
      data-row={row}
      className={cn(
        'group/row flex min-h-5 min-w-full leading-5 hover:bg-hover',
        selected && 'bg-accent-soft hover:bg-accent-soft',
        current && 'bg-warn-soft hover:bg-warn-soft',
      )}
    >
      <span
        className={cn(
          'sticky left-0 z-10 flex shrink-0 border-l-2 bg-surface select-none group-hover/row:bg-hover',
          STREAM_EDGE[line?.stream ?? 'stdout'],
          selected && 'bg-accent-soft group-hover/row:bg-accent-soft',
          current && 'bg-warn-soft group-hover/row:bg-warn-soft',
        )}
      >
        <a
          href={`#L${number}`}
          tabIndex={-1}
          aria-label={`Line ${number}`}
          onClick={(event) => onSelect(event, number)}
          className="pr-3 pl-2 text-right text-faint hover:text-accent-ink"
          style={{ minWidth: `calc(${digits}ch + 1.25rem)` }}
        >
          {number}
        </a>
      </span>
      {time !== '' && (
        <span
          className="shrink-0 pr-3 text-faint tabular-nums select-none"
          style={{ minWidth: time === 'clock' ? '12ch' : '11ch' }}
          title={line && `${formatLocal(line.at)}, ${formatUtc(line.at)}`}
        >
          {line && (time === 'clock' ? clock(line.at) : since(Date.parse(line.at) - startedAt))}
        </span>
      )}
      {showSource && (
        <span className="max-w-40 shrink-0 truncate pr-3 text-faint select-none" title={line?.source ?? ''}>
          {line?.source}
        </span>
      )}
      {group !== undefined && (
        <button
          type="button"
          aria-expanded={!folded}
          aria-label={`${folded === true ? 'Open' : 'Fold'} ${group.title}`}
          onClick={() => onToggle(group.key)}
          className="mr-1 h-5 shrink-0 text-muted hover:text-ink [&_svg]:size-3.5"
        >
          {folded === true ? <ChevronRight aria-hidden /> : <ChevronDown aria-hidden />}
        </button>
      )}
      <span
        className={cn(
          'pr-4',
          wrap ? 'min-w-0 flex-1 break-all whitespace-pre-wrap' : 'whitespace-pre',
          group !== undefined && (group.kind === 'quiet' ? 'text-muted' : 'font-semibold'),
          line?.stream === 'system' && 'text-info',
        )}
      >
        {line === undefined ? (
          <span aria-hidden className="inline-block h-2.5 w-64 animate-breathe rounded bg-neutral-soft" />
        ) : (
          <LogLineText runId={runId} line={line} mark={mark} sourceShown={showSource} />
        )}
        {group !== undefined && folded === true && (
          <span className="ml-2 font-sans text-2xs font-normal text-faint select-none">
            {plural(group.to - group.row - 1, 'line')}
          </span>
        )}
      </span>
    </div>
  );
});

/** The header of a build or an execution. */
export function PhaseEntry({
  phase,
  folded,
  several,
  onToggle,
}: {
  phase: Phase;
  folded: boolean;
  several: boolean;
  onToggle: (key: string) => void;
}) {
  const name = phase.kind === 'build' ? 'Build' : 'Run';
  return (
    <div className="flex h-5 min-w-full bg-sunken font-sans text-xs">
      <button
        type="button"
        aria-expanded={!folded}
        onClick={() => onToggle(phase.key)}
        className="sticky left-0 flex items-center gap-1.5 px-2 leading-5 hover:text-accent-ink [&_svg]:size-3.5"
      >
        {folded ? <ChevronRight aria-hidden /> : <ChevronDown aria-hidden />}
        <span className="font-semibold">
          {name}
          {several && ` of execution ${phase.execution}`}
        </span>
        <span className="text-muted">
          {plural(phase.to - phase.from, 'line')},{' '}
          {formatDuration((Date.parse(phase.endedAt) - Date.parse(phase.startedAt)) / 1000)}
        </span>
      </button>
    </div>
  );
}

const pad = (value: number, size = 2) => String(value).padStart(size, '0');

function clock(at: string): string {
  const date = new Date(at);
  return `${pad(date.getHours())}:${pad(date.getMinutes())}:${pad(date.getSeconds())}.${pad(date.getMilliseconds(), 3)}`;
}

/** `+1:02:03.4` */
function since(milliseconds: number): string {
  const seconds = Math.max(0, milliseconds / 1000);
  const whole = Math.floor(seconds);
  return `+${Math.floor(whole / 3600)}:${pad(Math.floor(whole / 60) % 60)}:${pad(whole % 60)}.${Math.floor((seconds - whole) * 10)}`;
}
