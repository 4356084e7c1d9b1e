import { defineConfig, devices } from '@playwright/test';

/** Chosen once by the first process; workers inherit it. */
process.env.SLIPWAY_E2E_PORT ??= String(20_000 + (process.pid % 20_000));
const baseURL = `http://127.0.0.1:${process.env.SLIPWAY_E2E_PORT}`;

export default defineConfig({
  testDir: 'e2e',
  outputDir: 'test-results/browser',
  globalSetup: './e2e/support/global-setup.ts',
  timeout: 60_000,
  expect: { timeout: 15_000 },
  fullyParallel: false,
  workers: 1,
  // On a busy machine a browser may be slow once; what fails twice is broken. Retries are listed as flaky.
  retries: process.env.CI ? 1 : 0,
  forbidOnly: Boolean(process.env.CI),
  reporter: process.env.PLAYWRIGHT_JSON_OUTPUT_NAME ? [['list'], ['json']] : [['list']],
  use: {
    ...devices['Desktop Chrome'],
    baseURL,
    viewport: { width: 1440, height: 900 },
    trace: 'retain-on-failure',
    screenshot: 'only-on-failure',
    launchOptions: {
      ...(process.env.SLIPWAY_BROWSER
        ? { executablePath: process.env.SLIPWAY_BROWSER }
        : { executablePath: '/usr/bin/chromium' }),
      // As root Chromium cannot make its sandbox; the rest keeps it from calling home.
      args: [
        ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
        '--no-first-run',
        '--disable-quic',
      ],
    },
  },
  projects: [
    { name: 'first-use', testMatch: /first-use\.setup\.ts/ },
    {
      name: 'pages',
      testMatch: /.*\.spec\.ts/,
      dependencies: ['first-use'],
      use: { storageState: 'test-results/admin.json' },
    },
  ],
});
