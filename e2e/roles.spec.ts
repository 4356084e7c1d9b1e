import { LaunchDrawer } from './pages/launch-drawer';
import { expect, test } from './pages/test';

test.beforeEach(async ({ api, team }) => {
  await api.createQueue(team, { name: 'lab' });
  await api.call('PUT', `/entities/${team}/queues/lab/secrets/API_TOKEN`, { value: 'hush' });
});

test('a viewer looks, and cannot launch', async ({ team, api, person }) => {
  const run = await api.launch(team, 'lab', { entrypoint: ['true'] });
  const viewer = await person('viewer');
  const { page } = viewer;
  await page.goto(`/${team}`);
  await expect(page.getByRole('table', { name: 'Queues' }).getByRole('link', { name: 'lab' })).toBeVisible();
  await expect(page.getByRole('main').getByRole('link', { name: 'Launch', exact: true })).toHaveCount(0);
  await expect(page.getByRole('link', { name: 'Create queue' })).toHaveCount(0);
  await page.goto(`/${team}/queues/lab`);
  await expect(page.getByRole('heading', { name: 'lab', level: 1 })).toBeVisible();
  await expect(page.getByRole('main').getByRole('link', { name: 'Launch', exact: true })).toHaveCount(0);
  await expect(page.getByRole('button', { name: 'Pause' })).toHaveCount(0);
  await page.goto(`/runs/${run.id}`);
  await expect(page.getByRole('heading', { name: run.name })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Stop', exact: true })).toHaveCount(0);
  await page.goto(`/${team}/runs`);
  await expect(page.getByRole('table', { name: 'Runs' })).toBeVisible();
  await expect(page.getByRole('main').getByRole('link', { name: 'Launch', exact: true })).toHaveCount(0);

  const refused = await viewer.api.send('POST', `/entities/${team}/queues/lab/runs`, {
    entrypoint: ['true'],
  });
  expect(refused.status()).toBe(403);
  expect(await refused.text()).toContain('member');
  expect((await viewer.api.send('POST', `/runs/${run.id}/stop`, {})).status()).toBe(403);
  expect(await api.runs(team)).toHaveLength(1);
});

test('a member launches, and changes neither queue nor secrets', async ({ team, api, person }) => {
  const member = await person('member');
  const { page } = member;
  await page.goto(`/${team}/queues/lab`);
  await page.getByRole('main').getByRole('link', { name: 'Launch', exact: true }).click();
  const drawer = new LaunchDrawer(page);
  await drawer.text('Command').fill('true');
  await drawer.submit.click();
  await expect(page).toHaveURL(/\/runs\//);
  await expect(page.getByRole('button', { name: 'Stop', exact: true })).toBeVisible();

  await page.goto(`/${team}/queues/lab/config`);
  await expect(page.getByTestId('config-editor')).toHaveAttribute('data-state', 'ready');
  await expect(page.getByText('Read-only.')).toBeVisible();
  await expect(page.getByRole('button', { name: /^Save config/ })).toHaveCount(0);
  await page.goto(`/${team}/queues/lab/settings`);
  await expect(page.getByText('API_TOKEN')).toBeVisible();
  await expect(page.getByRole('form', { name: 'Set a secret' })).toHaveCount(0);
  await page.goto(`/${team}/queues/new`);
  await expect(page.getByRole('button', { name: 'Create queue', exact: true })).toHaveCount(0);
  await page.goto(`/${team}/tokens`);
  await expect(page.getByText('Agent tokens are for admins')).toBeVisible();

  const queue = `/entities/${team}/queues/lab`;
  const change = { baseVersion: 1, config: { format: 'yaml', source: 'cwd: /' } };
  expect((await member.api.send('PATCH', queue, change)).status()).toBe(403);
  expect((await member.api.send('POST', `${queue}/pause`, {})).status()).toBe(403);
  expect((await member.api.send('DELETE', queue)).status()).toBe(403);
  const secrets = await (await member.api.send('GET', `${queue}/secrets`)).text();
  expect(secrets).toContain('API_TOKEN');
  expect(secrets).not.toContain('hush');
  expect((await member.api.send('DELETE', `${queue}/secrets/API_TOKEN`)).status()).toBe(403);
  expect((await member.api.send('PUT', `${queue}/secrets/API_TOKEN`, { value: 'mine' })).status()).toBe(403);
  expect(await (await member.api.send('GET', queue)).text()).not.toContain('hush');
  expect(await api.call('GET', queue)).toMatchObject({ version: 1, paused: null });
});

test('to one who is no member, nothing of the team exists', async ({ team, api, person }) => {
  const run = await api.launch(team, 'lab', { entrypoint: ['true'] });
  const stranger = await person('none');
  const { page } = stranger;
  for (const path of [`/${team}`, `/${team}/queues/lab`, `/runs/${run.id}`, `/${team}/agents`]) {
    await page.goto(path);
    await expect(page.getByRole('main')).toContainText(/not found|no such|does not exist|There is no/i);
    await expect(page.getByRole('main')).not.toContainText(run.name);
  }
  for (const path of [
    `/entities/${team}/queues`,
    `/entities/${team}/queues/lab`,
    `/runs/${run.id}`,
    `/runs/${run.id}/logs`,
  ])
    expect((await stranger.api.send('GET', path)).status(), path).toBe(404);
});

test('a role that is taken away counts at the next call', async ({ team, api, person }) => {
  const member = await person('member');
  const { page } = member;
  await page.goto(`/${team}/queues/lab`);
  await expect(page.getByRole('main').getByRole('link', { name: 'Launch', exact: true })).toBeVisible();
  await api.call('PUT', `/entities/${team}/members`, { email: member.email, role: 'viewer' });
  expect(
    (await member.api.send('POST', `/entities/${team}/queues/lab/runs`, { entrypoint: ['true'] })).status(),
  ).toBe(403);
  await page.reload();
  await expect(page.getByRole('heading', { name: 'lab', level: 1 })).toBeVisible();
  await expect(page.getByRole('main').getByRole('link', { name: 'Launch', exact: true })).toHaveCount(0);
});
