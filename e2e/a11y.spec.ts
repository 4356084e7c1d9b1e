import type { Browser, Page } from '@playwright/test';
import { expectAccessible } from './pages/axe';
import { furnish } from './pages/site';
import { ADMIN_STATE, expect, test } from './pages/test';
import { OVERLAYS, PAGES } from './pages/visit';

interface Look {
  colorScheme: 'light' | 'dark';
  width: number;
}
const LOOKS: readonly Look[] = [
  { colorScheme: 'light', width: 1440 },
  { colorScheme: 'dark', width: 1440 },
  { colorScheme: 'light', width: 390 },
  { colorScheme: 'dark', width: 390 },
];

/** A window of that look, signed in as the admin. */
async function open(browser: Browser, { colorScheme, width }: Look): Promise<Page> {
  const context = await browser.newContext({
    storageState: ADMIN_STATE,
    colorScheme,
    reducedMotion: 'reduce',
    viewport: { width, height: width < 600 ? 844 : 900 },
  });
  return context.newPage();
}

test('no page, dialog or menu has anything that axe can object to, in both themes, on a phone and on a wide screen', async ({
  browser,
  baseURL,
  team,
  api,
  startAgent,
}) => {
  test.setTimeout(600_000);
  const site = await furnish(api, team, startAgent);
  for (const look of LOOKS) {
    const page = await open(browser, look);
    for (const { name, path, ready } of [...PAGES, ...OVERLAYS]) {
      const what = `${name}, ${look.colorScheme}, ${look.width} px`;
      await test.step(what, async () => {
        await page.goto(`${baseURL ?? ''}${path(site)}`);
        await ready(page, site);
        await expect(page.locator('html')).toHaveAttribute('data-theme', look.colorScheme);
        await expectAccessible(page, what);
      });
    }
    await page.context().close();
  }
});

test.describe('signed out', () => {
  test.use({ storageState: { cookies: [], origins: [] } });
  test('the sign-in page has nothing either', async ({ page }) => {
    await page.goto('/sign-in');
    await expect(page.getByRole('form', { name: 'Sign in' })).toBeVisible();
    await expectAccessible(page, 'sign-in');
  });
});
