import { cn } from '../lib/cn';
import type { Difference } from '@/core/run-facts';

/** Columns of a name and two values; on a phone the name stands above the values (`max-sm:col-span-2`). */
export const PAIR = 'grid grid-cols-2 gap-x-4 sm:grid-cols-[minmax(5rem,12rem)_minmax(0,1fr)_minmax(0,1fr)]';

/** Two documents leaf by leaf; without `equal` only what differs. */
export function Differences({
  title,
  rows,
  equal,
}: {
  title: string;
  rows: readonly Difference[];
  equal: boolean;
}) {
  const shown = equal ? rows : rows.filter((row) => row.left !== row.right);
  return (
    <section aria-label={title}>
      <h3 className="mb-1 text-sm font-semibold">{title}</h3>
      {shown.length === 0 ? (
        <p className="text-sm text-muted">{rows.length === 0 ? 'Nothing to compare.' : 'No difference.'}</p>
      ) : (
        <dl className="divide-y divide-line border-y border-line text-xs">
          {shown.map((row) => (
            <div key={row.path} className={cn(PAIR, 'py-1')}>
              <dt className="break-words text-muted max-sm:col-span-2">{row.path}</dt>
              {[row.left, row.right].map((value, index) => (
                <dd
                  key={index}
                  className={cn(
                    'min-w-0 rounded px-1 font-mono break-words whitespace-pre-wrap',
                    row.left !== row.right && 'bg-warn-soft',
                  )}
                >
                  {value ?? <span className="text-faint">–</span>}
                </dd>
              ))}
            </div>
          ))}
        </dl>
      )}
    </section>
  );
}
