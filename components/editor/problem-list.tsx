import { CircleX, Info, TriangleAlert } from 'lucide-react';
import type { ConfigProblem } from '@/core/wire';
import { plural } from '../lib/format';

const LOOK = {
  error: { Icon: CircleX, className: 'text-danger', word: 'Error' },
  warning: { Icon: TriangleAlert, className: 'text-warn', word: 'Warning' },
  info: { Icon: Info, className: 'text-info', word: 'Note' },
} as const;

export interface ProblemListProps {
  problems: readonly ConfigProblem[];
  /** Makes each entry with a place a button that goes there. */
  onGoTo?: (problem: ConfigProblem) => void;
  /** Tells several lists of one page apart. */
  label?: string;
}

/** Everything that is to be said about a configuration, the worst first; one line when there is nothing. */
export function ProblemList({ problems, onGoTo, label = 'Problems' }: ProblemListProps) {
  const rank = { error: 0, warning: 1, info: 2 };
  const sorted = problems.toSorted(
    (a, b) => rank[a.severity] - rank[b.severity] || (a.line ?? 0) - (b.line ?? 0),
  );
  const errors = problems.filter((problem) => problem.severity === 'error').length;
  return (
    <section aria-label={label} className="text-sm">
      <p className="px-3 py-2 text-xs text-muted" role="status">
        {problems.length === 0
          ? 'No problems found.'
          : `${plural(errors, 'error')}, ${plural(problems.length - errors, 'remark')}`}
      </p>
      {sorted.length > 0 && (
        <ul
          className="max-h-56 overflow-y-auto border-t border-line py-1"
          tabIndex={0}
          aria-label={`${label}, listed`}
        >
          {sorted.map((problem, index) => (
            <li key={index}>
              <Entry problem={problem} onGoTo={onGoTo} />
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function Entry({ problem, onGoTo }: { problem: ConfigProblem; onGoTo: ProblemListProps['onGoTo'] }) {
  const { Icon, className, word } = LOOK[problem.severity];
  const content = (
    <>
      <Icon className={`mt-0.5 size-4 shrink-0 ${className}`} aria-label={word} />
      <span className="min-w-0 flex-1 break-words">
        {problem.variable !== undefined && <code className="font-mono text-xs">{problem.variable}: </code>}
        {problem.message}
      </span>
      {problem.line !== undefined && (
        <span className="shrink-0 text-xs text-muted tabular-nums">line {problem.line}</span>
      )}
    </>
  );
  const layout = 'flex w-full items-start gap-2 px-3 py-1 text-left';
  if (onGoTo === undefined || (problem.line === undefined && problem.variable === undefined))
    return <div className={layout}>{content}</div>;
  return (
    <button
      type="button"
      className={`${layout} hover:bg-hover focus-visible:-outline-offset-2`}
      onClick={() => onGoTo(problem)}
    >
      {content}
    </button>
  );
}
