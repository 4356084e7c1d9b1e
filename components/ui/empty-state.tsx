import { SearchX } from 'lucide-react';
import type { ReactNode } from 'react';
import { cn } from '../lib/cn';
import { Button } from './button';
import { CodeBlock } from './code-block';

export interface EmptyStateProps {
  icon?: ReactNode;
  title: ReactNode;
  children?: ReactNode;
  /** The one thing to do next. */
  action?: ReactNode;
  /** The same on the command line, ready to be copied. */
  command?: string;
  /** It is the whole page: its title is the heading of the page. */
  page?: boolean;
  className?: string;
}

/** Nothing here yet: says why, and what to do about it. For a list that filters have emptied, see `NothingFound`. */
export function EmptyState({
  icon,
  title,
  children,
  action,
  command,
  page = false,
  className,
}: EmptyStateProps) {
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
      {command !== undefined && (
        <CodeBlock code={command} label="Copy the command" wrap className="mt-2 w-full max-w-md text-left" />
      )}
    </div>
  );
}

export interface NothingFoundProps {
  /** What was looked for: "run", "audit event". */
  what: string;
  onClear: () => void;
  children?: ReactNode;
}

/** A list that filters have emptied: there may be more behind them. */
export function NothingFound({ what, onClear, children }: NothingFoundProps) {
  return (
    <EmptyState
      icon={<SearchX aria-hidden />}
      title={`No ${what} matches the filters`}
      action={<Button onClick={onClear}>Clear filters</Button>}
    >
      {children}
    </EmptyState>
  );
}
