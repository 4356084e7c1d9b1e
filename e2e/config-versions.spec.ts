import type { Queue } from '@/core/wire';
import { ConfigEditor } from './pages/config-editor';
import { expect, test } from './pages/test';

const FIRST = 'env:\n  EPOCHS: "1"';
const QUEUE = { name: 'lab', config: { format: 'yaml' as const, source: FIRST } };

test('a change becomes a new version with its note, can be compared, and the old one comes back', async ({
  page,
  team,
  api,
}) => {
  await api.createQueue(team, QUEUE);
  const waiting = await api.launch(team, 'lab', { entrypoint: ['true'] });
  await page.goto(`/${team}/queues/lab/config`);
  const editor = new ConfigEditor(page);
  const save = page.getByRole('button', { name: /^Save config/ });
  await editor.expectText(FIRST);
  await expect(save).toBeDisabled();
  await editor.type('env:\n  EPOCHS: "{{epochs}}"');
  await editor.parse();
  await editor.tile('epochs').setType('Integer');
  await editor.tile('epochs').field('Maximum').fill('50');
  await page.getByRole('textbox', { name: /^Note for this version/ }).fill('epochs can be chosen');
  await expect(
    page
      .getByText('Becomes version 2; 1 waiting run keeps their version.')
      .or(page.getByText(/Becomes version 2; 1 waiting run keeps its version/)),
  ).toBeVisible();
  await save.click();
  const versions = page.getByRole('table', { name: 'Versions' });
  const row = (version: number) => versions.getByRole('row', { name: new RegExp(`^v${version}`) });
  await expect(row(2)).toContainText('in force');
  await expect(row(2)).toContainText('epochs can be chosen');
  await expect(row(1)).not.toContainText('in force');
  expect((await api.run(waiting.id)).queueVersion).toBe(1);
  const now = await api.call<Queue>('GET', `/entities/${team}/queues/lab`);
  expect(now).toMatchObject({ version: 2, templates: { epochs: { type: 'integer', max: 50 } } });

  await test.step('compare', async () => {
    await row(2).getByRole('button', { name: 'Compare' }).click();
    const diff = page.getByTestId('config-diff');
    await expect(diff.getByText('EPOCHS').first()).toBeVisible();
    await expect(diff.locator('.line-insert').first()).toBeAttached();
    await expect(page.getByText('Version 1', { exact: true })).toBeVisible();
  });
  await test.step('restore', async () => {
    await row(1).getByRole('button', { name: 'Restore' }).click();
    const dialog = page.getByRole('dialog', { name: 'Bring version 1 back?' });
    await expect(dialog).toContainText('become version 3');
    await dialog.getByRole('button', { name: 'Restore' }).click();
    await expect(row(3)).toContainText('in force');
    await editor.expectText(FIRST);
  });
});

test('a version that somebody else saved meanwhile is shown beside, and nothing typed is lost', async ({
  page,
  team,
  api,
}) => {
  await api.createQueue(team, QUEUE);
  await page.goto(`/${team}/queues/lab/config`);
  const editor = new ConfigEditor(page);
  const mine = 'env:\n  EPOCHS: "1"\n  MINE: "yes"';
  await editor.type(mine);
  await api.call('PATCH', `/entities/${team}/queues/lab`, {
    baseVersion: 1,
    note: 'faster',
    config: { format: 'yaml', source: 'env:\n  THEIRS: "yes"' },
  });
  const conflict = page
    .getByRole('alert')
    .filter({ hasText: 'Version 2 was saved while you changed version 1.' });
  await expect(conflict).toBeVisible();
  await expect(conflict.getByTestId('config-diff')).toContainText('THEIRS');
  await editor.expectText(mine);
  await expect(page.getByRole('button', { name: /^Save config/ })).toBeDisabled();
  await conflict.getByRole('button', { name: 'Save mine as v3' }).click();
  await expect(page.getByRole('table', { name: 'Versions' }).getByRole('row', { name: /^v3/ })).toContainText(
    'in force',
  );
  await editor.expectText(mine);
  const now = await api.call<Queue>('GET', `/entities/${team}/queues/lab`);
  expect(now.config.source).toBe(mine);
});

test('changes that were not saved are offered again after the page was left, until they are saved', async ({
  page,
  team,
  api,
}) => {
  await api.createQueue(team, QUEUE);
  await page.goto(`/${team}/queues/lab/config`);
  const editor = new ConfigEditor(page);
  await editor.expectText(FIRST);
  await editor.type('env:\n  EPOCHS: "2"');
  await expect
    .poll(() => page.evaluate((key) => localStorage.getItem(key) ?? '', `slipway:config:${team}/lab`))
    .toMatch(/EPOCHS: .*2/);
  await page.reload();
  await editor.expectText(FIRST);
  await page.getByRole('button', { name: 'Take them up' }).click();
  await editor.expectText('env:\n  EPOCHS: "2"');
  await page.getByRole('button', { name: /^Save config/ }).click();
  await expect(page.getByText('Saved as version 2.')).toBeVisible();
  await page.reload();
  await editor.expectText('env:\n  EPOCHS: "2"');
  await expect(page.getByRole('button', { name: 'Take them up' })).toHaveCount(0);
});
