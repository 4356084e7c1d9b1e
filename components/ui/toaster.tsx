'use client';
import { useTheme } from 'next-themes';
import { useEffect } from 'react';
import { Toaster as Sonner } from 'sonner';
import { toasterIsReady } from './toast';

/** Where toasts appear; once, in the root layout. */
export function Toaster() {
  const { resolvedTheme } = useTheme();
  // Effects of children come first: by then the list below listens.
  useEffect(toasterIsReady, []);
  return (
    <Sonner
      theme={resolvedTheme === 'dark' ? 'dark' : 'light'}
      // Below the header, clear of the buttons that stand at the foot of pages, drawers and dialogs.
      position="top-center"
      offset={{ top: 56 }}
      mobileOffset={{ top: 56 }}
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
