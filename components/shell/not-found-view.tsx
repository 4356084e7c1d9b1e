import { Compass } from 'lucide-react';
import Link from 'next/link';
import { Button } from '../ui/button';
import { EmptyState } from '../ui/empty-state';

export function NotFoundView() {
  return (
    <EmptyState
      page
      icon={<Compass aria-hidden />}
      title="There is no such page"
      action={
        <Button asChild variant="primary">
          <Link href="/">To the queues</Link>
        </Button>
      }
    >
      It may have been deleted, or it belongs to an entity that you are no member of.
    </EmptyState>
  );
}
