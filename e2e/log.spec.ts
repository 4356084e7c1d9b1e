import { BareAgent } from './support/bare-agent';
import { expect, test } from './pages/test';
import type { Api } from './pages/api';

/** A run that is under way, and the agent that writes its log by hand. */
async function running(api: Api, team: string, baseURL: string) {
  await api.createQueue(team, { name: 'lab' });
  const agent = await new BareAgent(baseURL, await api.agentToken(team, ['lab'])).register(['lab']);
  const { id } = await api.launch(team, 'lab', { name: '<b>bold</b> & <script>', entrypoint: ['true'] });
  const [run] = await agent.lease();
  if (!run) throw new Error('the run was not leased');
  await agent.report(run, { state: 'starting' }, { state: 'running' });
  const lines = (from: number, to: number) =>
    Array.from({ length: to - from + 1 }, (_, i) => `line ${from + i} of the log\n`).join('');
  return { id, agent, run, lines };
}

test('a long log opens at its end, follows, stops when scrolled, and any line is near', async ({
  page,
  api,
  team,
  baseURL,
}) => {
  const { id, agent, run, lines } = await running(api, team, baseURL!);
  await agent.log(run, lines(1, 300_000));
  await page.goto(`/runs/${id}`);
  await expect(page.getByRole('heading', { name: '<b>bold</b> & <script>' })).toBeVisible();
  const log = page.getByRole('log');
  await expect(log).toContainText('line 300000 of the log');
  await agent.log(run, lines(300_001, 300_050));
  await expect(log).toContainText('line 300050 of the log');

  await log.hover();
  await page.mouse.wheel(0, -3000);
  await expect(page.getByRole('button', { name: 'Jump to end' })).toBeVisible();
  const before = await log.textContent();
  await agent.log(run, lines(300_051, 300_264));
  await expect(page.getByRole('button', { name: 'Jump to end; 214 new' })).toBeVisible();
  expect(await log.textContent()).toBe(before);
  await page.keyboard.press('Shift+G');
  await expect(log).toContainText('line 300264 of the log');
  await page.keyboard.press('g');
  await page.keyboard.press('g');
  await expect(log).toContainText('line 1 of the log');

  await page.goto(`/runs/${id}#L123456-L123458`);
  await page.reload();
  await expect(log).toContainText('line 123457 of the log');
  await expect(page.getByRole('toolbar', { name: 'Marked lines' })).toContainText('Lines 123,456 to 123,458');
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.getByRole('button', { name: 'Copy link and text' }).click();
  await expect
    .poll(() => page.evaluate(() => navigator.clipboard.readText()))
    .toMatch(/#L123456-L123458\n\nline 123456 of the log\nline 123457 of the log\nline 123458 of the log\n$/);
});

test('search is over the whole log, with hits, marks, context and the next error', async ({
  page,
  api,
  team,
  baseURL,
}) => {
  const { id, agent, run, lines } = await running(api, team, baseURL!);
  await agent.log(run, `${lines(1, 5000)}ValueError: bad\n${lines(5002, 60_000)}`);
  await page.goto(`/runs/${id}`);
  const log = page.getByRole('log');
  await expect(log).toContainText('line 60000');
  await page.keyboard.press('e');
  await expect(log).toContainText('ValueError: bad');
  await page.keyboard.press('/');
  await expect(page.getByRole('textbox', { name: 'Search the whole log' })).toBeFocused();
  await page.keyboard.type('line 4200');
  // Of line 4200 itself and of 42000 to 42009.
  await expect(page.getByText('11 hits')).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(log).toContainText('line 42000 of the log');
  await expect(page.getByTestId('minimap')).toBeVisible();
  await log.focus();
  await page.keyboard.press('Shift+N');
  await expect(page.getByText('1 of 11')).toBeVisible();
  await expect(log).toContainText('line 4200 of the log');
  await page.getByRole('button', { name: 'List the hits' }).click();
  const hits = page.getByRole('region', { name: 'Hits' });
  await hits.getByRole('combobox', { name: 'Lines around each hit' }).click();
  await page.getByRole('option', { name: '± 2 lines' }).click();
  await expect(hits.getByRole('listitem').first()).toContainText('line 4198 of the log');
  await page.getByRole('button', { name: 'Search by regular expression' }).click();
  await page.getByRole('textbox', { name: 'Search the whole log' }).fill('^line 1234\\d of');
  await expect(page.getByText('10 hits', { exact: true }).first()).toBeVisible();
  await page.getByRole('textbox', { name: 'Search the whole log' }).fill('(x)\\1');
  await expect(page.getByText(/no back references/)).toBeVisible();
});

test('what programs write cannot harm: escapes, progress bars, a line of a megabyte, bytes', async ({
  page,
  api,
  team,
  baseURL,
}) => {
  const { id, agent, run } = await running(api, team, baseURL!);
  await agent.log(
    run,
    [
      '\u001b]0;stolen title\u0007\u001b[2J\u001b[10;10Hmoved <img src=x onerror=alert(1)>',
      '\u001b[31mred\u001b[0m \u001b[38;5;196m256\u001b[0m \u001b[38;2;1;2;3mtrue\u001b[0m',
      ...['  1%\r 50%\r100%'],
      `long ${'x'.repeat(1024 * 1024)} tail`,
      'zero \u0000 bell \u0007',
    ].join('\n') + '\n',
  );
  await page.goto(`/runs/${id}`);
  const log = page.getByRole('log');
  await expect(log).toContainText('moved <img src=x onerror=alert(1)>');
  await expect(log.locator('img')).toHaveCount(0);
  expect(await page.title()).not.toContain('stolen');
  await expect(log.getByText('red', { exact: true })).toHaveCSS('color', /rgb/);
  await expect(log).toContainText('100%');
  await expect(log).not.toContainText(' 50%');
  await expect(log).toContainText('drawn 3 times');
  await expect(log).toContainText('zero ␀ bell ␇');
  await expect(log).not.toContainText('tail');
  await log.getByRole('button', { name: /more: show all/ }).click();
  await expect(log).toContainText('tail');
});

test('phases and groups fold, streams and pods are told apart, times and wrapping are in the address', async ({
  page,
  api,
  team,
  baseURL,
}) => {
  const { id, agent, run } = await running(api, team, baseURL!);
  await agent.log(run, 'Step 1/2 : FROM scratch\nStep 2/2 : COPY . .\n', { stream: 'build' });
  await agent.log(run, '--- Install\npip install torch\n+++ Train\n', { source: 'worker-0' });
  await agent.log(run, '[worker-1] epoch 1\n', { source: 'worker-1' });
  await agent.log(run, 'a warning\n', { source: 'worker-0', stream: 'stderr' });
  await page.goto(`/runs/${id}`);
  const log = page.getByRole('log');
  await expect(log).toContainText('epoch 1');
  await expect(log).not.toContainText('pip install torch');
  // The name of the writer stands in its own column, not in the line too.
  await expect(log).toContainText('worker-1');
  await expect(log).not.toContainText('[worker-1]');
  await log.getByRole('button', { name: 'Open Install' }).click();
  await expect(log).toContainText('pip install torch');
  await expect(log).toContainText('Step 1/2');
  await log.getByRole('button', { name: /^Build/ }).click();
  await expect(log).not.toContainText('Step 1/2');

  await page.getByRole('button', { name: 'Filter the output' }).click();
  await page.getByRole('menuitemradio', { name: 'worker-1' }).click();
  await expect(page).toHaveURL(/pod=worker-1/);
  await expect(log).toContainText('epoch 1');
  await expect(log).not.toContainText('a warning');
  await expect(log.getByRole('link', { name: 'Line 6' })).toBeVisible();
  await page.getByRole('button', { name: 'Times of the lines' }).click();
  await page.getByRole('menuitemradio', { name: 'Since the start' }).click();
  await expect(log).toContainText(/\+0:00:/);
  await page.getByRole('button', { name: 'Wrap long lines' }).click();
  await expect(page).toHaveURL(/wrap=1/);

  const [download] = await Promise.all([
    page.waitForEvent('download'),
    (async () => {
      await page.getByRole('button', { name: 'Download the log' }).click();
      await page.getByRole('menuitem', { name: 'This view, as plain text' }).click();
    })(),
  ]);
  const text = await (await download.createReadStream()).toArray();
  expect(Buffer.concat(text as Buffer[]).toString()).toMatch(/^\S+ \[worker-1\] epoch 1\n$/);
});

test('a log that cannot be read says so and comes back', async ({ page, api, team, baseURL }) => {
  const { id, agent, run } = await running(api, team, baseURL!);
  await agent.log(run, 'all well\n');
  await page.route('**/logs/lines**', (route) =>
    route.fulfill({
      status: 500,
      contentType: 'application/problem+json',
      body: '{"title":"Broken","status":500}',
    }),
  );
  await page.goto(`/runs/${id}`);
  await expect(page.getByText('Broken')).toBeVisible();
  await page.unroute('**/logs/lines**');
  await page.getByRole('region', { name: 'Log' }).getByRole('button', { name: 'Retry' }).click();
  await expect(page.getByRole('log')).toContainText('all well');
});
