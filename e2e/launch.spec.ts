import { quoteCommand } from '@/core/command';
import type { Page } from '@playwright/test';
import { choose } from './pages/config-editor';
import { LaunchDrawer } from './pages/launch-drawer';
import { COUNTER } from './pages/programs';
import { expect, test } from './pages/test';

const QUEUE = {
  name: 'lab',
  prioritized: true,
  config: { format: 'yaml' as const, source: 'env:\n  STEPS: "{{steps}}"\n  SIZE: "{{size}}"\n' },
  templates: {
    steps: { type: 'integer', min: 1, max: 10, default: 3, description: 'How many steps' },
    size: { type: 'string', options: ['small', 'large'] },
  },
};

async function openDrawer(page: Page, team: string): Promise<LaunchDrawer> {
  await page.goto(`/${team}/queues/lab`);
  await page.getByRole('main').getByRole('link', { name: 'Launch', exact: true }).click();
  const drawer = new LaunchDrawer(page);
  await expect(drawer.choice('Queue')).toHaveText('lab');
  return drawer;
}

test('values and priority are chosen within the limits, and the exact command is shown while they are', async ({
  page,
  team,
  api,
}) => {
  await api.createQueue(team, QUEUE);
  const drawer = await openDrawer(page, team);
  await drawer.text('Command').fill('echo "two words" plain');

  await test.step('a third value is not on offer', async () => {
    await drawer.choice('size').click();
    await expect(page.getByRole('option')).toHaveText(['small', 'large']);
    await page.getByRole('option', { name: 'large' }).click();
  });
  await test.step('a number out of range is refused at its field', async () => {
    await drawer.text('steps').fill('11');
    await expect(drawer.text('steps')).toHaveAccessibleDescription('"steps" must be from 1 to 10, not 11.');
    await drawer.submit.click();
    await expect(drawer.text('steps')).toBeFocused();
    await expect(drawer.root.getByRole('button', { name: '1 error: go to the first' })).toBeVisible();
    expect(await api.runs(team)).toEqual([]);
    await drawer.text('steps').fill('7');
    await expect(drawer.root.getByRole('alert')).toHaveCount(0);
  });
  await test.step('the preview follows each change', async () => {
    await expect(drawer.submission).toContainText("echo 'two words' plain");
    await expect(drawer.submission).toContainText('STEPS=7');
    await expect(drawer.submission).toContainText('SIZE=large');
    await drawer.root.getByRole('button', { name: 'Reset steps to its default 3' }).click();
    await expect(drawer.submission).toContainText('STEPS=3');
    await expect(drawer.preview.getByRole('list', { name: 'Origins' })).toContainText('Template value');
  });
  await choose(page, drawer.choice('Priority'), 'High');
  await drawer.submit.click();

  await expect(page).toHaveURL(/\/runs\/[a-z0-9]+$/);
  const main = page.getByRole('main');
  await expect(main.getByText('Pending', { exact: true }).first()).toBeVisible();
  await expect(main.getByText('high priority')).toBeVisible();
  await expect(main.getByText('This queue never had an agent')).toBeVisible();
  const [run] = await api.runs(team);
  expect(await api.run(run!.id)).toMatchObject({
    priority: 'high',
    templateValues: { size: 'large', steps: 3 },
    entrypoint: ['echo', 'two words', 'plain'],
  });
});

test('the interface refuses what the form refuses, with path and allowed values', async ({ team, api }) => {
  await api.createQueue(team, QUEUE);
  const refused = await api.send('POST', `/entities/${team}/queues/lab/runs`, {
    entrypoint: ['true'],
    templateValues: { size: 'huge', steps: 11 },
  });
  expect(refused.status()).toBe(422);
  expect(refused.headers()['content-type']).toContain('application/problem+json');
  const { errors } = (await refused.json()) as { errors: { path: string; message: string }[] };
  expect(errors).toEqual(
    expect.arrayContaining([
      { path: 'templateValues.size', message: expect.stringMatching(/small.*large/) },
      { path: 'templateValues.steps', message: expect.stringContaining('from 1 to 10') },
    ]),
  );
  expect(await api.runs(team)).toEqual([]);
});

test('an agent added in the browser takes the waiting run, and its log appears line by line', async ({
  page,
  team,
  api,
  startAgent,
}) => {
  await api.createQueue(team, QUEUE);
  const { id } = await api.launch(team, 'lab', { entrypoint: COUNTER, templateValues: { size: 'small' } });

  const token = await test.step('the page makes a token and the command with it', async () => {
    await page.goto(`/${team}/agents`);
    await page.getByRole('main').getByRole('button', { name: 'Add agent' }).first().click();
    const dialog = page.getByRole('dialog');
    await expect(dialog.getByRole('checkbox', { name: 'lab' })).toBeChecked();
    await dialog.getByRole('button', { name: 'Make token and command' }).click();
    const command = dialog.locator('pre');
    await expect(command).toContainText(`launch-agent -q lab -e ${team}`);
    await expect(command).toContainText(`SLIPWAY_BASE_URL=${new URL(page.url()).origin}`);
    await expect(dialog.getByText('Waiting for the first heartbeat…')).toBeVisible();
    return /slw_agent_[\w-]+/.exec((await command.textContent())!)![0];
  });
  await test.step('the first heartbeat ticks by itself', async () => {
    await startAgent({ entity: team, queues: ['lab'], token, name: 'gpu-box' });
    await expect(page.getByText('gpu-box is connected and takes runs.')).toBeVisible({ timeout: 40_000 });
    await page.getByRole('button', { name: 'Done' }).click();
    await expect(
      page.getByRole('table', { name: 'Agents' }).getByRole('row', { name: /gpu-box/ }),
    ).toContainText('Online');
  });
  await test.step('the log is live', async () => {
    await page.goto(`/runs/${id}`);
    const main = page.getByRole('main');
    await expect(main.getByText('Running', { exact: true }).first()).toBeVisible();
    const log = page.getByRole('log', { name: 'Lines of the log' });
    await expect(log).toContainText(/count \d+/);
    const seen = Number(/count (\d+)(?!.*count)/s.exec((await log.textContent())!)![1]);
    await expect(log).toContainText(`count ${seen + 20}`);
  });
});

test('from waiting to finished without a reload', async ({ page, team, api, startAgent }) => {
  await api.createQueue(team, QUEUE);
  const drawer = await openDrawer(page, team);
  await drawer
    .text('Command')
    .fill(
      quoteCommand([
        process.execPath,
        '-e',
        "console.log('size ' + process.env.SIZE + ', steps ' + process.env.STEPS)",
      ]),
    );
  await choose(page, drawer.choice('size'), 'small');
  await drawer.text('steps').fill('9');
  await drawer.submit.click();
  await expect(page).toHaveURL(/\/runs\//);
  await expect(page.getByRole('main').getByText('This queue never had an agent')).toBeVisible();
  await page.evaluate(() => Object.assign(window, { stillTheSame: true }));

  await startAgent({ entity: team, queues: ['lab'], token: await api.agentToken(team, ['lab']) });
  await expect(page.getByRole('main').getByText('Finished', { exact: true }).first()).toBeVisible();
  await expect(page.getByRole('log')).toContainText('size small, steps 9');
  await expect(page.getByText('exit code 0')).toBeVisible();
  await expect(page.getByText('This queue never had an agent')).toBeHidden();
  expect(await page.evaluate(() => 'stillTheSame' in window)).toBe(true);

  await page
    .getByRole('navigation', { name: 'Parts of the run' })
    .getByRole('link', { name: 'Submission' })
    .click();
  await expect(page.getByRole('region', { name: 'Submission' })).toContainText('SIZE=small');
  await page
    .getByRole('navigation', { name: 'Parts of the run' })
    .getByRole('link', { name: 'Events' })
    .click();
  for (const state of ['Pending', 'Leased', 'Running', 'Finished'])
    await expect(
      page.getByRole('list', { name: 'Events' }).getByText(state, { exact: true }).first(),
    ).toBeVisible();
});

test('a double click makes one run', async ({ page, team, api }) => {
  await api.createQueue(team, QUEUE);
  const drawer = await openDrawer(page, team);
  await drawer.text('Command').fill('true');
  await choose(page, drawer.choice('size'), 'small');
  await drawer.submit.dblclick();
  await expect(page).toHaveURL(/\/runs\//);
  expect(await api.runs(team)).toHaveLength(1);
});
