import type { ReactNode } from 'react';
import { Logo } from '../shell/logo';
import { Card } from '../ui/card';

/** The frame of pages for people who are not signed in. */
export function AccessPage({
  title,
  description,
  children,
}: {
  title: string;
  description: ReactNode;
  children: ReactNode;
}) {
  return (
    <main className="grid min-h-dvh place-items-center px-4 py-10">
      <div className="w-full max-w-md">
        <Logo className="mb-6 text-lg" />
        <Card className="p-6">
          <h1 className="text-lg font-semibold tracking-tight">{title}</h1>
          <p className="mt-1 mb-5 text-sm text-muted">{description}</p>
          {children}
        </Card>
      </div>
    </main>
  );
}
