'use client';
import { ArrowDownToLine } from 'lucide-react';
import { useEffect, useMemo, useRef, useState, type MouseEvent } from 'react';
import type { LogOutline, Run } from '@/core/wire';
import { cn } from '../../lib/cn';
import { formatBytes, formatCount } from '../../lib/format';
import { setSearchParams, useSearchParam } from '../../lib/search-param';
import { useShortcut } from '../../lib/shortcuts';
import { useSteady } from '../../lib/steady';
import { Button } from '../../ui/button';
import { ErrorCard } from '../../ui/error-card';
import { toast, toastProblem } from '../../ui/toast';
import { HitList } from './hit-list';
import { formatLineRange, parseLineRange, type LineRange } from './line-range';
import { LogEntry, PhaseEntry, type TimeMode } from './log-entry';
import { LogToolbar } from './log-toolbar';
import { Minimap } from './minimap';
import { RangeBar } from './range-bar';
import { RowModel } from './row-model';
import './log.css';
import { isFiltered, useLogOutline, useLogPages, type LogFilter } from './use-log';
import { useLogScroll } from './use-log-scroll';
import { useLogSearch } from './use-log-search';

export interface LogViewerProps {
  run: Pick<Run, 'id' | 'state' | 'log' | 'startedAt' | 'createdAt'>;
  /** Size of the log by the last live message; the run itself may lag behind. */
  liveBytes?: number;
  className?: string;
}

/** The whole log of a run, live. How it is looked at stands in the address. */
export function LogViewer(props: LogViewerProps) {
  const [stream] = useSearchParam('stream');
  const [source] = useSearchParam('pod');
  // Rows of one filter are not those of another: all that is remembered of the place goes with it.
  return <FilteredLog key={`${stream}/${source}`} {...props} filter={{ stream, source }} />;
}

const NOTHING: ReadonlySet<string> = new Set();
const NO_WRITERS: LogOutline['writers'] = [];

function FilteredLog({ run, liveBytes = 0, className, filter }: LogViewerProps & { filter: LogFilter }) {
  const bytes = Math.max(run.log.bytes, liveBytes);
  const filtered = isFiltered(filter);
  const [wrapped] = useSearchParam('wrap');
  const [timeText] = useSearchParam('time');
  const time: TimeMode = timeText === 'clock' || timeText === 'since' ? timeText : '';
  const wrap = wrapped !== '';
  const [range, setRange] = useState<LineRange | undefined>(() =>
    typeof window === 'undefined' || filtered ? undefined : parseLineRange(window.location.hash),
  );
  const [toggled, setToggled] = useState(NOTHING);
  const [listed, setListed] = useState(false);
  const [seen, setSeen] = useState(0);
  const linked = useRef(range);

  const pages = useLogPages(run.id, filter);
  const outline = useLogOutline(run.id, bytes, run.log.complete);
  const { total } = pages;
  const model = useMemo(
    () => new RowModel(total, filtered ? undefined : outline, toggled),
    [total, filtered, outline, toggled],
  );
  const {
    setScroller,
    setBlock,
    onScroll,
    following,
    first,
    last,
    middle,
    height,
    viewport,
    toEnd,
    toPlace,
  } = useLogScroll({ count: model.count, wrap, startAtEnd: range === undefined });

  const search = useLogSearch(run.id, filter, bytes);

  const firstRow = rowAt(model, first);
  const lastRow = rowAt(model, last);
  useEffect(() => {
    if (total > 0) pages.show(firstRow, lastRow);
  }, [pages, firstRow, lastRow, total]);
  useEffect(() => pages.grow(bytes, following), [pages, bytes, following]);
  // What came in after the reader left the end is new.
  if (following && seen !== total) setSeen(total);

  const toggle = useSteady((key: string) =>
    setToggled((before) => {
      const next = new Set(before);
      if (!next.delete(key)) next.add(key);
      return next;
    }),
  );
  /** Goes to a row, opening what hides it. */
  const goTo = (row: number) => {
    const open = new Set(toggled);
    for (const key of model.hiding(row)) if (!open.delete(key)) open.add(key);
    const next = new RowModel(total, filtered ? undefined : outline, open);
    setToggled(open);
    toPlace(next.placeOf(row), next.count);
  };
  useEffect(() => {
    const wanted = linked.current;
    if (wanted === undefined || total < wanted.from) return;
    linked.current = undefined;
    goTo(wanted.from - 1);
  });

  const middleRow = rowAt(model, middle);
  const step = useSteady((by: 1 | -1) => {
    const row = search.step(middleRow, by);
    if (row !== undefined) goTo(row);
  });
  const goToHit = useSteady((row: number) => {
    search.goTo(row);
    goTo(row);
  });
  const [errorRow, setErrorRow] = useState<number>();
  const nextError = useSteady(() => {
    void search.nextError(errorRow ?? middleRow).then((row) => {
      if (row === undefined) {
        toast.info('No line of this log looks like an error.');
        return;
      }
      setErrorRow(row);
      goTo(row);
    }, toastProblem);
  });

  const group = 'Log';
  useShortcut({ keys: 'shift+g', description: 'To the end, and follow', group }, toEnd);
  useShortcut({ keys: 'g g', description: 'To the beginning', group }, () => toPlace(0, model.count));
  useShortcut({ keys: 'n', description: 'Next hit', group }, () => step(1));
  useShortcut({ keys: 'shift+n', description: 'Previous hit', group }, () => step(-1));
  useShortcut({ keys: 'e', description: 'Next error', group }, nextError);
  useShortcut({ keys: 'w', description: 'Wrap long lines', group }, () =>
    setSearchParams({ wrap: wrap ? '' : '1' }),
  );

  const select = useSteady((event: MouseEvent, number: number) => {
    event.preventDefault();
    const next =
      event.shiftKey && range
        ? { from: Math.min(range.from, number), to: Math.max(range.from, number) }
        : { from: number, to: number };
    setRange(next);
    window.history.replaceState(window.history.state, '', formatLineRange(next));
  });
  const clearRange = () => {
    setRange(undefined);
    window.history.replaceState(window.history.state, '', window.location.pathname + window.location.search);
  };

  const digits = String(Math.max(total, 100)).length;
  const mark = !search.regex && search.q !== '' ? search.q : undefined;
  const current = errorRow ?? search.current;
  const startedAt = Date.parse(run.startedAt ?? run.createdAt);
  const writers = outline?.writers ?? NO_WRITERS;
  const showSource = new Set(writers.map((writer) => writer.source)).size > 1;
  const severalRuns = new Set(outline?.phases.map((phase) => phase.execution)).size > 1;
  const places = Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => first + index);
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
        search={search}
        onStep={step}
        onError={nextError}
        listed={listed}
        onListed={setListed}
        filter={filter}
        writers={writers}
        wrap={wrap}
        time={time}
        summary={pages.loaded ? `${formatCount(total)} lines, ${formatBytes(bytes)}` : ''}
      />
      {pages.problem !== undefined && (
        <ErrorCard problem={pages.problem} onRetry={pages.retry} compact className="m-2" />
      )}
      <div className="relative min-h-0 flex-1">
        <div
          ref={setScroller}
          data-testid="log"
          role="log"
          aria-live="off"
          aria-label="Lines of the log"
          tabIndex={0}
          onScroll={onScroll}
          className="h-full overflow-auto overscroll-contain bg-surface font-mono text-xs focus-visible:-outline-offset-2"
        >
          {total === 0 && (
            <p className="p-4 font-sans text-sm text-muted">{emptyText(run, pages.loaded, filtered)}</p>
          )}
          <div
            className="relative"
            style={{ height: height, minWidth: '100%', width: wrap ? undefined : 'max-content' }}
          >
            <div className="sticky top-0 overflow-y-clip" style={{ height: Math.min(height, viewport) }}>
              <div ref={setBlock} className="relative min-w-full will-change-transform">
                {places.map((place) => {
                  const shown = model.at(place);
                  if (shown === undefined) return null;
                  if (shown.type === 'phase')
                    return (
                      <PhaseEntry
                        key={shown.phase.key}
                        phase={shown.phase}
                        folded={shown.folded}
                        several={severalRuns}
                        onToggle={toggle}
                      />
                    );
                  const line = pages.row(shown.row);
                  const number = line?.number ?? shown.row + 1;
                  return (
                    <LogEntry
                      key={shown.row}
                      runId={run.id}
                      row={shown.row}
                      line={line}
                      group={shown.group}
                      folded={shown.folded}
                      onToggle={toggle}
                      onSelect={select}
                      selected={range !== undefined && number >= range.from && number <= range.to}
                      current={current === shown.row}
                      wrap={wrap}
                      digits={digits}
                      time={time}
                      startedAt={startedAt}
                      showSource={showSource}
                      mark={mark}
                    />
                  );
                })}
              </div>
            </div>
          </div>
        </div>
        <Minimap rows={search.rows} total={search.searched} current={search.current} onGo={goToHit} />
        {range !== undefined && <RangeBar runId={run.id} range={range} onClear={clearRange} />}
        {!following && total > 0 && (
          <Button
            size="sm"
            variant="primary"
            className="absolute right-7 bottom-4 z-20 shadow-pop"
            onClick={toEnd}
          >
            <ArrowDownToLine aria-hidden /> Jump to end{total > seen && `; ${formatCount(total - seen)} new`}
          </Button>
        )}
      </div>
      {(pages.truncated || run.log.truncated) && (
        <p className="border-t border-dashed border-warn bg-warn-soft px-3 py-1.5 text-xs text-warn">
          The log reached its limit and is cut here; what the program wrote after that is not kept.
        </p>
      )}
      {listed && search.hits.length > 0 && (
        <HitList search={search} onGo={goToHit} onClose={() => setListed(false)} />
      )}
    </section>
  );
}

/** The row at a place, or the first one after the header that stands there. */
function rowAt(model: RowModel, place: number): number {
  const shown = model.at(place);
  if (shown === undefined) return 0;
  return shown.type === 'row' ? shown.row : shown.phase.from;
}

function emptyText(run: LogViewerProps['run'], loaded: boolean, filtered: boolean): string {
  if (run.log.bytes > 0 && !loaded) return 'Loading the log…';
  if (filtered && run.log.bytes > 0) return 'No line of the log passes the filter.';
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
