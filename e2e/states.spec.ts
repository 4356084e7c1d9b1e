import type { Locator, Page } from '@playwright/test';
import { expect, test } from './pages/test';

const badge = (page: Page, text: string) => page.getByRole('banner').getByText(text);
const IMAGE = { type: 'image', image: 'registry.example.com/train:1' };

/** The request each page lives from, and what it shows while that is on its way. `RUN` in a path is the id of a run. */
const STATES = [
  { name: 'agents', path: 'agents', request: '**/api/v1/entities/*/agents?*', loading: 'Loading the agents' },
  {
    name: 'tokens',
    path: 'tokens',
    request: '**/api/v1/entities/*/agent-tokens',
    loading: 'Loading the tokens',
  },
  { name: 'API keys', path: 'tokens?tab=keys', request: '**/api/v1/api-keys', loading: 'Loading the keys' },
  {
    name: 'members',
    path: 'members',
    request: '**/api/v1/entities/*/members',
    loading: 'Loading the members',
  },
  { name: 'users', path: 'members?tab=users', request: '**/api/v1/users?*', loading: 'Loading the users' },
  {
    name: 'audit log',
    path: 'audit',
    request: '**/api/v1/entities/*/audit?*',
    loading: 'Loading the audit log',
  },
  { name: 'jobs', path: 'jobs', request: '**/api/v1/entities/*/jobs?*', loading: 'Loading the jobs' },
  { name: 'job', path: 'jobs/train', request: '**/api/v1/entities/*/jobs/train', loading: 'Loading the job' },
  {
    name: 'versions of a job',
    path: 'jobs/train',
    request: '**/jobs/train/versions?*',
    loading: 'Loading the versions',
  },
  {
    name: 'queue',
    path: 'queues/lab/agents',
    request: '**/api/v1/entities/*/queues/lab',
    loading: 'Loading the queue',
  },
  {
    name: 'agents of a queue',
    path: 'queues/lab/agents',
    request: '**/api/v1/entities/*/agents?*',
    loading: 'Loading the agents',
  },
  {
    name: 'versions of a queue',
    path: 'queues/lab/config',
    request: '**/queues/lab/versions?*',
    loading: 'Loading the versions',
  },
  { name: 'runs', path: 'runs', request: '**/api/v1/entities/*/runs?*', loading: 'Loading the runs' },
  { name: 'run', path: '/runs/RUN', request: '**/api/v1/runs/*', loading: 'Loading the run' },
  {
    name: 'events of a run',
    path: '/runs/RUN?tab=events',
    request: '**/api/v1/runs/*/events?*',
    loading: 'Loading the events',
  },
  {
    name: 'submission of a run',
    path: '/runs/RUN?tab=submission',
    request: '**/api/v1/runs/*/submission',
    loading: 'Loading the submission',
  },
  {
    name: 'secrets of a queue',
    path: 'queues/lab/settings',
    request: '**/queues/lab/secrets',
    loading: 'Loading the secrets',
  },
  {
    name: 'figures of a queue',
    path: 'queues/lab/metrics',
    request: '**/queues/lab/metrics?*',
    loading: 'Loading the metrics',
  },
  {
    name: 'runs of a job',
    path: 'jobs/train/runs',
    request: '**/api/v1/entities/*/runs?*',
    loading: 'Loading the runs',
  },
] as const;

for (const { name, path, request, loading } of STATES) {
  test(`${name}: a skeleton while it loads, the failure in place with its request id, and Retry`, async ({
    page,
    team,
    api,
  }) => {
    await api.createQueue(team, { name: 'lab' });
    await api.call('POST', `/entities/${team}/jobs`, { name: 'train', source: IMAGE });
    const run = await api.launch(team, 'lab', { entrypoint: ['true'] });
    const answers = await hold(page, request);
    await page.goto(path.startsWith('/') ? path.replace('RUN', run.id) : `/${team}/${path}`);
    await expect(page.getByRole('status', { name: loading })).toBeVisible();
    // Opening the stream renews what was asked before: by then the answer has to be the bad one.
    await expect(badge(page, 'Live')).toBeVisible();
    answers.release();
    await expectRetried(page.getByRole('main'), answers.mend);
    await expect(page.getByRole('status', { name: loading })).toHaveCount(0);
  });
}

/** Holds the answers to a request back, then lets it fail until it is mended. */
async function hold(page: Page, request: string): Promise<{ release: () => void; mend: () => void }> {
  let release: () => void = () => undefined;
  const held = new Promise<void>((resolve) => (release = resolve));
  let broken = true;
  await page.route(request, async (route) => {
    await held;
    if (!broken) return route.fallback();
    return route.fulfill({
      // No retry of its own on what the request itself is to blame for.
      status: 422,
      headers: { 'content-type': 'application/problem+json', 'x-request-id': 'request-0815' },
      body: JSON.stringify({
        type: 'about:blank',
        title: 'Broken on purpose',
        status: 422,
        detail: 'For a test.',
      }),
    });
  });
  return { release, mend: () => (broken = false) };
}

async function expectRetried(place: Locator, mend: () => void): Promise<void> {
  const alert = place.getByRole('alert');
  await expect(alert).toContainText('Broken on purpose');
  await expect(alert).toContainText('request-0815');
  mend();
  await alert.getByRole('button', { name: 'Retry' }).click();
  await expect(alert).toBeHidden();
}

test('panels over a page: the same of a peek, a comparison and the preview', async ({ page, team, api }) => {
  await api.createQueue(team, { name: 'lab' });
  const run = await api.launch(team, 'lab', { entrypoint: ['true'] });
  const other = await api.launch(team, 'lab', { entrypoint: ['false'] });
  const broken = async (name: string, path: string, request: string, place: Locator, loading?: string) =>
    test.step(name, async () => {
      const answers = await hold(page, request);
      await page.goto(path);
      if (loading !== undefined) await expect(place.getByRole('status', { name: loading })).toBeVisible();
      await expect(page.getByText('Live', { exact: true }).first()).toBeAttached();
      answers.release();
      await expectRetried(place, answers.mend);
      await page.unrouteAll({ behavior: 'wait' });
    });
  const one = '**/api/v1/runs/*';
  await broken('peek', `/${team}/runs?peek=${run.id}`, one, page.getByTestId('peek'), 'Loading the run');
  await broken(
    'comparison',
    `/${team}/runs?compare=${run.id},${other.id}`,
    one,
    page.getByRole('dialog', { name: 'Compare two runs' }),
    'Loading the two runs',
  );
  await page.setViewportSize({ width: 390, height: 844 });
  const value = page.getByRole('dialog').getByText('false', { exact: true }).first();
  expect((await value.boundingBox())!.width, 'values are readable on a phone').toBeGreaterThan(120);
  await page.setViewportSize({ width: 1440, height: 900 });
  await broken(
    'preview',
    `/${team}/queues/lab?launch=1&queue=lab&image=busybox`,
    '**/queues/lab/preview',
    page.getByTestId('preview'),
  );
});

test('settings that were not saved stay as typed, and are saved when the server is there again', async ({
  page,
  team,
  api,
}) => {
  await api.createQueue(team, { name: 'lab' });
  await page.goto(`/${team}/queues/lab/settings`);
  const description = page.getByLabel('Description');
  await description.fill('For the night');
  const answers = await hold(page, `**/api/v1/entities/*/queues/lab`);
  answers.release();
  const save = page.getByRole('button', { name: 'Save settings' });
  await save.click();
  await expect(page.getByRole('main').getByRole('alert')).toContainText('Broken on purpose');
  await expect(description).toHaveValue('For the night');
  answers.mend();
  await save.click();
  await expect(page.getByText('Settings saved.')).toBeVisible();
  expect(await api.call('GET', `/entities/${team}/queues/lab`)).toMatchObject({
    description: 'For the night',
  });

  await page.getByLabel('Name', { exact: true }).fill('API_TOKEN');
  await page.getByLabel('Value', { exact: true }).fill('hush');
  const secrets = await hold(page, '**/queues/lab/secrets/*');
  secrets.release();
  await page.getByRole('button', { name: 'Set secret' }).click();
  await expect(page.getByRole('main').getByRole('alert')).toContainText('Broken on purpose');
  await expect(page.getByLabel('Value', { exact: true })).toHaveValue('hush');
  secrets.mend();
  await page.getByRole('button', { name: 'Set secret' }).click();
  await expect(page.getByRole('list', { name: 'Secrets' })).toContainText('API_TOKEN');
});

/** Pages of a team that has nothing yet: what each says, and where it leads. */
const EMPTY = [
  { path: 'runs', says: 'No runs yet' },
  { path: 'agents', says: 'No agent has connected yet' },
  { path: 'tokens', says: 'No agent token yet' },
  { path: 'tokens?tab=keys', says: 'No API key yet' },
  { path: 'jobs', says: 'No jobs yet' },
  { path: 'queues/lab/metrics', says: 'Nothing happened in this range' },
  { path: 'queues/lab', says: 'Nothing runs at the moment.' },
  { path: 'queues/lab/agents', says: 'This queue never had an agent' },
  { path: 'audit?target=nobody', says: 'No event matches the filters' },
  { path: 'runs?q=nobody', says: 'No run matches the filters' },
  { path: 'jobs?q=nobody', says: 'No job matches' },
];

test('pages with nothing on them say so, and pages whose filters find nothing say that', async ({
  page,
  team,
  api,
}) => {
  test.setTimeout(120_000);
  await api.createQueue(team, { name: 'lab' });
  for (const { path, says } of EMPTY)
    await test.step(path, async () => {
      await page.goto(`/${team}/${path}`);
      await expect(page.getByRole('main').getByText(says).first()).toBeVisible();
    });
});
