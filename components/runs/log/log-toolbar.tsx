'use client';
import {
  ChevronDown,
  ChevronUp,
  CircleAlert,
  Clock,
  Download,
  ListFilter,
  ListTree,
  Regex,
  Search,
  WrapText,
} from 'lucide-react';
import { memo, type KeyboardEvent } from 'react';
import type { LogOutline } from '@/core/wire';
import { path } from '../../lib/api';
import { formatCount, plural } from '../../lib/format';
import { setSearchParams } from '../../lib/search-param';
import { Button } from '../../ui/button';
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuLabel,
  DropdownMenuRadioGroup,
  DropdownMenuRadioItem,
  DropdownMenuSeparator,
  DropdownMenuTrigger,
} from '../../ui/dropdown-menu';
import { IconButton } from '../../ui/icon-button';
import { Input } from '../../ui/input';
import type { TimeMode } from './log-entry';
import { isFiltered, type LogFilter } from './use-log';
import type { LogSearch } from './use-log-search';

const STREAMS: Record<string, string> = {
  '': 'All output',
  stdout: 'Standard output',
  stderr: 'Standard error',
  build: 'Build',
  system: 'Slipway',
};
const TIMES: Record<TimeMode, string> = { '': 'Off', clock: 'Time of day', since: 'Since the start' };
const pressed = 'aria-pressed:bg-accent-soft aria-pressed:text-accent-ink';

export interface LogToolbarProps {
  runId: string;
  search: LogSearch;
  onStep: (by: 1 | -1) => void;
  onError: () => void;
  listed: boolean;
  onListed: (on: boolean) => void;
  filter: LogFilter;
  writers: LogOutline['writers'];
  wrap: boolean;
  time: TimeMode;
  summary: string;
}

/** Search over the whole log, filters, how lines are shown, download. */
export const LogToolbar = memo(function LogToolbar(props: LogToolbarProps) {
  const { runId, search, onStep, onError, listed, onListed, filter, writers, wrap, time, summary } = props;
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter') onStep(event.shiftKey ? -1 : 1);
    else if (event.key === 'Escape' && search.typed !== '') {
      event.stopPropagation();
      search.setTyped('');
    }
  };
  const some = search.rows.length > 0;
  return (
    <div className="flex flex-wrap items-center gap-1.5 border-b border-line px-2 py-1.5">
      <Input
        icon={<Search aria-hidden />}
        value={search.typed}
        onChange={(event) => search.setTyped(event.target.value)}
        onKeyDown={onKeyDown}
        placeholder="Search the whole log"
        aria-label="Search the whole log"
        className="w-64 max-w-full"
        data-search
      />
      <IconButton
        label="Search by regular expression"
        size="sm"
        aria-pressed={search.regex}
        onClick={() => search.setRegex(!search.regex)}
        className={pressed}
      >
        <Regex aria-hidden />
      </IconButton>
      {search.q !== '' && (
        <>
          <span role="status" className="max-w-96 text-xs text-muted tabular-nums">
            {searchSummary(search)}
          </span>
          <IconButton
            label="Previous hit"
            shortcut="shift+n"
            size="sm"
            disabled={!some}
            onClick={() => onStep(-1)}
          >
            <ChevronUp aria-hidden />
          </IconButton>
          <IconButton label="Next hit" shortcut="n" size="sm" disabled={!some} onClick={() => onStep(1)}>
            <ChevronDown aria-hidden />
          </IconButton>
          <IconButton
            label="List the hits"
            size="sm"
            disabled={!some}
            aria-pressed={listed}
            onClick={() => onListed(!listed)}
            className={pressed}
          >
            <ListTree aria-hidden />
          </IconButton>
        </>
      )}
      <span className="ml-auto text-xs text-muted tabular-nums">{summary}</span>
      <IconButton label="Next error" shortcut="e" size="sm" onClick={onError}>
        <CircleAlert aria-hidden />
      </IconButton>
      <FilterMenu filter={filter} writers={writers} />
      <DropdownMenu>
        <DropdownMenuTrigger asChild>
          <IconButton label="Times of the lines" size="sm" aria-pressed={time !== ''} className={pressed}>
            <Clock aria-hidden />
          </IconButton>
        </DropdownMenuTrigger>
        <DropdownMenuContent>
          <DropdownMenuLabel>Times of the lines</DropdownMenuLabel>
          <DropdownMenuRadioGroup value={time} onValueChange={(value) => setSearchParams({ time: value })}>
            {Object.entries(TIMES).map(([value, label]) => (
              <DropdownMenuRadioItem key={value} value={value}>
                {label}
              </DropdownMenuRadioItem>
            ))}
          </DropdownMenuRadioGroup>
        </DropdownMenuContent>
      </DropdownMenu>
      <IconButton
        label="Wrap long lines"
        size="sm"
        aria-pressed={wrap}
        onClick={() => setSearchParams({ wrap: wrap ? '' : '1' })}
        className={pressed}
      >
        <WrapText aria-hidden />
      </IconButton>
      <DownloadMenu runId={runId} filter={filter} time={time} />
    </div>
  );
});

function searchSummary(search: LogSearch) {
  if (search.problem !== null) return <span className="text-danger">{search.problem.message}</span>;
  if (search.total === 0) return search.searching ? 'Searching…' : 'Nothing found';
  if (search.position === 0) return plural(search.total, 'hit');
  return `${formatCount(search.position)} of ${formatCount(search.total)}`;
}

function FilterMenu({ filter, writers }: { filter: LogFilter; writers: LogOutline['writers'] }) {
  const streams = [...new Set(writers.map((writer) => writer.stream))];
  const sources = [...new Set(writers.flatMap(({ source }) => (source === null ? [] : [source])))];
  const active = isFiltered(filter);
  const shown = [filter.stream === '' ? '' : STREAMS[filter.stream], filter.source]
    .filter(Boolean)
    .join(', ');
  return (
    <DropdownMenu>
      <DropdownMenuTrigger asChild>
        <Button
          size="sm"
          variant="ghost"
          aria-label={active ? `Only ${shown}` : 'Filter the output'}
          className={active ? 'bg-accent-soft text-accent-ink' : undefined}
        >
          <ListFilter aria-hidden /> {active && <span className="max-w-40 truncate">{shown}</span>}
        </Button>
      </DropdownMenuTrigger>
      <DropdownMenuContent>
        <DropdownMenuLabel>Output</DropdownMenuLabel>
        <DropdownMenuRadioGroup value={filter.stream} onValueChange={(stream) => setSearchParams({ stream })}>
          {['', ...streams].map((stream) => (
            <DropdownMenuRadioItem key={stream} value={stream}>
              {STREAMS[stream]}
            </DropdownMenuRadioItem>
          ))}
        </DropdownMenuRadioGroup>
        {sources.length > 0 && (
          <>
            <DropdownMenuSeparator />
            <DropdownMenuLabel>Pod or instance</DropdownMenuLabel>
            <DropdownMenuRadioGroup value={filter.source} onValueChange={(pod) => setSearchParams({ pod })}>
              {['', ...sources].map((source) => (
                <DropdownMenuRadioItem key={source} value={source}>
                  {source === '' ? 'All of them' : source}
                </DropdownMenuRadioItem>
              ))}
            </DropdownMenuRadioGroup>
          </>
        )}
      </DropdownMenuContent>
    </DropdownMenu>
  );
}

function DownloadMenu({ runId, filter, time }: { runId: string; filter: LogFilter; time: TimeMode }) {
  const address = (query: Record<string, string>) => {
    const params = new URLSearchParams(Object.entries(query).filter(([, value]) => value !== ''));
    return `/api/v1${path('runs', runId)}/logs/download?${params.toString()}`;
  };
  const view = {
    format: 'text',
    stream: filter.stream,
    source: filter.source,
    timestamps: time === '' ? '' : 'true',
  };
  return (
    <DropdownMenu>
      <DropdownMenuTrigger asChild>
        <IconButton label="Download the log" size="sm">
          <Download aria-hidden />
        </IconButton>
      </DropdownMenuTrigger>
      <DropdownMenuContent>
        <DropdownMenuItem asChild>
          <a href={address({ format: 'raw' })} download={`${runId}.log`}>
            All, as it was written
          </a>
        </DropdownMenuItem>
        <DropdownMenuItem asChild>
          <a href={address(view)} download={`${runId}.log`}>
            This view, as plain text
          </a>
        </DropdownMenuItem>
      </DropdownMenuContent>
    </DropdownMenu>
  );
}
