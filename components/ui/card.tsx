import type { ComponentProps, ReactNode } from 'react';
import { cn } from '../lib/cn';

/** A surface with a border. */
export function Card({ className, ...rest }: ComponentProps<'div'>) {
  return <div className={cn('rounded-lg border border-line bg-surface shadow-card', className)} {...rest} />;
}

export interface SectionCardProps {
  title: ReactNode;
  description?: ReactNode;
  actions?: ReactNode;
  /** The content reaches the edges (tables, editors). */
  flush?: boolean;
  className?: string;
  children: ReactNode;
}

/** A card with a heading: one section of a page. */
export function SectionCard({
  title,
  description,
  actions,
  flush = false,
  className,
  children,
}: SectionCardProps) {
  return (
    <section className={cn('rounded-lg border border-line bg-surface shadow-card', className)}>
      <header className="flex flex-wrap items-start justify-between gap-3 border-b border-line px-4 py-3">
        <div className="min-w-0">
          <h2 className="text-sm font-semibold">{title}</h2>
          {description !== undefined && <p className="mt-0.5 text-sm text-muted">{description}</p>}
        </div>
        {actions !== undefined && <div className="flex flex-wrap items-center gap-2">{actions}</div>}
      </header>
      <div className={flush ? '' : 'p-4'}>{children}</div>
    </section>
  );
}
