import type { ReactNode } from 'react';

export interface PageHeaderProps {
  title: ReactNode;
  /** Badges beside the title. */
  badges?: ReactNode;
  description?: ReactNode;
  /** Buttons, the main one last: at the top right. */
  actions?: ReactNode;
}

/** The head of a page, with its one h1. */
export function PageHeader({ title, badges, description, actions }: PageHeaderProps) {
  return (
    <header className="mb-5 flex flex-wrap items-start justify-between gap-x-6 gap-y-3">
      <div className="min-w-0 wrap-anywhere">
        <div className="flex flex-wrap items-center gap-2.5">
          <h1 className="min-w-0 text-xl font-semibold tracking-tight break-words">{title}</h1>
          {badges}
        </div>
        {description !== undefined && (
          <div className="mt-1 max-w-4xl text-pretty text-sm text-muted">{description}</div>
        )}
      </div>
      {actions !== undefined && <div className="flex flex-wrap items-center gap-2">{actions}</div>}
    </header>
  );
}
