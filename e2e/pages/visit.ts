import type { Page } from '@playwright/test';
import { expect } from './test';

/** Every page of the product, for tests that look at all of them. `run` and `failed` are ids of runs. */
export interface Site {
  team: string;
  queue: string;
  run: string;
}

export const PAGES: {
  name: string;
  path: (site: Site) => string;
  ready: (page: Page, site: Site) => Promise<void>;
}[] = [
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
    name: 'queue-settings',
    path: ({ team, queue }) => `/${team}/queues/${queue}/settings`,
    ready: (page) => expect(page.getByRole('heading', { name: 'Secrets' })).toBeVisible(),
  },
  {
    name: 'launch',
    path: ({ team, queue }) => `/${team}/queues/${queue}?launch=1&entity=${team}&queue=${queue}`,
    ready: (page) => expect(page.getByRole('dialog').getByRole('combobox', { name: 'size' })).toBeVisible(),
  },
  { name: 'runs', path: ({ team }) => `/${team}/runs`, ready: table('Runs') },
  {
    name: 'run',
    path: ({ run }) => `/runs/${run}`,
    ready: (page) => expect(page.getByRole('log')).toContainText('all good'),
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
  { name: 'agents', path: ({ team }) => `/${team}/agents`, ready: table('Agents') },
  { name: 'tokens', path: ({ team }) => `/${team}/tokens`, ready: table('Agent tokens') },
  {
    name: 'api-keys',
    path: ({ team }) => `/${team}/tokens?tab=keys`,
    ready: (page) => expect(page.getByRole('heading', { name: 'Your API keys' })).toBeVisible(),
  },
  { name: 'members', path: ({ team }) => `/${team}/members`, ready: table('Members') },
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

function heading(name: string) {
  return (page: Page) => expect(page.getByRole('heading', { name, level: 1 })).toBeVisible();
}
function table(name: string) {
  return (page: Page) => expect(page.getByRole('table', { name })).toBeVisible();
}
function editor(page: Page) {
  return expect(page.getByTestId('config-editor')).toHaveAttribute('data-state', 'ready');
}
