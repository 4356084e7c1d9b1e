import { stat } from 'node:fs/promises';
import { TRAINING } from './pages/programs';
import { furnish } from './pages/site';
import { expect, test } from './pages/test';
import { OVERLAYS, PAGES } from './pages/visit';

/** Pictures that are committed stay light enough for a repository, bytes. */
const MAX_BYTES = 300_000;

test.use({ reducedMotion: 'reduce' });

test('pictures for the README', async ({ page, api, startAgent }) => {
  test.setTimeout(120_000);
  const team = 'research';
  await api.createTeam(team);
  const site = await furnish(api, team, startAgent);
  const take = async (name: string) => {
    const path = `docs/images/${name}.png`;
    await page.screenshot({ path });
    expect((await stat(path)).size).toBeLessThan(MAX_BYTES);
  };
  const open = async (wanted: string) => {
    const { path, ready } = PAGES.find(({ name }) => name === wanted)!;
    await page.goto(path(site));
    await ready(page, site);
  };
  await open('queue-config');
  await expect(page.locator('.view-line .config-placeholder').first()).toBeVisible();
  await take('config');
  await open('launch');
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('textbox', { name: 'Command' }).fill('python train.py --data /mnt/datasets');
  await dialog.getByRole('combobox', { name: 'size' }).click();
  await page.getByRole('option', { name: 'large' }).click();
  await expect(dialog.locator('pre')).toContainText('SIZE=large');
  await take('launch');
  await api.call('POST', `/entities/${team}/queues/lab/resume`, {});
  const run = await api.launch(team, 'lab', {
    name: 'resnet-50-baseline',
    priority: 'high',
    entrypoint: TRAINING,
    templateValues: { size: 'large', steps: 50 },
  });
  await page.goto(`/${team}/queues/lab`);
  await expect(page.getByRole('table', { name: 'In flight' }).getByText('Running')).toBeVisible();
  await take('queue');
  await page.goto(`/runs/${run.id}`);
  await expect(page.getByRole('log')).toContainText('epoch 3 ');
  await take('run');
});

for (const colorScheme of ['light', 'dark'] as const) {
  for (const width of [390, 1440]) {
    test(`every page, ${colorScheme}, ${width} pixels wide`, async ({
      browser,
      team,
      api,
      startAgent,
      baseURL,
    }) => {
      test.setTimeout(180_000);
      const site = await furnish(api, team, startAgent);
      const context = await browser.newContext({
        baseURL: baseURL!,
        storageState: 'test-results/admin.json',
        colorScheme,
        reducedMotion: 'reduce',
        viewport: { width, height: width === 390 ? 844 : 900 },
      });
      const page = await context.newPage();
      for (const { name, path, ready } of [...PAGES, ...OVERLAYS]) {
        await page.goto(path(site));
        await ready(page, site);
        await page.screenshot({ path: `test-results/screenshots/${colorScheme}-${width}/${name}.png` });
        const overflow = await page.evaluate(
          () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
        );
        expect.soft(overflow, `${name} scrolls sideways`).toBeLessThanOrEqual(0);
      }
      await context.close();
    });
  }
}
