import { COUNTER } from './pages/programs';
import { expect, test } from './pages/test';

test('a run is stopped from its page, and put back into its queue', async ({
  page,
  team,
  api,
  startAgent,
}) => {
  await api.createQueue(team, { name: 'lab' });
  await startAgent({ entity: team, queues: ['lab'], token: await api.agentToken(team, ['lab']) });
  const { id, name } = await api.launch(team, 'lab', { entrypoint: COUNTER });
  await page.goto(`/runs/${id}`);
  const main = page.getByRole('main');
  const state = (word: string) => main.getByText(word, { exact: true }).first();
  await expect(state('Running')).toBeVisible();
  await expect(page.getByRole('log')).toContainText('count 3');

  await main.getByRole('button', { name: 'Stop', exact: true }).click();
  const dialog = page.getByRole('dialog', { name: `Stop ${name}?` });
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await expect(state('Running')).toBeVisible();
  await main.getByRole('button', { name: 'Stop', exact: true }).click();
  await dialog.getByRole('button', { name: 'Stop run' }).click();
  await expect(state('Stopped')).toBeVisible();
  await expect(page.getByRole('log')).toContainText('told to end');
  await expect(main.getByRole('button', { name: 'Stop', exact: true })).toBeHidden();

  await main.getByRole('button', { name: 'Requeue' }).click();
  await expect(state('Running')).toBeVisible();
  await expect(page.getByText(/Attempt 2/).first()).toBeVisible();
  await api.call('POST', `/runs/${id}/stop`, {});
  await expect(state('Stopped')).toBeVisible();
});

test('a program that does not listen is shown as stopping, then killed', async ({
  page,
  team,
  api,
  startAgent,
}) => {
  await api.createQueue(team, { name: 'deaf', stopGraceSeconds: 4 });
  await startAgent({ entity: team, queues: ['deaf'], token: await api.agentToken(team) });
  const deaf = [
    process.execPath,
    '-e',
    "process.on('SIGTERM', () => console.log('no')); setInterval(() => {}, 1e6); console.log('ready')",
  ];
  const { id } = await api.launch(team, 'deaf', { entrypoint: deaf });
  await page.goto(`/runs/${id}`);
  await expect(page.getByRole('log')).toContainText('ready');
  await page.getByRole('main').getByRole('button', { name: 'Stop', exact: true }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Stop run' }).click();
  await expect(page.getByRole('main').getByText('Stopping', { exact: true })).toBeVisible();
  await expect(page.getByText(/SIGKILL follows in/)).toBeVisible();
  await expect(page.getByRole('main').getByText('Stopped', { exact: true }).first()).toBeVisible();
  await expect(page.getByRole('log')).toContainText('no');
});

test('a waiting run is stopped at once', async ({ page, team, api }) => {
  await api.createQueue(team, { name: 'lab' });
  const { id } = await api.launch(team, 'lab', { entrypoint: ['true'] });
  await page.goto(`/runs/${id}`);
  await page.getByRole('main').getByRole('button', { name: 'Stop', exact: true }).click();
  await expect(page.getByRole('dialog')).toContainText('It waits in the queue and will not start.');
  await page.getByRole('dialog').getByRole('button', { name: 'Stop run' }).click();
  await expect(page.getByRole('main').getByText('Stopped', { exact: true }).first()).toBeVisible();
});
