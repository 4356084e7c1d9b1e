import { GeistMono } from 'geist/font/mono';
import { GeistSans } from 'geist/font/sans';
import type { Metadata, Viewport } from 'next';
import type { ReactNode } from 'react';
import { AppShell, Providers } from '@/components/shell';
import { offersOidc, pageNonce } from '@/server/session';
import { passGate } from './gate';
import './globals.css';

export const metadata: Metadata = {
  title: { default: 'Slipway', template: '%s · Slipway' },
  description: 'Launch queues for machine learning jobs.',
};
export const viewport: Viewport = {
  themeColor: [
    { media: '(prefers-color-scheme: light)', color: '#f6f8f9' },
    { media: '(prefers-color-scheme: dark)', color: '#0d1317' },
  ],
};
/** Each answer has its own nonce, and what is shown depends on who asks. */
export const dynamic = 'force-dynamic';

export default async function RootLayout({ children }: { children: ReactNode }) {
  await passGate();
  return (
    // The theme's attribute is set before React is there.
    <html lang="en" className={`${GeistSans.variable} ${GeistMono.variable}`} suppressHydrationWarning>
      <body>
        <Providers nonce={await pageNonce()} oidc={offersOidc()}>
          <AppShell>{children}</AppShell>
        </Providers>
      </body>
    </html>
  );
}
