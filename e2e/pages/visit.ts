import type { Page } from '@playwright/test';
import { expect } from './test';

/** What `furnish` has made; `run` (which finished), `failed` and `waiting` are ids of runs. */
export interface Site {
  team: string;
  queue: string;
  run: string;
  failed: string;
  waiting: string;
}

interface Visit {
  name: string;
  path: (site: Site) => string;
  ready: (page: Page, site: Site) => Promise<void>;
}

/** Every page of the product, for tests that look at all of them. */
export const PAGES: Visit[] = [
  { name: 'home', path: ({ team }) => `/${team}`, ready: table('Queues') },
  { name: 'create-queue', path: ({ team }) => `/${team}/queues/new`, ready: editor },
  { name: 'queue', path: ({ team, queue }) => `/${team}/queues/${queue}`, ready: table('Waiting') },
  {
    name: 'queue-agents',
    path: ({ team, queue }) => `/${team}/queues/${queue}/agents`,
    ready: (page, { queue }) => heading(queue)(page),
  },
  { name: 'queue-config', path: ({ team, queue }) => `/${team}/queues/${queue}/config`, ready: editor },
  {
    name: 'queue-metrics',
    path: ({ team, queue }) => `/${team}/queues/${queue}/metrics`,
    ready: async (page) => {
      await expect(page.getByRole('img', { name: /^Time to start/ })).toBeVisible();
    },
  },
  {
    name: 'queue-settings',
    path: ({ team, queue }) => `/${team}/queues/${queue}/settings`,
    ready: (page) => expect(page.getByRole('heading', { name: 'Secrets' })).toBeVisible(),
  },
  {
    name: 'launch',
    path: ({ team, queue }) => `/${team}/queues/${queue}?launch=1&entity=${team}&queue=${queue}`,
    ready: (page) => expect(page.getByRole('dialog').getByRole('combobox', { name: 'size' })).toBeVisible(),
  },
  {
    name: 'runs',
    path: ({ team }) => `/${team}/runs`,
    ready: async (page) => {
      await table('Runs')(page);
      await expect(page.getByRole('img', { name: /launched from/ })).toBeVisible();
    },
  },
  {
    name: 'run',
    path: ({ run }) => `/runs/${run}`,
    ready: (page) => expect(page.getByRole('log')).toContainText('all good'),
  },
  {
    name: 'run-failed',
    path: ({ failed }) => `/runs/${failed}`,
    ready: async (page) => {
      await expect(page.getByText('exit code 3').first()).toBeVisible();
      await expect(page.getByRole('log')).toContainText('not a number');
    },
  },
  {
    name: 'run-waiting',
    path: ({ waiting }) => `/runs/${waiting}`,
    ready: (page) => expect(page.getByRole('main')).toContainText('GPU driver update until 15:00'),
  },
  {
    name: 'run-submission',
    path: ({ run }) => `/runs/${run}?tab=submission`,
    ready: (page) => expect(page.getByRole('region', { name: 'Submission' })).toBeVisible(),
  },
  {
    name: 'run-inputs',
    path: ({ run }) => `/runs/${run}?tab=inputs`,
    ready: (page) => expect(page.getByRole('heading', { name: 'Template values' })).toBeVisible(),
  },
  {
    name: 'run-events',
    path: ({ run }) => `/runs/${run}?tab=events`,
    ready: (page) => expect(page.getByRole('list', { name: 'Events' })).toBeVisible(),
  },
  { name: 'jobs', path: ({ team }) => `/${team}/jobs`, ready: table('Jobs') },
  {
    name: 'create-job',
    path: ({ team }) => `/${team}/jobs?create=1`,
    ready: (page) => expect(page.getByRole('dialog', { name: 'Create job' })).toBeVisible(),
  },
  {
    name: 'job',
    path: ({ team }) => `/${team}/jobs/train?compare=0,1`,
    ready: table('Difference from v0 to v1'),
  },
  {
    name: 'job-inputs',
    path: ({ team }) => `/${team}/jobs/train/inputs`,
    ready: (page) => expect(page.getByRole('group', { name: 'Inputs as' })).toBeVisible(),
  },
  { name: 'agents', path: ({ team }) => `/${team}/agents`, ready: table('Agents') },
  { name: 'tokens', path: ({ team }) => `/${team}/tokens`, ready: table('Agent tokens') },
  {
    name: 'api-keys',
    path: ({ team }) => `/${team}/tokens?tab=keys`,
    ready: (page) => expect(page.getByRole('heading', { name: 'Your API keys' })).toBeVisible(),
  },
  { name: 'members', path: ({ team }) => `/${team}/members`, ready: table('Members') },
  {
    name: 'all-users',
    path: ({ team }) => `/${team}/members?tab=users`,
    ready: table('Users'),
  },
  { name: 'audit', path: ({ team }) => `/${team}/audit`, ready: table('Audit log') },
  {
    name: 'audit-filtered',
    path: ({ team }) => `/${team}/audit?target=nothing-has-this-name`,
    ready: (page) => expect(page.getByText('No event matches the filters')).toBeVisible(),
  },
  {
    name: 'account',
    path: () => '/account',
    ready: (page) => expect(page.getByRole('heading', { name: 'Password and sessions' })).toBeVisible(),
  },
  {
    name: 'not-found',
    path: ({ team }) => `/${team}/nowhere`,
    ready: (page) => expect(page.getByRole('heading', { name: 'There is no such page' })).toBeVisible(),
  },
];

/** What opens over pages: dialogs, drawers, menus, the palette. */
export const OVERLAYS: Visit[] = [
  {
    name: 'agent-drawer',
    path: ({ team }) => `/${team}/agents`,
    ready: async (page) => {
      await page.getByRole('button', { name: 'lab-1' }).click();
      await expect(page.getByRole('list', { name: 'Past runs' })).toBeVisible();
    },
  },
  {
    name: 'peek',
    path: ({ team, failed }) => `/${team}/runs?peek=${failed}`,
    ready: (page) =>
      expect(page.getByTestId('peek').getByRole('region', { name: 'Last lines of the log' })).toBeVisible(),
  },
  {
    name: 'compare',
    path: ({ team, run, failed }) => `/${team}/runs?compare=${run},${failed}`,
    ready: (page) =>
      expect(page.getByRole('dialog', { name: 'Compare two runs' }).getByText('large').first()).toBeVisible(),
  },
  {
    name: 'selection',
    path: ({ team }) => `/${team}/runs`,
    ready: async (page) => {
      await page.getByRole('checkbox', { name: 'Select sweep-1' }).click();
      await page.getByRole('checkbox', { name: 'Select sweep-2' }).click();
      await expect(page.getByText('2 runs selected')).toBeVisible();
    },
  },
  {
    name: 'batch',
    path: ({ team, queue }) =>
      `/${team}/queues/${queue}?launch=1&entity=${team}&queue=${queue}&entrypoint=true&v.size=small`,
    ready: async (page) => {
      const drawer = page.getByRole('dialog');
      await drawer.getByRole('button', { name: 'Several values…' }).click();
      await drawer.getByRole('combobox', { name: 'Field that varies' }).click();
      await page.getByRole('option', { name: 'values.steps' }).click();
      await drawer.getByRole('textbox', { name: 'Values' }).fill('2\n4\n400');
      await expect(drawer.getByRole('table', { name: 'Runs of the batch' })).toBeVisible();
    },
  },
  {
    name: 'versions',
    path: ({ team }) => `/${team}/queues/gpu/config`,
    ready: async (page) => {
      const versions = page.getByRole('table', { name: 'Versions' });
      await versions.getByRole('button', { name: 'Compare' }).first().click();
      await expect(page.getByTestId('config-diff').locator('.line-insert').first()).toBeAttached();
    },
  },
  {
    name: 'log-search',
    path: ({ failed }) => `/runs/${failed}`,
    ready: async (page) => {
      await page.getByRole('textbox', { name: 'Search the whole log' }).fill('loss');
      await expect(page.getByText('2 hits')).toBeVisible();
    },
  },
  {
    name: 'add-agent',
    path: ({ team }) => `/${team}/agents?add=1`,
    ready: (page) =>
      expect(page.getByRole('dialog', { name: 'Add an agent' }).getByRole('checkbox').first()).toBeVisible(),
  },
  {
    name: 'create-token',
    path: ({ team }) => `/${team}/tokens?create=1`,
    ready: (page) => expect(page.getByRole('dialog').getByRole('checkbox').first()).toBeVisible(),
  },
  {
    name: 'rotate-token',
    path: ({ team }) => `/${team}/tokens`,
    ready: async (page) => {
      await page
        .getByRole('button', { name: /^Rotate / })
        .first()
        .click();
      await expect(page.getByRole('dialog', { name: /^Rotate / })).toBeVisible();
    },
  },
  {
    name: 'create-key',
    path: ({ team }) => `/${team}/tokens?tab=keys&create=1`,
    ready: (page) => expect(page.getByRole('dialog', { name: 'Create API key' })).toBeVisible(),
  },
  {
    name: 'add-member',
    path: ({ team }) => `/${team}/members`,
    ready: async (page) => {
      await page.getByRole('button', { name: 'Add member' }).click();
      await expect(page.getByRole('dialog')).toBeVisible();
    },
  },
  {
    name: 'shortcuts',
    path: ({ team }) => `/${team}/agents`,
    ready: async (page) => {
      await expect(page.getByRole('table', { name: 'Agents' })).toBeVisible();
      await page.keyboard.press('?');
      await expect(page.getByRole('dialog', { name: 'Keyboard shortcuts' })).toBeVisible();
    },
  },
  {
    name: 'palette',
    path: ({ team }) => `/${team}`,
    ready: async (page) => {
      await expect(page.getByRole('table', { name: 'Queues' })).toBeVisible();
      await page.keyboard.press('ControlOrMeta+k');
      await expect(page.getByRole('dialog', { name: 'Search and commands' })).toBeVisible();
    },
  },
  {
    name: 'row-menu',
    path: ({ team }) => `/${team}`,
    ready: async (page, { queue }) => {
      await page.getByRole('button', { name: `Actions for ${queue}` }).click();
      await expect(page.getByRole('menu')).toBeVisible();
    },
  },
  {
    name: 'account-menu',
    path: () => '/account',
    ready: async (page) => {
      await page.getByRole('button', { name: /^Account of/ }).click();
      await expect(page.getByRole('menu')).toBeVisible();
    },
  },
];

function heading(name: string) {
  return (page: Page) => expect(page.getByRole('heading', { name, level: 1 })).toBeVisible();
}
function table(name: string) {
  return (page: Page) => expect(page.getByRole('table', { name })).toBeVisible();
}
function editor(page: Page) {
  return expect(page.getByTestId('config-editor')).toHaveAttribute('data-state', 'ready');
}
