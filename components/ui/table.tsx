import type { ComponentProps, ReactNode } from 'react';
import { cn } from '../lib/cn';

/*
 * Below 640 px every row becomes a card: cells stack as "label: value" by `data-label`. Changing `display` takes the table semantics
 * away in some browsers, so the roles are written out.
 */

export interface TableProps extends ComponentProps<'table'> {
  /** What the table lists, read out as its name. */
  label: string;
  /** The row of headings stays below the header of the app while the page scrolls; the table then must not be wider than the page. */
  sticky?: boolean;
}
export function Table({ label, sticky = false, className, ...rest }: TableProps) {
  return (
    // What scrolls sideways is a scroll container, and inside one nothing can stick to the page.
    <div className={sticky ? 'group/sticky' : 'overflow-x-auto'} data-sticky={sticky || undefined}>
      <table
        role="table"
        aria-label={label}
        className={cn('w-full border-collapse text-sm max-sm:block', className)}
        {...rest}
      />
    </div>
  );
}

/** The row of headings; its children are `Th`. */
export function TableHead({ children, className }: { children: ReactNode; className?: string }) {
  return (
    <thead role="rowgroup" className={cn('max-sm:sr-only', className)}>
      <tr role="row" className="border-b border-line">
        {children}
      </tr>
    </thead>
  );
}

export interface ThProps extends ComponentProps<'th'> {
  numeric?: boolean;
}
export function Th({ numeric = false, className, ...rest }: ThProps) {
  return (
    <th
      role="columnheader"
      scope="col"
      className={cn(
        'h-9 px-3 text-xs font-medium whitespace-nowrap text-muted first:pl-4 last:pr-4',
        'group-data-sticky/sticky:sticky group-data-sticky/sticky:top-12 group-data-sticky/sticky:z-20 group-data-sticky/sticky:bg-surface group-data-sticky/sticky:shadow-[inset_0_-1px_0_var(--line)]',
        numeric ? 'text-right' : 'text-left',
        className,
      )}
      {...rest}
    />
  );
}

export function TableBody({ className, ...rest }: ComponentProps<'tbody'>) {
  return <tbody role="rowgroup" className={cn('max-sm:block', className)} {...rest} />;
}

export interface TrProps extends ComponentProps<'tr'> {
  selected?: boolean;
}
/** A row. For a row that opens something, put a link with `rowLink` into its first cell. */
export function Tr({ selected = false, className, ...rest }: TrProps) {
  return (
    <tr
      role="row"
      data-selected={selected || undefined}
      className={cn(
        'group/row relative border-b border-line transition-colors duration-(--speed) last:border-b-0 hover:bg-hover data-selected:bg-accent-soft focus-visible:-outline-offset-2 max-sm:grid max-sm:grid-cols-2 max-sm:gap-x-4 max-sm:gap-y-2 max-sm:px-4 max-sm:py-3',
        className,
      )}
      {...rest}
    />
  );
}

export interface TdProps extends ComponentProps<'td'> {
  /** Heading of the cell while the row is a card. Without it the cell takes the whole width of the card. */
  label?: string;
  numeric?: boolean;
  /** Not shown in the card. */
  wideOnly?: boolean;
}
export function Td({ label, numeric = false, wideOnly = false, className, ...rest }: TdProps) {
  return (
    <td
      role="cell"
      data-label={label}
      className={cn(
        'h-11 px-3 align-middle first:pl-4 last:pr-4 max-sm:h-auto max-sm:p-0 max-sm:first:pl-0 max-sm:last:pr-0',
        numeric && 'text-right tabular-nums max-sm:text-left',
        label === undefined
          ? 'max-sm:col-span-2'
          : 'max-sm:before:block max-sm:before:text-xs max-sm:before:font-normal max-sm:before:text-muted max-sm:before:content-[attr(data-label)]',
        wideOnly && 'max-sm:hidden',
        className,
      )}
      {...rest}
    />
  );
}

/** Class of the link in the first cell that makes the whole row clickable; other controls of the row need `relative z-10`. */
export const rowLink =
  'font-medium text-ink hover:text-accent-ink focus-visible:outline-none after:absolute after:inset-0 focus-visible:after:outline-2 focus-visible:after:-outline-offset-2 focus-visible:after:outline-ring';
