import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  expect,
  test as base,
  type Browser,
  type ConsoleMessage,
  type Page,
  type PlaywrightWorkerArgs,
} from '@playwright/test';
import { runNode, type Child } from '../support/system';
import { Api } from './api';
import { signIn } from './sign-in';

export { expect };

export const ADMIN_STATE = 'test-results/admin.json';

export interface AgentOptions {
  entity: string;
  queues: string[];
  token: string;
  name?: string;
  args?: string[];
  env?: Record<string, string>;
}
export interface Person {
  page: Page;
  api: Api;
  email: string;
}

interface Fixtures {
  /** The interface as the first admin. */
  api: Api;
  /** A team of its own for each test. */
  team: string;
  /** Starts the real agent; it is ended with the test. */
  startAgent: (options: AgentOptions) => Promise<Child>;
  /** Another user with a browser of their own, signed in; `role` is theirs in the test's team. */
  person: (role: 'viewer' | 'member' | 'admin' | 'none') => Promise<Person>;
  /** No test may pass while a page breaks its own rules: uncaught errors and violated policies. */
  quiet: undefined;
}

export const test = base.extend<Fixtures>({
  api: async ({ playwright, baseURL }, use) => {
    const context = await apiContext(playwright, baseURL!, ADMIN_STATE);
    await use(new Api(context));
    await context.dispose();
  },
  team: async ({ api }, use) => {
    const name = `team-${randomBytes(3).toString('hex')}`;
    await api.createTeam(name);
    await use(name);
  },
  startAgent: async ({ baseURL }, use) => {
    const started: { child: Child; dir: string }[] = [];
    await use(async ({ entity, queues, token, name = 'agent-1', args = [], env = {} }) => {
      const dir = await mkdtemp(path.join(tmpdir(), 'slipway-agent-'));
      const child = runNode(
        [
          'dist/cli.mjs',
          'launch-agent',
          ...queues.flatMap((queue) => ['-q', queue]),
          ...['-e', entity, '--name', name, '--state-dir', dir, ...args],
        ],
        { SLIPWAY_BASE_URL: baseURL!, SLIPWAY_AGENT_TOKEN: token, ...env },
      );
      started.push({ child, dir });
      return child;
    });
    for (const { child, dir } of started) {
      await child.kill('SIGKILL');
      await rm(dir, { recursive: true, force: true });
    }
  },
  person: async ({ browser, playwright, baseURL, api, team }, use) => {
    const contexts: { close: () => Promise<void> }[] = [];
    await use(async (role) => {
      const user = await createUser(api, team, role);
      const { page, context } = await openAs(browser, user);
      const state = await context.storageState();
      const calls = await apiContext(playwright, baseURL!, state);
      contexts.push(context, { close: () => calls.dispose() });
      return { page, api: new Api(calls), email: user.email };
    });
    for (const context of contexts) await context.close();
  },
  quiet: [
    async ({ page }, use) => {
      const faults: string[] = [];
      page.on('pageerror', (error) => faults.push(`uncaught: ${error.stack ?? error.message}`));
      page.on('console', (message: ConsoleMessage) => {
        if (message.type() === 'error' && /content security policy/i.test(message.text()))
          faults.push(message.text());
      });
      await use(undefined);
      expect(faults).toEqual([]);
    },
    { auto: true },
  ],
});

/** Changes by cookie are refused unless they come from our own pages. */
const apiContext = (
  playwright: PlaywrightWorkerArgs['playwright'],
  baseURL: string,
  storageState: NonNullable<
    Parameters<PlaywrightWorkerArgs['playwright']['request']['newContext']>[0]
  >['storageState'],
) => playwright.request.newContext({ baseURL, storageState, extraHTTPHeaders: { origin: baseURL } });

async function createUser(api: Api, team: string, role: 'viewer' | 'member' | 'admin' | 'none') {
  const username = `${role}-${randomBytes(3).toString('hex')}`;
  const user = {
    email: `${username}@example.test`,
    name: `Robin ${role}`,
    username,
    password: 'a long enough password',
  };
  await api.call('POST', '/users', user);
  if (role !== 'none') await api.call('PUT', `/entities/${team}/members`, { email: user.email, role });
  return user;
}

async function openAs(browser: Browser, user: { email: string; password: string }) {
  const context = await browser.newContext({ storageState: { cookies: [], origins: [] } });
  const page = await context.newPage();
  await page.goto('/sign-in');
  await signIn(page, user);
  await expect(page.getByRole('navigation', { name: 'Pages' })).toBeVisible();
  return { page, context };
}
