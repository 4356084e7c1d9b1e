import { PHASE_DEVELOPMENT_SERVER } from 'next/constants.js';

/**
 * Not TypeScript: to read that, the running server would load Next's compiler, some 25 MB that nothing else in it needs.
 * In development `page.dev.tsx` is a page too: the showcase of the design system, which no installation needs.
 * @param {string} phase
 * @returns {import('next').NextConfig}
 */
const config = (phase) => ({
  reactStrictMode: true,
  poweredByHeader: false,
  pageExtensions: phase === PHASE_DEVELOPMENT_SERVER ? ['dev.tsx', 'tsx', 'ts'] : ['tsx', 'ts'],
  // `npm run typecheck` checks everything at once, tests included.
  typescript: { ignoreBuildErrors: true },
});

export default config;
