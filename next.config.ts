import type { NextConfig } from 'next';
import { PHASE_DEVELOPMENT_SERVER } from 'next/constants';

/** In development `page.dev.tsx` is a page too: the showcase of the design system, which no installation needs. */
const config = (phase: string): NextConfig => ({
  reactStrictMode: true,
  poweredByHeader: false,
  pageExtensions: phase === PHASE_DEVELOPMENT_SERVER ? ['dev.tsx', 'tsx', 'ts'] : ['tsx', 'ts'],
  // `npm run typecheck` checks everything at once, tests included.
  typescript: { ignoreBuildErrors: true },
});

export default config;
