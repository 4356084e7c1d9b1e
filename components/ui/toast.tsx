'use client';
import { useTheme } from 'next-themes';
import { Toaster as Sonner, toast } from 'sonner';
import { toProblem } from '../lib/api';

export { toast };

/** Says that something was refused or failed, with the reason. For what belongs to a field or a card, show it there instead. */
export function toastProblem(error: unknown): void {
  const { title, detail, requestId } = toProblem(error);
  toast.error(title, {
    description:
      [detail, requestId === undefined ? undefined : `Request ${requestId}`].filter(Boolean).join(' · ') ||
      undefined,
    duration: 10_000,
  });
}

/** Where toasts appear; once, in the root layout. */
export function Toaster() {
  const { resolvedTheme } = useTheme();
  return (
    <Sonner
      theme={resolvedTheme === 'dark' ? 'dark' : 'light'}
      position="bottom-right"
      closeButton
      toastOptions={{
        classNames: {
          toast: 'font-sans! bg-raised! border-line! text-ink! shadow-pop!',
          description: 'text-muted!',
        },
      }}
    />
  );
}
