'use client';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import dynamic from 'next/dynamic';
import { usePathname } from 'next/navigation';
import { ThemeProvider } from 'next-themes';
import { useState, type ReactNode } from 'react';
import { ApiProblem } from '../lib/api';
import { LiveProvider } from '../lib/live';
import { useSessionEnded } from '../lib/session-ended';
import { useToastsWanted } from '../ui/toast';
import { TooltipProvider } from '../ui/tooltip';

const Toaster = dynamic(() => import('../ui/toaster').then((module) => module.Toaster), { ssr: false });
const SessionEndedDialog = dynamic(
  () => import('./session-ended-dialog').then((module) => module.SessionEndedDialog),
  { ssr: false },
);

function createClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        // What changes is told by the event stream; until then an answer is good enough to be shown again at once.
        staleTime: 5_000,
        retry: (count, error) =>
          count < 2 && (!(error instanceof ApiProblem) || error.status === 0 || error.status >= 500),
      },
    },
  });
}

export interface ProvidersProps {
  /** Of this answer's Content-Security-Policy, for the script that sets the theme before the first paint. */
  nonce: string | undefined;
  /** Whether sign-in by OpenID Connect is offered. */
  oidc: boolean;
  children: ReactNode;
}

/** Cache, theme, event stream, tooltips and toasts: once, around everything. */
export function Providers({ nonce, oidc, children }: ProvidersProps) {
  const [client] = useState(createClient);
  return (
    <QueryClientProvider client={client}>
      <ThemeProvider
        attribute="data-theme"
        defaultTheme="system"
        enableSystem
        disableTransitionOnChange
        nonce={nonce}
      >
        <LiveProvider>
          <TooltipProvider delayDuration={350}>
            {children}
            <Toasts />
            <SessionGuard oidc={oidc} />
          </TooltipProvider>
        </LiveProvider>
      </ThemeProvider>
    </QueryClientProvider>
  );
}

function Toasts() {
  return useToastsWanted() ? <Toaster /> : null;
}

function SessionGuard({ oidc }: { oidc: boolean }) {
  const ended = useSessionEnded();
  const pathname = usePathname();
  return ended && pathname !== '/sign-in' && pathname !== '/setup' ? (
    <SessionEndedDialog oidc={oidc} />
  ) : null;
}
