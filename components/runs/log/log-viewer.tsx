'use client';
import { useVirtualizer } from '@tanstack/react-virtual';
import { ArrowDownToLine } from 'lucide-react';
import { useCallback, useEffect, useRef, useState, type KeyboardEvent, type MouseEvent } from 'react';
import type { Run } from '@/core/wire';
import { cn } from '../../lib/cn';
import { formatBytes, formatCount } from '../../lib/format';
import { Button } from '../../ui/button';
import { ErrorCard } from '../../ui/error-card';
import { formatLineRange, parseLineRange, type LineRange } from './line-range';
import { LogLineText } from './log-line';
import { LogToolbar } from './log-toolbar';
import './log.css';
import { useLog } from './use-log';
import { useLogSearch } from './use-log-search';

const LINE_HEIGHT = 20;
/** Nearer than this to the end counts as being there, pixels. */
const END_ZONE = 32;

export interface LogViewerProps {
  run: Pick<Run, 'id' | 'state' | 'log'>;
  /** Size of the log by the last live message; the run itself may lag behind. */
  liveBytes?: number;
  className?: string;
}

/** The whole log of a run, live: follows its end until it is scrolled, searches on the server, links to lines. */
export function LogViewer({ run, liveBytes = 0, className }: LogViewerProps) {
  const bytes = Math.max(run.log.bytes, liveBytes);
  const { index, lineCount, caughtUp, problem, retry } = useLog(run.id, bytes, run.log.complete);
  const search = useLogSearch(run.id, bytes);
  const scroller = useRef<HTMLDivElement>(null);
  const [wrap, setWrap] = useState(false);
  const [range, setRange] = useState<LineRange | undefined>(() =>
    typeof window === 'undefined' ? undefined : parseLineRange(window.location.hash),
  );
  const [following, setFollowing] = useState(range === undefined);
  const [seen, setSeen] = useState(0);
  const lastG = useRef(0);

  const rows = useVirtualizer({
    count: lineCount,
    getScrollElement: () => scroller.current,
    estimateSize: () => LINE_HEIGHT,
    overscan: 20,
  });

  const toEnd = useCallback(() => {
    setFollowing(true);
    const element = scroller.current;
    if (element) element.scrollTop = element.scrollHeight;
  }, []);
  const toLine = useCallback(
    (number: number) => {
      setFollowing(false);
      rows.scrollToIndex(Math.max(0, number - 1), { align: 'center' });
    },
    [rows],
  );

  useEffect(() => {
    if (following && scroller.current) scroller.current.scrollTop = scroller.current.scrollHeight;
    if (following) setSeen(lineCount);
  }, [following, lineCount, wrap]);

  const linked = useRef(range);
  useEffect(() => {
    if (linked.current === undefined || lineCount < linked.current.from) return;
    toLine(linked.current.from);
    linked.current = undefined;
  }, [lineCount, toLine]);

  const onScroll = () => {
    const element = scroller.current;
    if (!element) return;
    setFollowing(element.scrollHeight - element.scrollTop - element.clientHeight < END_ZONE);
  };
  const stepHit = (by: 1 | -1) => {
    const hit = search.step(by);
    if (hit) toLine(hit.line);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.metaKey || event.ctrlKey || event.altKey) return;
    if (event.key === 'G') toEnd();
    else if (event.key === 'n') stepHit(1);
    else if (event.key === 'N') stepHit(-1);
    else if (event.key === 'g') {
      if (event.timeStamp - lastG.current < 600) toLine(1);
      lastG.current = event.timeStamp;
    } else return;
    event.stopPropagation();
  };
  const select = (event: MouseEvent, number: number) => {
    event.preventDefault();
    const next =
      event.shiftKey && range
        ? { from: Math.min(range.from, number), to: Math.max(range.from, number) }
        : { from: number, to: number };
    setRange(next);
    window.history.replaceState(window.history.state, '', formatLineRange(next));
  };

  const digits = String(Math.max(lineCount, 100)).length;
  const mark = !search.regex && search.text.trim() !== '' ? search.text.trim() : undefined;
  return (
    <section
      aria-label="Log"
      className={cn(
        'log flex min-h-0 flex-col overflow-hidden rounded-lg border border-line bg-surface shadow-card',
        className,
      )}
    >
      <LogToolbar
        runId={run.id}
        index={index}
        search={search}
        onStep={stepHit}
        wrap={wrap}
        onWrap={setWrap}
        summary={
          caughtUp || bytes === 0
            ? `${formatCount(lineCount)} lines, ${formatBytes(bytes)}`
            : `Loading ${formatBytes(index.bytes)} of ${formatBytes(bytes)}…`
        }
      />
      {run.log.truncated && (
        <p className="border-b border-line bg-warn-soft px-3 py-1.5 text-xs text-warn">
          The log reached its limit and was cut; what the program wrote after that is not kept.
        </p>
      )}
      {problem !== undefined && <ErrorCard problem={problem} onRetry={retry} compact className="m-2" />}
      <div className="relative min-h-0 flex-1">
        <div
          ref={scroller}
          data-testid="log"
          role="log"
          aria-live="off"
          aria-label="Lines of the log"
          tabIndex={0}
          onScroll={onScroll}
          onKeyDown={onKeyDown}
          className="h-full overflow-auto bg-surface font-mono text-xs focus-visible:-outline-offset-2"
        >
          {lineCount === 0 ? (
            <p className="p-4 font-sans text-sm text-muted">{emptyText(run, caughtUp)}</p>
          ) : (
            <div
              className="relative min-w-full"
              style={{ height: rows.getTotalSize(), width: wrap ? undefined : 'max-content' }}
            >
              {rows.getVirtualItems().map((row) => {
                const line = index.line(row.index);
                const inRange = range !== undefined && line.number >= range.from && line.number <= range.to;
                return (
                  <div
                    key={row.key}
                    data-index={row.index}
                    ref={wrap ? rows.measureElement : undefined}
                    className={cn(
                      'flex min-w-full leading-5 hover:bg-hover',
                      wrap ? 'absolute inset-x-0' : 'absolute left-0',
                      inRange && 'bg-accent-soft hover:bg-accent-soft',
                      search.current?.line === line.number && 'bg-warn-soft hover:bg-warn-soft',
                    )}
                    style={{ transform: `translateY(${row.start}px)` }}
                  >
                    <a
                      href={`#L${line.number}`}
                      tabIndex={-1}
                      onClick={(event) => select(event, line.number)}
                      className="sticky left-0 z-10 shrink-0 bg-inherit px-3 text-right text-faint select-none hover:text-accent-ink"
                      style={{
                        minWidth: `calc(${digits}ch + 1.5rem)`,
                        backgroundColor: inRange ? undefined : 'var(--surface)',
                      }}
                    >
                      {line.number}
                    </a>
                    <span
                      className={cn(
                        'pr-4',
                        wrap ? 'min-w-0 flex-1 break-all whitespace-pre-wrap' : 'whitespace-pre',
                      )}
                    >
                      <LogLineText line={line} mark={mark} />
                    </span>
                  </div>
                );
              })}
            </div>
          )}
        </div>
        {!following && (
          <Button
            size="sm"
            variant="primary"
            className="absolute right-4 bottom-4 shadow-pop"
            onClick={toEnd}
          >
            <ArrowDownToLine aria-hidden /> Jump to end
            {lineCount > seen && ` · ${formatCount(lineCount - seen)} new`}
          </Button>
        )}
      </div>
    </section>
  );
}

function emptyText(run: LogViewerProps['run'], caughtUp: boolean): string {
  if (run.log.bytes > 0 && !caughtUp) return 'Loading the log…';
  switch (run.state) {
    case 'pending':
    case 'preempted':
      return 'No log yet: the run waits in its queue.';
    case 'leased':
    case 'building':
    case 'starting':
      return 'No log yet: the run is being prepared.';
    case 'running':
      return 'The program has written nothing yet.';
    default:
      return 'The run ended without writing anything.';
  }
}
