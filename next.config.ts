import type { NextConfig } from 'next';

const config: NextConfig = {
  reactStrictMode: true,
  poweredByHeader: false,
  // `npm run typecheck` checks everything at once, tests included.
  typescript: { ignoreBuildErrors: true },
};

export default config;
