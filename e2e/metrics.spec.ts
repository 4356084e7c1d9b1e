import { BareAgent } from './support/bare-agent';
import { expect, test } from './pages/test';

test('the figures of a queue: charts, range by drawing, groups, CSV', async ({
  page,
  api,
  team,
  baseURL,
}) => {
  await api.createQueue(team, { name: 'lab', maxInFlight: 4 });
  await page.goto(`/${team}/queues/lab/metrics`);
  await expect(page.getByText('Nothing happened in this range')).toBeVisible();
  const agent = await new BareAgent(baseURL!, await api.agentToken(team, ['lab'])).register(['lab'], 'gpu-1');
  for (const name of ['a', 'b', 'c']) await api.launch(team, 'lab', { name, entrypoint: ['true'] });
  const [a, b] = await agent.lease(2);
  await agent.report(a!, { state: 'starting' }, { state: 'running' });
  await agent.report(b!, { state: 'starting' }, { state: 'running' });
  await agent.report(b!, {
    state: 'failed',
    phase: 'run',
    category: 'oom',
    message: 'Killed',
    exitCode: 137,
  });
  await page.goto(`/${team}/queues/lab/metrics?range=1h`);
  await expect(page.getByRole('img', { name: /^Waiting and in flight/ })).toBeVisible();
  await expect(page.getByRole('img', { name: /^Time to start/ })).toBeVisible();
  await expect(page.getByText('3 launched, 2 started')).toBeVisible();
  await expect(page.getByRole('list', { name: 'Failures by category' })).toContainText('Out of memory');
  await expect(page.getByRole('link', { name: 'b on gpu-1' })).toBeVisible();
  await expect(page.getByText(/slipway_queue_oldest_wait_seconds\{entity=/)).toBeVisible();
  const scraped = await (await page.request.get('/metrics')).text();
  expect(scraped).toContain(`slipway_queue_waiting{entity="${team}",queue="lab"} 1`);

  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'CSV' }).click(),
  ]);
  const text = Buffer.concat((await (await download.createReadStream()).toArray()) as Buffer[]).toString();
  expect(text).toMatch(/^at,enqueued,started/);

  const chart = page.getByRole('img', { name: /^Launched and started/ });
  const box = (await chart.boundingBox())!;
  await page.mouse.move(box.x + box.width * 0.3, box.y + 60);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.5, box.y + 60, { steps: 5 });
  await page.mouse.up();
  await expect(page).toHaveURL(/from=.*to=/);
  await expect(page.getByText('Nothing happened in this range')).toBeVisible();
  await page.getByRole('button', { name: 'Reset' }).click();
  await expect(page).not.toHaveURL(/from=/);
});

test('metrics that cannot be read say so', async ({ page, api, team }) => {
  await api.createQueue(team, { name: 'lab' });
  await page.route('**/metrics?**', (route) =>
    route.fulfill({
      status: 500,
      contentType: 'application/problem+json',
      body: '{"title":"Broken","status":500}',
    }),
  );
  await page.goto(`/${team}/queues/lab/metrics`);
  await expect(page.getByText('Broken')).toBeVisible({ timeout: 30_000 });
});
