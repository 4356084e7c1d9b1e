import { Card } from '../ui/card';
import { Skeleton, TableSkeleton } from '../ui/skeleton';

/** The geometry of the queues page, for the first load. */
export function HomeSkeleton() {
  return (
    <>
      <Skeleton className="mb-6 h-7 w-32" />
      <TilesSkeleton />
      <QueueTableSkeleton />
    </>
  );
}

/** Filters and rows. */
export function QueueTableSkeleton() {
  return (
    <>
      <Skeleton className="mb-3 h-8 w-64 max-sm:w-full" />
      <Card>
        <TableSkeleton rows={5} columns={9} label="Loading the queues" />
      </Card>
    </>
  );
}

export function TilesSkeleton() {
  return (
    <div
      className="mb-5 grid grid-cols-2 gap-3 lg:grid-cols-4"
      role="status"
      aria-label="Loading the numbers"
    >
      {[0, 1, 2, 3].map((tile) => (
        <Card key={tile} className="p-4">
          <Skeleton className="mb-2 h-3.5 w-20" />
          <Skeleton className="h-7 w-12" />
        </Card>
      ))}
    </div>
  );
}
