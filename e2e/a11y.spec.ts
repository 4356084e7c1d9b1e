import AxeBuilder from '@axe-core/playwright';
import { furnish } from './pages/site';
import { expect, test } from './pages/test';
import { PAGES } from './pages/visit';

for (const colorScheme of ['light', 'dark'] as const) {
  test.describe(`in ${colorScheme} colours`, () => {
    test.use({ colorScheme });

    test('no page has anything that axe can object to', async ({ page, team, api, startAgent }) => {
      test.setTimeout(180_000);
      const site = await furnish(api, team, startAgent);
      for (const { name, path, ready } of PAGES) {
        await test.step(name, async () => {
          await page.goto(path(site));
          await ready(page, site);
          await expect(page.locator('html')).toHaveAttribute('data-theme', colorScheme);
          const { violations } = await new AxeBuilder({ page }).analyze();
          expect
            .soft(
              violations.map(({ id, nodes }) => ({
                id,
                where: nodes.map((node) => `${node.target.join(' ')}: ${node.failureSummary}`),
              })),
              name,
            )
            .toEqual([]);
        });
      }
    });
  });
}

test.describe('signed out', () => {
  test.use({ storageState: { cookies: [], origins: [] } });
  test('the sign-in page has nothing either', async ({ page }) => {
    await page.goto('/sign-in');
    await expect(page.getByRole('form', { name: 'Sign in' })).toBeVisible();
    expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
  });
});

test('open dialogs, menus and the palette have nothing either', async ({ page, team, api }) => {
  await api.createQueue(team, { name: 'lab' });
  await page.goto(`/${team}/agents?add=1`);
  await expect(
    page.getByRole('dialog', { name: 'Add an agent' }).getByRole('checkbox', { name: 'lab' }),
  ).toBeVisible();
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
  await page.goto(`/${team}`);
  await expect(page.getByRole('table', { name: 'Queues' })).toBeVisible();
  await page.keyboard.press('ControlOrMeta+k');
  await expect(page.getByRole('dialog', { name: 'Search and commands' })).toBeVisible();
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Actions for lab' }).click();
  await expect(page.getByRole('menu')).toBeVisible();
  // A menu stands beside the landmarks, not in one of them.
  expect((await new AxeBuilder({ page }).disableRules('region').analyze()).violations).toEqual([]);
});
