import { cn } from '../lib/cn';
import { lineDiff, type DiffLine } from './line-diff';

const LOOK: Record<DiffLine['kind'], { sign: string; word: string; className: string }> = {
  same: { sign: ' ', word: '', className: 'text-muted' },
  added: { sign: '+', word: 'added: ', className: 'bg-ok-soft text-ok' },
  removed: { sign: '-', word: 'removed: ', className: 'bg-danger-soft text-danger' },
};

/** What is different in a text, line by line. */
export function DiffView({ before, after, label }: { before: string; after: string; label: string }) {
  const lines = lineDiff(before, after);
  const changed = lines.filter(({ kind }) => kind !== 'same').length;
  return (
    <div className="overflow-hidden rounded-lg border border-line bg-surface">
      <p className="border-b border-line px-3 py-1.5 text-xs text-muted" role="status">
        {changed === 0 ? `Nothing is different from ${label}.` : `${changed} lines differ from ${label}.`}
      </p>
      <pre
        tabIndex={0}
        aria-label={`Difference from ${label}`}
        className="overflow-x-auto py-1.5 font-mono text-[13px] leading-5"
      >
        {lines.map(({ kind, text }, index) => (
          <div key={index} className={cn('px-3 whitespace-pre-wrap', LOOK[kind].className)}>
            <span aria-hidden>{LOOK[kind].sign} </span>
            <span className="sr-only">{LOOK[kind].word}</span>
            {text}
          </div>
        ))}
      </pre>
    </div>
  );
}
