import type { ReactNode } from 'react';
import { cn } from '../lib/cn';

export interface EmptyStateProps {
  icon?: ReactNode;
  title: ReactNode;
  children?: ReactNode;
  /** The one thing to do next. */
  action?: ReactNode;
  /** It is the whole page: its title is the heading of the page. */
  page?: boolean;
  className?: string;
}

/** Nothing here: says why, and what to do about it. */
export function EmptyState({ icon, title, children, action, page = false, className }: EmptyStateProps) {
  const Title = page ? 'h1' : 'p';
  return (
    <div className={cn('flex flex-col items-center gap-2 px-6 py-12 text-center', className)}>
      {icon !== undefined && (
        <span className="mb-1 grid size-10 place-items-center rounded-full bg-neutral-soft text-muted [&_svg]:size-5">
          {icon}
        </span>
      )}
      <Title className="font-medium">{title}</Title>
      {children !== undefined && <div className="max-w-md text-sm text-muted">{children}</div>}
      {action !== undefined && action !== false && (
        <div className="mt-2 flex flex-wrap justify-center gap-2">{action}</div>
      )}
    </div>
  );
}
