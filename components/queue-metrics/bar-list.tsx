import { formatCount } from '../lib/format';
import { SectionCard } from '../ui/card';

/** Names with a number each, the largest first. */
export function BarList({
  title,
  items,
  empty,
  color,
}: {
  title: string;
  items: readonly { name: string; value: number; note?: string }[];
  empty: string;
  color: string;
}) {
  const most = Math.max(1, ...items.map((item) => item.value));
  return (
    <SectionCard title={title}>
      {items.length === 0 ? (
        <p className="text-sm text-muted">{empty}</p>
      ) : (
        <ul className="flex flex-col gap-2 text-sm" aria-label={title}>
          {items.slice(0, 12).map((item) => (
            <li key={item.name} className="grid grid-cols-[minmax(0,1fr)_auto] gap-x-3">
              <span className="truncate" title={item.name}>
                {item.name}
              </span>
              <span className="tabular-nums">
                {formatCount(item.value)}
                {item.note !== undefined && <span className="ml-2 text-xs text-muted">{item.note}</span>}
              </span>
              <span className="col-span-2 mt-0.5 h-1 rounded-full bg-sunken">
                <span
                  className="block h-1 rounded-full"
                  style={{ width: `${(item.value / most) * 100}%`, background: color }}
                />
              </span>
            </li>
          ))}
        </ul>
      )}
    </SectionCard>
  );
}
