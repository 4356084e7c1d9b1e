import { cn } from '../lib/cn';

/** A grey shape where something will stand; give it the size of that thing. */
export function Skeleton({ className }: { className?: string }) {
  return <span aria-hidden className={cn('block h-4 animate-breathe rounded bg-neutral-soft', className)} />;
}

/** One shape for something as a whole, with the words of what is on its way. */
export function BlockSkeleton({ label, className }: { label: string; className?: string }) {
  return (
    <div role="status" aria-label={label}>
      <Skeleton className={cn('w-full', className)} />
    </div>
  );
}

/** Rows of the height of table rows, for the first load of a list. */
export function TableSkeleton({
  rows = 5,
  columns = 5,
  label = 'Loading',
}: {
  rows?: number;
  columns?: number;
  label?: string;
}) {
  return (
    <div role="status" aria-label={label}>
      <div className="h-9 border-b border-line" />
      {Array.from({ length: rows }, (_, row) => (
        <div key={row} className="flex h-11 items-center gap-6 border-b border-line px-4 last:border-b-0">
          {Array.from({ length: columns }, (_, column) => (
            <Skeleton key={column} className={cn('h-3.5', column === 0 ? 'w-40' : 'w-16 max-sm:hidden')} />
          ))}
        </div>
      ))}
    </div>
  );
}

/** A page of a heading, a line below it, tabs and what stands under them. */
export function PageSkeleton({ label }: { label: string }) {
  return (
    <div role="status" aria-label={label} className="flex flex-col gap-4">
      <Skeleton className="h-7 w-56" />
      <Skeleton className="w-96" />
      <Skeleton className="h-9 w-full" />
      <Skeleton className="h-64 w-full" />
    </div>
  );
}
