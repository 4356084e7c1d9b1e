import { createQueues } from './pages/api';
import { expect, test } from './pages/test';

test('from an empty team to the first finished run: three steps that tick by themselves', async ({
  page,
  team,
  startAgent,
}) => {
  await page.goto(`/${team}`);
  const steps = page.getByRole('region', { name: 'From here to your first run' });
  const done = steps.getByLabel('Done');
  await expect(steps.getByRole('listitem').filter({ hasText: 'Create a queue' })).toHaveAttribute(
    'aria-current',
    'step',
  );
  await expect(done).toHaveCount(0);
  await expect(steps.getByRole('list', { name: 'Sample queues' }).getByRole('link')).toHaveCount(5);

  await test.step('a sample queue', async () => {
    await steps.getByRole('link', { name: 'Local process' }).click();
    await expect(page.getByRole('textbox', { name: 'Queue name' })).toHaveValue('local');
    await expect(page.getByTestId('tile-greeting')).toBeVisible();
    await page.getByRole('button', { name: 'Create queue', exact: true }).click();
    await expect(page).toHaveURL(new RegExp(`/${team}/queues/local/agents$`));
    await page.goto(`/${team}`);
    await expect(done).toHaveCount(1);
  });
  await test.step('an agent with a real token', async () => {
    await steps.getByRole('button', { name: 'Add agent' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Make token and command' }).click();
    await expect(dialog.getByText('Waiting for the first heartbeat…')).toBeVisible();
    const token = /slw_agent_[\w-]+/.exec((await dialog.locator('pre').first().textContent())!)![0];
    await startAgent({ entity: team, queues: ['local'], token });
    await expect(page.getByText(/is connected and takes runs/)).toBeVisible({ timeout: 40_000 });
    await page.getByRole('button', { name: 'Done' }).click();
    await expect(done).toHaveCount(2);
  });
  await test.step('hello-world', async () => {
    await steps.getByRole('link', { name: 'Launch hello-world' }).click();
    const drawer = page.getByRole('dialog', { name: 'Launch a run' });
    await expect(drawer.getByRole('textbox', { name: 'Command' })).toHaveValue('echo "Hello from Slipway"');
    await drawer.getByRole('button', { name: /^Launch(?! and stay)/ }).click();
    await expect(page.getByRole('log')).toContainText('Hello from Slipway');
    await page.goto(`/${team}`);
    await expect(page.getByRole('table', { name: 'Queues' })).toBeVisible();
    await expect(steps).toBeHidden();
  });
});

test('hundreds of queues: drawn in parts, searched on the server, filters in the address', async ({
  page,
  team,
  api,
}) => {
  const wide = `W${'W'.repeat(63)}`;
  await createQueues(api, team, 210);
  await api.createQueue(team, { name: wide, resource: 'local-container' });
  await page.goto(`/${team}`);
  const table = page.getByRole('table', { name: 'Queues' });
  const rows = table.getByRole('row');
  await expect(rows).toHaveCount(101);
  await expect(page.getByText('100 of 211')).toBeVisible();
  await page.getByRole('button', { name: 'Show more' }).click();
  await expect(rows).toHaveCount(201);

  await page.getByRole('textbox', { name: /Search the queues/ }).fill('queue-199');
  await expect(rows).toHaveCount(2);
  await expect(page).toHaveURL(/q=queue-199/);
  await page.reload();
  await expect(rows).toHaveCount(2);
  await page.getByRole('textbox', { name: /Search the queues/ }).fill('WWWW');
  await expect(table.getByRole('link', { name: wide })).toBeVisible();
  expect(
    await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth),
    'a long name does not widen the page',
  ).toBe(true);

  await page.getByRole('textbox', { name: /Search the queues/ }).fill('no such queue');
  await expect(page.getByText('No queue matches the filters')).toBeVisible();
  await page.getByRole('button', { name: 'Clear filters' }).first().click();
  await expect(rows).toHaveCount(101);
  await page.goto(`/${team}?resource=local-container&state=no-agent`);
  await expect(rows).toHaveCount(2);
});

test('a row says what moves, unfolds to its runs, and is copied with all its settings', async ({
  page,
  team,
  api,
  startAgent,
}) => {
  await api.createQueue(team, { name: 'lab', maxInFlight: 1, description: 'Small things' });
  await api.call('PATCH', `/entities/${team}/queues/lab`, { overrideAllow: ['env'] });
  await startAgent({ entity: team, queues: ['lab'], token: await api.agentToken(team, ['lab']) });
  const { id } = await api.launch(team, 'lab', { name: 'long-one', entrypoint: ['sleep', '60'] });
  await api.launch(team, 'lab', { name: 'behind-it', entrypoint: ['sleep', '60'] });
  await api.untilState(id, 'running');
  await page.goto(`/${team}`);
  const row = page.getByRole('table', { name: 'Queues' }).getByRole('row', { name: /lab/ });
  await expect(row).toContainText('Active');
  await expect(row).toContainText('at limit');
  await expect(row).toContainText('1 / 1');

  const toggle = row.getByRole('button', { name: 'Runs in flight of lab' });
  await toggle.click();
  const inFlight = page.getByRole('list', { name: 'In flight in lab' });
  await expect(inFlight).toContainText('long-one');
  await expect(inFlight).not.toContainText('behind-it');
  await expect(page).toHaveURL(/open=lab/);
  await page.reload();
  await expect(inFlight).toContainText('long-one');
  await toggle.click();
  await expect(inFlight).toBeHidden();

  await row.getByRole('button', { name: 'Actions for lab' }).click();
  await page.getByRole('menuitem', { name: 'Duplicate…' }).click();
  await expect(page.getByRole('textbox', { name: 'Queue name' })).toHaveValue('lab-copy');
  await page.getByRole('button', { name: 'Create queue', exact: true }).click();
  await expect(page).toHaveURL(new RegExp(`/${team}/queues/lab-copy/agents$`));
  expect(await api.call('GET', `/entities/${team}/queues/lab-copy`)).toMatchObject({
    maxInFlight: 1,
    description: 'Small things',
    overrideAllow: ['env'],
  });
  await api.call('POST', `/runs/${id}/stop`, {});
});

test('what cannot be loaded is said in place, with a way to try again', async ({ page, team, api }) => {
  await api.createQueue(team, { name: 'lab' });
  let broken = true;
  await page.route(/\/api\/v1\/entities\/[^/]+\/(overview|queues)(\?|$)/, async (route) => {
    if (!broken) return route.fallback();
    return route.fulfill({
      status: 503,
      contentType: 'application/problem+json',
      body: JSON.stringify({ type: 'about:blank', title: 'The database is away', status: 503 }),
    });
  });
  await page.goto(`/${team}`);
  await expect(page.getByText('The database is away').first()).toBeVisible({ timeout: 30_000 });
  broken = false;
  await page.getByRole('button', { name: 'Retry' }).first().click();
  await expect(page.getByRole('table', { name: 'Queues' }).getByRole('row', { name: /lab/ })).toBeVisible();
});

test('while it loads, the page has its shape', async ({ page, team, api }) => {
  await api.createQueue(team, { name: 'lab' });
  let release = () => {};
  const held = new Promise<void>((resolve) => (release = resolve));
  await page.route(/\/overview$/, async (route) => {
    await held;
    await route.fallback();
  });
  await page.goto(`/${team}`);
  await expect(page.getByRole('status', { name: 'Loading the numbers' })).toBeVisible();
  release();
  await expect(page.getByRole('link', { name: /^Agents online/ })).toBeVisible();
});

test('the whole table of queues is seen on a small laptop and on a tablet', async ({
  page,
  team,
  api,
  startAgent,
}) => {
  await api.createQueue(team, {
    name: 'training-on-the-large-machines',
    maxInFlight: 8,
    description: 'Eight A100 in the basement, for everything that takes longer than a night',
  });
  const queue = `/entities/${team}/queues/training-on-the-large-machines`;
  await startAgent({
    entity: team,
    queues: ['training-on-the-large-machines'],
    token: await api.agentToken(team, ['training-on-the-large-machines']),
  });
  await api.call('POST', `${queue}/pause`, { note: 'GPU driver update until 15:00, then reboot of both' });
  await api.call('POST', `${queue}/runs`, { entrypoint: ['true'] });
  await page.goto(`/${team}`);
  const table = page.getByRole('table', { name: 'Queues' });
  await expect(table).toContainText('1 online');
  for (const width of [1280, 1024]) {
    await page.setViewportSize({ width, height: 800 });
    const hidden = await table.evaluate(({ parentElement: box }) => box!.scrollWidth - box!.clientWidth);
    expect(hidden, `${width} px`).toBeLessThanOrEqual(0);
  }
});
