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
          exclude: [...ignored, needsService],
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
