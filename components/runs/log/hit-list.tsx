'use client';
import { stripAnsi } from '@/core/ansi';
import { cn } from '../../lib/cn';
import { formatCount, plural } from '../../lib/format';
import { CloseButton } from '../../ui/close-button';
import { Select } from '../../ui/select';
import type { LogSearch } from './use-log-search';

const CONTEXTS = ['0', '2', '5', '10'] as const;

/** The first hits in a list, with as many lines around as asked for. */
export function HitList({
  search,
  onGo,
  onClose,
}: {
  search: LogSearch;
  onGo: (row: number) => void;
  onClose: () => void;
}) {
  return (
    <section aria-label="Hits" className="flex max-h-[45%] min-h-32 flex-col border-t border-line bg-sunken">
      <header className="flex items-center gap-2 px-3 py-1 text-xs text-muted">
        <span className="mr-auto">
          {search.total > search.hits.length
            ? `First ${formatCount(search.hits.length)} of ${plural(search.total, 'hit')}`
            : plural(search.total, 'hit')}
        </span>
        <Select
          size="sm"
          className="w-32"
          aria-label="Lines around each hit"
          value={String(search.context) as (typeof CONTEXTS)[number]}
          onValueChange={(value) => search.setContext(Number(value))}
          options={CONTEXTS.map((value) => ({
            value,
            label: value === '0' ? 'No context' : `± ${value} lines`,
          }))}
        />
        <CloseButton onClick={onClose} />
      </header>
      <ol className="min-h-0 flex-1 overflow-auto font-mono text-xs" tabIndex={0} aria-label="List of hits">
        {search.hits.map((hit) => (
          <li key={hit.row} className="border-t border-line first:border-t-0">
            <button
              type="button"
              onClick={() => onGo(hit.row)}
              className={cn(
                'flex w-full gap-3 px-3 py-1 text-left hover:bg-hover',
                search.current === hit.row && 'bg-warn-soft',
              )}
            >
              <span className="shrink-0 text-faint tabular-nums">{hit.line}</span>
              <span className="min-w-0 break-all whitespace-pre-wrap">
                {hit.before.length > 0 && <span className="block text-muted">{lines(hit.before)}</span>}
                <span className="block font-medium">{stripAnsi(hit.text)}</span>
                {hit.after.length > 0 && <span className="block text-muted">{lines(hit.after)}</span>}
              </span>
            </button>
          </li>
        ))}
      </ol>
    </section>
  );
}

const lines = (texts: readonly string[]) => texts.map(stripAnsi).join('\n');
