'use client';
import Link from 'next/link';
import { Tabs as Radix } from 'radix-ui';
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
          ref={item.active ? showTab : undefined}
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

/** Scrolls the row of tabs, and nothing else, so far that the open one is seen. */
function showTab(tab: HTMLElement | null): void {
  const row = tab?.parentElement;
  if (!tab || !row) return;
  const over = tab.getBoundingClientRect().right - row.getBoundingClientRect().right;
  if (over > 0) row.scrollLeft += over;
}

export interface PanelTab<T extends string> {
  value: T;
  label: ReactNode;
  content: ReactNode;
}

/** Tabs inside a dialog or card, where the choice is nothing to share: one panel of several. */
export function PanelTabs<T extends string>({
  label,
  value,
  onValueChange,
  items,
}: {
  label: string;
  value: T;
  onValueChange: (value: T) => void;
  items: readonly PanelTab<T>[];
}) {
  return (
    <Radix.Root value={value} onValueChange={(next) => onValueChange(next as T)}>
      <Radix.List aria-label={label} className="mb-3 flex gap-1 overflow-x-auto border-b border-line">
        {items.map((item) => (
          <Radix.Trigger
            key={item.value}
            value={item.value}
            className={cn(
              '-mb-px rounded-t-md border-b-2 px-3 py-1.5 text-sm whitespace-nowrap transition-colors duration-(--speed) focus-visible:-outline-offset-2',
              'border-transparent text-muted hover:text-ink data-[state=active]:border-accent data-[state=active]:font-medium data-[state=active]:text-ink',
            )}
          >
            {item.label}
          </Radix.Trigger>
        ))}
      </Radix.List>
      {items.map((item) => (
        <Radix.Content key={item.value} value={item.value} className="outline-offset-4">
          {item.content}
        </Radix.Content>
      ))}
    </Radix.Root>
  );
}
