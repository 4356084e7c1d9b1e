import { BareAgent } from './support/bare-agent';
import { expect, test } from './pages/test';

test('runs are found, kept as a view, peeked at, compared and changed in bulk', async ({
  page,
  api,
  team,
  baseURL,
}) => {
  await api.createQueue(team, { name: 'lab', prioritized: true });
  await api.createQueue(team, { name: 'other' });
  const agent = await new BareAgent(baseURL!, await api.agentToken(team, ['lab'])).register(['lab']);
  for (const name of ['first', 'second'])
    await api.launch(team, 'lab', { name, entrypoint: ['train', '--name', name] });
  const [first, second] = await agent.lease(2);
  await agent.report(first!, { state: 'starting' }, { state: 'running' });
  await agent.log(first!, 'loss 0.1\nCUDA out of memory\n');
  await agent.report(first!, {
    state: 'failed',
    phase: 'run',
    category: 'oom',
    message: 'Killed',
    exitCode: 137,
  });
  await agent.report(
    second!,
    { state: 'starting' },
    { state: 'running' },
    { state: 'finished', exitCode: 0 },
  );
  for (let i = 1; i <= 4; i += 1) await api.launch(team, 'lab', { name: `wait-${i}`, entrypoint: ['true'] });
  await api.launch(team, 'other', { name: 'elsewhere', entrypoint: ['true'] });

  await page.goto(`/${team}/runs`);
  const table = page.getByRole('table', { name: 'Runs' });
  await expect(table.getByRole('row')).toHaveCount(8);

  await test.step('a filter, saved and shared by its address', async () => {
    await page.getByRole('button', { name: 'Failure' }).click();
    await page.getByRole('menuitemradio', { name: 'Out of memory' }).click();
    await expect(page).toHaveURL(/category=oom/);
    await expect(table.getByRole('row')).toHaveCount(2);
    await page.getByRole('button', { name: 'Columns' }).click();
    await page.getByRole('checkbox', { name: 'Failure' }).click();
    await page.keyboard.press('Escape');
    await expect(table.getByRole('columnheader', { name: 'Failure' })).toBeVisible();
    await page.getByRole('button', { name: 'Views' }).click();
    await page.getByRole('menuitem', { name: 'Save this view…' }).click();
    await page.getByRole('dialog').getByRole('textbox', { name: 'Name' }).fill('Out of <memory>');
    await page.getByRole('button', { name: 'Save view' }).click();
    await expect(page).toHaveURL(/view=Out\+of/);
    await page.goto(`/${team}/runs?view=${encodeURIComponent('Out of <memory>')}`);
    await expect(table.getByRole('row')).toHaveCount(2);
    await expect(table).toContainText('Out of memory: Killed');
    await page.getByRole('button', { name: 'Clear filters' }).click();
    await expect(table.getByRole('row')).toHaveCount(8);
  });

  await test.step('peek and walk by keys', async () => {
    await page.goto(`/${team}/runs?state=failed,finished`);
    await expect(table.getByRole('row')).toHaveCount(3);
    await page.keyboard.press('j');
    await page.keyboard.press('Space');
    const peek = page.getByTestId('peek');
    await expect(peek).toContainText('second');
    await page.keyboard.press('j');
    await expect(peek).toContainText('CUDA out of memory');
    await expect(page).toHaveURL(new RegExp(`peek=${first!.id}`));
    await page.keyboard.press('Escape');
    await expect(peek).toBeHidden();
  });

  await test.step('two runs side by side', async () => {
    await page.getByRole('checkbox', { name: 'Select first' }).click();
    await page.getByRole('checkbox', { name: 'Select second' }).click();
    await page.getByRole('button', { name: 'Compare' }).click();
    const sheet = page.getByRole('dialog', { name: 'Compare two runs' });
    await expect(sheet.getByRole('region', { name: 'Launch' })).toContainText('entrypoint[2]firstsecond');
    await expect(sheet.getByRole('region', { name: 'Timing' })).toContainText('oom');
    await page.goto(`/${team}/runs`);
  });

  await test.step('all of a filter, counted by the server', async () => {
    await page.goto(`/${team}/runs?queue=lab`);
    await page.getByRole('checkbox', { name: 'Select wait-1' }).click();
    await page.getByRole('button', { name: 'Take all of this filter' }).click();
    await page.getByRole('toolbar', { name: 'Selected runs' }).getByRole('button', { name: 'Stop' }).click();
    const dialog = page.getByRole('dialog', { name: 'Stop 4 runs?' });
    await dialog.getByRole('button', { name: 'Stop runs' }).click();
    await expect(page.getByText('4 runs asked to stop.')).toBeVisible();
    expect((await api.runs(team, 'state=stopped')).length).toBe(4);
    expect((await api.runs(team, 'state=pending')).map((run) => run.name)).toEqual(['elsewhere']);
  });

  await test.step('rows do not jump when runs come', async () => {
    await page.goto(`/${team}/runs`);
    await expect(table.getByRole('row')).toHaveCount(8);
    await api.launch(team, 'other', { name: 'newcomer', entrypoint: ['true'] });
    const pill = page.getByRole('button', { name: '1 new run' });
    await expect(pill).toBeVisible();
    await expect(table).not.toContainText('newcomer');
    await pill.click();
    await expect(table).toContainText('newcomer');
  });
});

test('the histogram sets the range; an empty entity and a failing list say so', async ({
  page,
  api,
  team,
}) => {
  await page.goto(`/${team}/runs`);
  await expect(page.getByText('No runs yet')).toBeVisible();
  await api.createQueue(team, { name: 'lab' });
  await api.launch(team, 'lab', { name: 'now', entrypoint: ['true'] });
  await page.reload();
  const histogram = page.getByTestId('run-histogram');
  const box = (await histogram.boundingBox())!;
  await page.mouse.move(box.x + 10, box.y + 20);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width / 2, box.y + 20);
  await page.mouse.up();
  await expect(page).toHaveURL(/from=.*to=/);
  await expect(page.getByText('No run matches the filters')).toBeVisible();
  await page.getByRole('button', { name: 'Clear filters' }).first().click();
  await expect(page.getByRole('table', { name: 'Runs' })).toContainText('now');

  await page.route('**/api/v1/entities/*/runs?**', (route) =>
    route.fulfill({
      status: 503,
      contentType: 'application/problem+json',
      body: '{"title":"Too busy","status":503,"detail":"Come back later."}',
    }),
  );
  await page.goto(`/${team}/runs?q=no-such-run`);
  await expect(page.getByText('Come back later.')).toBeVisible({ timeout: 30_000 });
  await page.unroute('**/api/v1/entities/*/runs?**');
  await page.reload();
  await expect(page.getByText('No run matches the filters')).toBeVisible();
});

test('waiting runs get a priority by key on the page of their queue', async ({ page, api, team }) => {
  await api.createQueue(team, { name: 'lab', prioritized: true });
  await api.launch(team, 'lab', { name: 'one', entrypoint: ['true'] });
  await api.launch(team, 'lab', { name: 'two', entrypoint: ['true'] });
  await page.goto(`/${team}/queues/lab`);
  const rows = page.getByRole('table', { name: 'Waiting' }).getByRole('row');
  await expect(rows.nth(1)).toContainText('one');
  await page.getByRole('checkbox', { name: 'Select two' }).click();
  await page.keyboard.press('1');
  await expect(rows.nth(1)).toContainText('two');
  await expect(rows.nth(1)).toContainText('critical');
});

test('of a long list the rows that are seen are there, wherever it is scrolled to', async ({
  page,
  team,
  api,
}) => {
  await api.createQueue(team, { name: 'lab' });
  const runs = Array.from({ length: 400 }, (_, at) => ({ name: `run-${at}`, entrypoint: ['true'] }));
  await api.call('POST', `/entities/${team}/queues/lab/runs/batch`, { runs });
  await page.goto(`/${team}/runs`);
  const rows = page.getByRole('table', { name: 'Runs' }).locator('[data-run]');
  await expect(rows.first()).toBeVisible();
  await expect
    .poll(async () => {
      await page.evaluate(() => window.scrollTo(0, document.documentElement.scrollHeight));
      return page.getByRole('table', { name: 'Runs' }).getAttribute('aria-rowcount');
    })
    .toBe('401');
  expect(await rows.count(), 'most rows are not drawn').toBeLessThan(100);
  /** Scrolls, and looks at each place of the window for a row. */
  const expectRows = async (share: number) => {
    await page.evaluate(
      (at) => window.scrollTo(0, at * (document.documentElement.scrollHeight - window.innerHeight)),
      share,
    );
    await expect
      .poll(() =>
        page.evaluate(() => {
          const table = document.querySelector('table[aria-label="Runs"]')!.getBoundingClientRect();
          const missing: number[] = [];
          const end = Math.min(window.innerHeight, table.bottom) - 5;
          for (let y = Math.max(100, table.top + 60); y < end; y += 20)
            if (!document.elementFromPoint(table.left + 30, y)?.closest('[data-run]')) missing.push(y);
          return missing;
        }),
      )
      .toEqual([]);
  };
  for (const share of [0, 0.31, 0.5, 0.87, 1, 0.42, 0]) await expectRows(share);
  for (let at = 0; at < 3; at += 1) await page.keyboard.press('j');
  await expect(rows.nth(2)).toHaveClass(/outline-2/);
  await page.setViewportSize({ width: 390, height: 844 });
  for (const share of [0.5, 1, 0.2]) await expectRows(share);
});
