'use client';
import { ChevronDown, ChevronUp, Download, Regex, Search, WrapText } from 'lucide-react';
import type { KeyboardEvent } from 'react';
import { formatCount, plural } from '../../lib/format';
import { Button } from '../../ui/button';
import { IconButton } from '../../ui/icon-button';
import { Input } from '../../ui/input';
import type { LineIndex } from './line-index';
import type { useLogSearch } from './use-log-search';

export interface LogToolbarProps {
  runId: string;
  index: LineIndex;
  search: ReturnType<typeof useLogSearch>;
  onStep: (by: 1 | -1) => void;
  wrap: boolean;
  onWrap: (wrap: boolean) => void;
  summary: string;
}

/** Search over the whole log, wrap, download. */
export function LogToolbar({ runId, index, search, onStep, wrap, onWrap, summary }: LogToolbarProps) {
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter') onStep(event.shiftKey ? -1 : 1);
    else if (event.key === 'Escape' && search.text !== '') {
      event.stopPropagation();
      search.setText('');
    }
  };
  return (
    <div className="flex flex-wrap items-center gap-1.5 border-b border-line px-2 py-1.5">
      <Input
        icon={<Search aria-hidden />}
        value={search.text}
        onChange={(event) => search.setText(event.target.value)}
        onKeyDown={onKeyDown}
        placeholder="Search the whole log"
        aria-label="Search the whole log"
        className="w-64 max-w-full"
      />
      <IconButton
        label="Search by regular expression"
        size="sm"
        aria-pressed={search.regex}
        onClick={() => search.setRegex(!search.regex)}
        className="aria-pressed:bg-accent-soft aria-pressed:text-accent-ink"
      >
        <Regex aria-hidden />
      </IconButton>
      {search.text.trim() !== '' && (
        <>
          <span role="status" className="text-xs text-muted tabular-nums">
            {search.problem !== null ? (
              <span className="text-danger">{search.problem.message}</span>
            ) : search.total === 0 ? (
              search.searching ? (
                'Searching…'
              ) : (
                'Nothing found'
              )
            ) : search.position === 0 ? (
              plural(search.total, 'hit')
            ) : (
              `${formatCount(search.position)} of ${formatCount(search.total)}`
            )}
          </span>
          <IconButton
            label="Previous hit"
            shortcut="shift+enter"
            size="sm"
            disabled={search.hits.length === 0}
            onClick={() => onStep(-1)}
          >
            <ChevronUp aria-hidden />
          </IconButton>
          <IconButton
            label="Next hit"
            shortcut="enter"
            size="sm"
            disabled={search.hits.length === 0}
            onClick={() => onStep(1)}
          >
            <ChevronDown aria-hidden />
          </IconButton>
        </>
      )}
      <span className="ml-auto text-xs text-muted tabular-nums">{summary}</span>
      <IconButton
        label="Wrap long lines"
        size="sm"
        aria-pressed={wrap}
        onClick={() => onWrap(!wrap)}
        className="aria-pressed:bg-accent-soft aria-pressed:text-accent-ink"
      >
        <WrapText aria-hidden />
      </IconButton>
      <Button
        size="sm"
        variant="ghost"
        onClick={() => download(index.toBlob(), `${runId}.log`)}
        aria-label="Download the raw log"
      >
        <Download aria-hidden /> Raw
      </Button>
    </div>
  );
}

function download(data: Blob, name: string): void {
  const address = URL.createObjectURL(data);
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  URL.revokeObjectURL(address);
}
