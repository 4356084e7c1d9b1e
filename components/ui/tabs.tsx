import Link from 'next/link';
import type { ReactNode } from 'react';
import { cn } from '../lib/cn';

export interface TabLink {
  href: string;
  label: ReactNode;
  /** A number after the label. */
  count?: number;
  active: boolean;
}

/** Tabs as links: which one is open stands in the address, so that it can be shared and Back works. */
export function Tabs({
  label,
  items,
  className,
}: {
  label: string;
  items: readonly TabLink[];
  className?: string;
}) {
  return (
    <nav
      aria-label={label}
      className={cn('-mb-px flex gap-1 overflow-x-auto border-b border-line', className)}
    >
      {items.map((item) => (
        <Link
          key={item.href}
          href={item.href}
          scroll={false}
          aria-current={item.active ? 'page' : undefined}
          className={cn(
            'flex items-center gap-1.5 rounded-t-md border-b-2 px-3 py-2 text-sm whitespace-nowrap transition-colors duration-(--speed) focus-visible:-outline-offset-2',
            item.active
              ? 'border-accent font-medium text-ink'
              : 'border-transparent text-muted hover:border-line-strong hover:text-ink',
          )}
        >
          {item.label}
          {item.count !== undefined && (
            <span className="rounded-full bg-neutral-soft px-1.5 text-2xs text-muted tabular-nums">
              {item.count}
            </span>
          )}
        </Link>
      ))}
    </nav>
  );
}
