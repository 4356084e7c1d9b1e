import type { Page } from '@playwright/test';
import { choose } from './pages/config-editor';
import { LaunchDrawer } from './pages/launch-drawer';
import { expect, test } from './pages/test';

const QUEUE = {
  name: 'lab',
  prioritized: true,
  config: { format: 'yaml' as const, source: 'env:\n  STEPS: "{{steps}}"\n' },
  templates: { steps: { type: 'integer', min: 1, max: 10, default: 3 } },
};

async function openAt(page: Page, address: string): Promise<LaunchDrawer> {
  await page.goto(address);
  const drawer = new LaunchDrawer(page);
  await expect(drawer.choice('Queue')).toHaveText('lab');
  return drawer;
}

test('several values become a grid that is listed before it is sent as one batch', async ({
  page,
  team,
  api,
}) => {
  await api.createQueue(team, QUEUE);
  const drawer = await openAt(page, `/${team}/queues/lab?launch=1`);
  await drawer.text('Command').fill('python train.py');
  await drawer.text('Run name').fill('sweep');
  await drawer.root.getByRole('button', { name: 'Several values…' }).click();
  await choose(page, drawer.choice('Field that varies'), 'values.steps');
  await drawer.text('Values').fill('2\n4\n40');
  await drawer.root.getByRole('button', { name: 'Another field' }).click();
  await drawer.choice('Field that varies').nth(1).click();
  await page.getByPlaceholder('Search…').fill('config.lr');
  await page.getByRole('option', { name: /Use “config.lr”/ }).click();
  await drawer.text('Values').nth(1).fill('0.1\n0.01');

  const grid = drawer.root.getByRole('table', { name: 'Runs of the batch' });
  await expect(grid.getByRole('row')).toHaveCount(7);
  await expect(drawer.root.getByText('6 runs, 2 runs with errors')).toBeVisible();
  await expect(drawer.submit).toBeDisabled();
  await drawer.text('Values').first().fill('2\n4');
  await expect(drawer.root.getByRole('button', { name: /^Launch 4 runs/ })).toBeEnabled();
  await drawer.root.getByRole('button', { name: /^Launch 4 runs/ }).dblclick();

  await expect(page).toHaveURL(new RegExp(`/${team}/queues/lab$`));
  const runs = await api.runs(team, 'order=queue');
  const full = await Promise.all(runs.map(({ id }) => api.run(id)));
  expect(full.map(({ name }) => name).toSorted()).toEqual(['sweep-1', 'sweep-2', 'sweep-3', 'sweep-4']);
  const last = full.find(({ name }) => name === 'sweep-4');
  expect(last).toMatchObject({ templateValues: { steps: 4 }, config: { lr: 0.01 } });
});

test('a batch whose answer got lost is sent again as the same batch', async ({ page, team, api }) => {
  await api.createQueue(team, QUEUE);
  const drawer = await openAt(page, `/${team}/queues/lab?launch=1`);
  await drawer.text('Command').fill('python train.py');
  await drawer.root.getByRole('button', { name: 'Several values…' }).click();
  await choose(page, drawer.choice('Field that varies'), 'values.steps');
  await drawer.text('Values').fill('2\n4\n6');
  let lost = 0;
  await page.route('**/queues/lab/runs/batch', async (route) => {
    if (lost > 0) return route.fallback();
    lost += 1;
    await route.fetch(); // The server does all of it, and nobody hears.
    return route.abort('connectionreset');
  });
  const send = drawer.root.getByRole('button', { name: /^Launch 3 runs/ });
  await send.click();
  await expect(drawer.root.getByRole('alert')).toBeVisible();
  expect(await api.runs(team)).toHaveLength(3);
  await expect(drawer.text('Values')).toHaveValue('2\n4\n6');
  await send.click();
  await expect(page).toHaveURL(new RegExp(`/${team}/queues/lab$`));
  expect(await api.runs(team)).toHaveLength(3);
});

test('a link fills in values, a run fills in everything, and the preview says what is different', async ({
  page,
  team,
  api,
}) => {
  await api.createQueue(team, QUEUE);
  const before = await api.launch(team, 'lab', {
    name: 'baseline',
    entrypoint: ['python', 'train.py'],
    args: ['--lr', '0.1'],
    env: { SEED: '7' },
    labels: ['nightly'],
    templateValues: { steps: 2 },
    priority: 'high',
  });
  const drawer = await openAt(page, `/${team}/queues/lab?launch=1&v.steps=9`);
  await expect(drawer.text('steps')).toHaveValue('9');
  await drawer.text('steps').fill('5');
  await expect(page).toHaveURL(/v\.steps=5/);

  await drawer.root.getByRole('button', { name: 'Paste from run…' }).click();
  await page.getByPlaceholder('Name or id of a run').fill('base');
  await page.getByRole('option', { name: /baseline/ }).click();
  await expect(drawer.text('Command')).toHaveValue('python train.py');
  await expect(drawer.text('Arguments')).toHaveValue('--lr 0.1');
  await expect(drawer.text('Environment variables')).toHaveValue('SEED=7');
  await expect(drawer.text('Labels')).toHaveValue('nightly');
  await expect(page).toHaveURL(new RegExp(`from=${before.id}`));

  await drawer.text('Environment variables').fill('SEED=8');
  await choose(page, drawer.choice('Compare the preview'), 'Changes to that run');
  const difference = drawer.preview.getByLabel('Difference from run baseline');
  await expect(difference).toContainText('- removed: SEED=7');
  await expect(difference).toContainText('+ added: SEED=8');
  await choose(page, drawer.choice('Compare the preview'), 'Changes to queue defaults');
  await expect(drawer.preview.getByLabel('Difference from the defaults of the queue')).toContainText(
    '+ added: SEED=8',
  );

  await drawer.submit.click();
  await expect(page).toHaveURL(/\/runs\/[a-z0-9]+$/);
  const [newest] = await api.runs(team);
  expect(await api.run(newest!.id)).toMatchObject({
    args: ['--lr', '0.1'],
    env: { SEED: '8' },
    labels: ['nightly'],
    priority: 'high',
  });
});

test('what was typed survives a drawer closed by mistake; launched and stayed, it makes a run each time', async ({
  page,
  team,
  api,
}) => {
  await api.createQueue(team, QUEUE);
  const drawer = await openAt(page, `/${team}/queues/lab?launch=1`);
  await drawer.text('Command').fill('python long-command.py');
  await page.keyboard.press('Escape');
  await expect(drawer.root).toBeHidden();
  await page.keyboard.press('l');
  await expect(drawer.text('Command')).toHaveValue('python long-command.py');
  await expect(drawer.root.getByText('What you had typed is back.')).toBeVisible();
  await page.reload();
  await expect(drawer.text('Command')).toHaveValue('python long-command.py');

  await drawer.text('Command').press('Control+Shift+Enter');
  await expect(page.getByText(/^Launched /).first()).toBeVisible();
  await expect.poll(async () => (await api.runs(team)).length).toBe(1);
  await drawer.text('Command').press('Control+Shift+Enter');
  await expect.poll(async () => (await api.runs(team)).length).toBe(2);
  await drawer.root.getByRole('button', { name: 'Cancel' }).click();
  await expect(drawer.root).toBeHidden();
  await page.keyboard.press('l');
  await expect(drawer.text('Command')).toHaveValue('');
});

test('the inputs of a job are fields of its schema and the JSON they stand for', async ({
  page,
  team,
  api,
}) => {
  await api.createQueue(team, QUEUE);
  await api.call('POST', `/entities/${team}/jobs`, {
    name: 'train',
    source: { type: 'git', repository: 'https://git.example.com/a/b.git', commit: 'a'.repeat(40) },
    entrypoint: ['python', 'train.py'],
    inputSchema: {
      type: 'object',
      required: ['lr'],
      properties: {
        lr: { type: 'number', minimum: 0, maximum: 1, description: 'Learning rate' },
        optimizer: { enum: ['adam', 'sgd'] },
        model: { type: 'object', properties: { depth: { type: 'integer' } } },
      },
    },
  });
  const drawer = await openAt(page, `/${team}/queues/lab?launch=1`);
  await drawer.root.getByRole('radio', { name: /^Job/ }).click();
  await drawer.choice('Job').click();
  await page.getByRole('option', { name: /^train/ }).click();
  const inputs = drawer.root.getByRole('region', { name: 'Inputs' });
  await inputs.getByRole('spinbutton', { name: 'lr' }).fill('0.5');
  await choose(page, inputs.getByRole('combobox', { name: 'optimizer' }), 'sgd');
  await inputs.getByRole('spinbutton', { name: 'model.depth' }).fill('3');
  await inputs.getByRole('button', { name: 'JSON' }).click();
  const json = inputs.getByRole('textbox', { name: 'Inputs' });
  expect(JSON.parse(await json.inputValue())).toEqual({ lr: 0.5, optimizer: 'sgd', model: { depth: 3 } });
  await json.fill('{"lr": 5}');
  await drawer.submit.click();
  await expect(json).toHaveAccessibleDescription(/1/);
  await json.fill('{"lr": 0.25}');
  await inputs.getByRole('button', { name: 'Fields' }).click();
  await expect(inputs.getByRole('spinbutton', { name: 'lr' })).toHaveValue('0.25');
  await drawer.submit.click();
  await expect(page).toHaveURL(/\/runs\/[a-z0-9]+$/);
  const [run] = await api.runs(team);
  expect(await api.run(run!.id)).toMatchObject({ config: { lr: 0.25 } });
});

test('a preview that cannot be had says so and the form goes on', async ({ page, team, api }) => {
  await api.createQueue(team, QUEUE);
  await page.route(/\/preview$/, (route) =>
    route.fulfill({
      status: 500,
      contentType: 'application/problem+json',
      body: JSON.stringify({ type: 'about:blank', title: 'The renderer is away', status: 500 }),
    }),
  );
  const drawer = await openAt(page, `/${team}/queues/lab?launch=1`);
  await drawer.text('Command').fill('true');
  await expect(drawer.preview.getByText('The renderer is away')).toBeVisible();
  await drawer.submit.click();
  await expect(page).toHaveURL(/\/runs\/[a-z0-9]+$/);
});
