import { expectAccessible } from './pages/axe';
import { furnish } from './pages/site';
import { expect, test } from './pages/test';
import { OVERLAYS, PAGES } from './pages/visit';

/** Colours do not depend on the width: the phone is looked at in one theme. */
const LOOKS = [
  { size: { width: 1440, height: 900 }, colorScheme: 'light' },
  { size: { width: 1440, height: 900 }, colorScheme: 'dark' },
  { size: { width: 390, height: 844 }, colorScheme: 'light' },
] as const;

test.describe('in both themes, on a wide screen and on a phone', () => {
  test.use({ reducedMotion: 'reduce' });

  test('no page, dialog or menu has anything that axe can object to', async ({
    page,
    team,
    api,
    startAgent,
  }) => {
    test.setTimeout(480_000);
    const site = await furnish(api, team, startAgent);
    for (const { name, path, ready } of [...PAGES, ...OVERLAYS]) {
      await test.step(name, async () => {
        await page.setViewportSize(LOOKS[0].size);
        await page.goto(path(site));
        await ready(page, site);
        // Theme and width follow while the page is open: it is loaded once, whatever is open stays so.
        for (const { size, colorScheme } of LOOKS) {
          await page.setViewportSize(size);
          await page.emulateMedia({ colorScheme });
          await expect(page.locator('html')).toHaveAttribute('data-theme', colorScheme);
          await expectAccessible(page, `${name}, ${colorScheme}, ${size.width} px`);
        }
      });
    }
  });
});

test.describe('signed out', () => {
  test.use({ storageState: { cookies: [], origins: [] } });
  test('the sign-in page has nothing either', async ({ page }) => {
    await page.goto('/sign-in');
    await expect(page.getByRole('form', { name: 'Sign in' })).toBeVisible();
    await expectAccessible(page, 'sign-in');
  });
});
