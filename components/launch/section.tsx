import type { ReactNode } from 'react';

/** A part of the launch form under a heading. */
export function Section({
  title,
  aside,
  children,
}: {
  title: string;
  /** At the right end of the heading. */
  aside?: ReactNode;
  children: ReactNode;
}) {
  return (
    <section aria-label={title} className="flex flex-col gap-4 border-b border-line pb-5 last:border-b-0">
      <div className="flex items-center justify-between gap-2">
        <h3 className="text-sm font-semibold">{title}</h3>
        {aside}
      </div>
      {children}
    </section>
  );
}
