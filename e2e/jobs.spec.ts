import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import type { Job } from '@/core/wire';
import { LaunchDrawer } from './pages/launch-drawer';
import { expect, test } from './pages/test';

let repository: string;
const git = (...args: string[]) =>
  execFileSync('git', ['-c', 'user.name=T', '-c', 'user.email=t@example.com', ...args], {
    cwd: repository,
    encoding: 'utf8',
  }).trim();
test.beforeAll(() => {
  repository = mkdtempSync(path.join(tmpdir(), 'slipway-e2e-git-'));
  writeFileSync(path.join(repository, 'train.sh'), 'echo "trained from git with $SLIPWAY_CONFIG"\n');
  git('init', '-q', '-b', 'main');
  git('add', '.');
  git('commit', '-qm', 'one');
  git('tag', 'v1');
});
test.afterAll(() => rmSync(repository, { recursive: true, force: true }));

test('a git job is made with its commit shown, launched, and its next version compared', async ({
  page,
  team,
  api,
  startAgent,
}) => {
  await api.createQueue(team, { name: 'lab' });
  await startAgent({ entity: team, queues: ['lab'], token: await api.agentToken(team, ['lab']) });
  await page.goto(`/${team}/jobs`);
  await page.getByRole('button', { name: 'Create job' }).first().click();
  const form = page.getByRole('dialog', { name: 'Create job' });
  await form.getByRole('textbox', { name: 'Name' }).fill('train');
  await form.getByRole('textbox', { name: 'Repository' }).fill('https://user:s3cret@example.com/x');
  await expect(form).toContainText('must not hold a user name');
  await form.getByRole('textbox', { name: 'Repository' }).fill(`file://${repository}`);
  await form.getByRole('textbox', { name: 'Branch, tag or commit' }).fill('nowhere');
  await expect(form.getByRole('status')).toContainText('no branch or tag "nowhere"');
  await form.getByRole('textbox', { name: 'Branch, tag or commit' }).fill('main');
  const first = git('rev-parse', 'main');
  await expect(form.getByRole('status')).toContainText(`main is commit ${first}`);
  await form.getByRole('textbox', { name: 'Entrypoint' }).fill('sh train.sh');
  await form
    .getByRole('textbox', { name: 'Input schema' })
    .fill('{"type": "object", "properties": {"lr": {"type": "number", "maximum": 1}}}');
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
  await form.getByRole('button', { name: 'Create job' }).click();

  await expect(page.getByRole('heading', { name: 'train', level: 1 })).toBeVisible();
  await expect(page.getByRole('table', { name: 'Versions' })).toContainText(first.slice(0, 10));
  await page.getByRole('link', { name: 'Inputs' }).click();
  const lr = page.getByRole('spinbutton', { name: 'lr' }).or(page.getByRole('textbox', { name: 'lr' }));
  await expect(lr).toHaveAccessibleDescription('Number, at most 1');
  await lr.fill('0.5');
  await page.getByRole('button', { name: 'JSON', exact: true }).click();
  await expect(page.getByRole('textbox', { name: 'Inputs' })).toHaveValue(/"lr": 0.5/);

  await page.getByRole('main').getByRole('link', { name: 'Launch' }).click();
  const drawer = page.getByRole('dialog', { name: /Launch/ });
  await drawer.getByRole('combobox', { name: 'Queue' }).click();
  await page.getByRole('option', { name: /lab/ }).click();
  await new LaunchDrawer(page).submit.click();
  await expect.poll(async () => (await api.runs(team)).length).toBe(1);
  const [run] = await api.runs(team);
  await api.untilState(run!.id, 'finished');
  await page.goto(`/${team}/jobs/train/runs`);
  await page.getByRole('table', { name: 'Runs of train' }).getByRole('link').first().click();
  await expect(page.getByRole('log')).toContainText('trained from git with {}');

  writeFileSync(path.join(repository, 'train.sh'), 'echo "trained again"\n');
  git('commit', '-qam', 'two');
  await page.goto(`/${team}/jobs/train`);
  await page.getByRole('button', { name: 'New version' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Add version' }).click();
  const versions = page.getByRole('table', { name: 'Versions' });
  await expect(versions.getByRole('row', { name: /v1/ })).toContainText('latest');
  // The choice is in the address, which the page follows a moment later.
  await versions.getByRole('checkbox', { name: 'Compare v0' }).click();
  await versions.getByRole('checkbox', { name: 'Compare v1' }).click();
  for (const version of ['v0', 'v1'])
    await expect(versions.getByRole('checkbox', { name: `Compare ${version}` })).toBeChecked();
  const difference = page.getByRole('table', { name: 'Difference from v0 to v1' });
  await expect(difference).toContainText(first);
  await expect(difference).toContainText(git('rev-parse', 'main'));
});

test('a job is found, and launched from its row', async ({ page, team, api }) => {
  await api.createQueue(team, { name: 'gpu', resource: 'local-container' });
  for (const name of ['train', 'evaluate'])
    await api.call('POST', `/entities/${team}/jobs`, {
      name,
      source: { type: 'image', image: `registry.example.com/${name}:1` },
    });
  await page.goto(`/${team}`);
  await page.keyboard.press('g');
  await page.keyboard.press('j');
  const jobs = page.getByRole('table', { name: 'Jobs' });
  await expect(jobs.getByRole('row', { name: /train/ })).toContainText('never');
  await page.getByRole('textbox', { name: 'Search jobs by name' }).fill('eval');
  await expect(jobs.getByRole('row', { name: /train/ })).toBeHidden();
  await jobs.getByRole('link', { name: 'Launch evaluate' }).click();
  const drawer = page.getByRole('dialog', { name: /Launch/ });
  await drawer.getByRole('combobox', { name: 'Queue' }).click();
  await page.getByRole('option', { name: /gpu/ }).click();
  await expect(drawer).toContainText('registry.example.com/evaluate:1');
  await new LaunchDrawer(page).submit.click();
  await expect
    .poll(async () => (await api.call<Job>('GET', `/entities/${team}/jobs/evaluate`)).recentRuns)
    .toBe(1);
});

test('a run is saved as a job; what cannot be a name is said at the field', async ({ page, team, api }) => {
  await api.createQueue(team, { name: 'gpu', resource: 'local-container' });
  const { id } = await api.launch(team, 'gpu', {
    image: 'registry.example.com/train:7',
    entrypoint: ['python', 'train.py'],
  });
  await page.goto(`/runs/${id}`);
  await page.getByRole('button', { name: 'Save as job' }).click();
  const form = page.getByRole('dialog', { name: 'Save as job' });
  await form.getByRole('textbox', { name: 'Name' }).fill('not a name');
  await form.getByRole('button', { name: 'Save job' }).click();
  await expect(form.getByRole('alert')).toContainText('letters, digits');
  await form.getByRole('textbox', { name: 'Name' }).fill('train');
  await form.getByRole('button', { name: 'Save job' }).click();
  await expect(page.getByRole('heading', { name: 'train', level: 1 })).toBeVisible();
  await page.getByRole('link', { name: 'Source' }).click();
  await expect(page.getByText('python train.py')).toBeVisible();
});

test('those who may only read see jobs, and nothing to change them', async ({ team, api, person }) => {
  await api.call('POST', `/entities/${team}/jobs`, {
    name: 'train',
    source: { type: 'image', image: 'train:1' },
  });
  const { page } = await person('viewer');
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto(`/${team}/jobs/train`);
  await expect(page.getByRole('table', { name: 'Versions' })).toContainText('v0');
  await expect(page.getByRole('button', { name: 'New version' })).toHaveCount(0);
  await expect(page.getByRole('link', { name: /Launch/ })).toHaveCount(0);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
});
