import { defineConfig } from 'vitest/config';
import { fileURLToPath } from 'node:url';

const alias = { '@': fileURLToPath(new URL('.', import.meta.url)).replace(/\/$/, '') };
const ignored = ['node_modules/**', 'dist/**', '.next/**', '.slipway/**', '.venv/**', 'e2e/**'];
/** A file's ending says what it needs: nothing, PostgreSQL (.db), Redis (.redis), the Docker engine (.docker), emulators of clouds (.cloud), or programs it starts (.process). */
const needsService = '**/*.{db,redis,docker,cloud,process}.test.{ts,tsx}';

/** Real services on a busy machine may be slow once; what fails twice is broken. */
const retry = process.env.CI ? 1 : 0;

export default defineConfig({
  resolve: { alias },
  test: {
    projects: [
      {
        resolve: { alias },
        test: {
          name: 'unit',
          include: ['**/*.test.{ts,tsx}'],
          exclude: [...ignored, '**/*.cluster.test.ts', needsService],
        },
      },
      {
        resolve: { alias },
        test: {
          name: 'integration',
          include: [needsService],
          exclude: ignored,
          globalSetup: ['server/testing/global-setup.ts'],
          testTimeout: 60_000,
          hookTimeout: 120_000,
          maxWorkers: 2,
          retry,
        },
      },
      {
        // A real cluster: `npm run test:cluster`, with KUBECONFIG.
        resolve: { alias },
        test: {
          name: 'cluster',
          include: ['workers/agent/**/*.cluster.test.ts'],
          testTimeout: 180_000,
          hookTimeout: 120_000,
          fileParallelism: false,
        },
      },
      {
        // The built product as real processes: run `npm run build` first.
        resolve: { alias },
        test: {
          name: 'system',
          include: ['e2e/{system,chaos}/*.system.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 120_000,
          fileParallelism: false,
          retry,
        },
      },
    ],
  },
});
