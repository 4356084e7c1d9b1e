import { LaunchDrawer } from './pages/launch-drawer';
import { expect, test } from './pages/test';
import { ADMIN } from './support/system';

test.describe('the main path by keyboard alone', () => {
  test.use({ storageState: { cookies: [], origins: [] } });

  test('sign in, find a queue, launch on it, look at the run', async ({ page, team, api }) => {
    await api.createQueue(team, {
      name: 'keys-only',
      prioritized: true,
      config: { format: 'yaml', source: 'env:\n  SIZE: "{{size}}"' },
      templates: { size: { type: 'string', options: ['small', 'large'] } },
    });
    const { keyboard } = page;
    await page.goto(`/sign-in?next=/${team}`);
    await expect(page.getByRole('textbox', { name: 'E-mail' })).toBeFocused();
    await keyboard.type(ADMIN.email);
    await keyboard.press('Tab');
    await keyboard.type(ADMIN.password);
    await keyboard.press('Enter');
    await expect(page.getByRole('heading', { name: 'Queues', level: 1 })).toBeVisible();

    await test.step('the palette finds the queue', async () => {
      await keyboard.press('ControlOrMeta+k');
      const palette = page.getByRole('dialog', { name: 'Search and commands' });
      await expect(palette.getByRole('combobox')).toBeFocused();
      await keyboard.type('keys-only');
      await expect(palette.getByRole('option', { name: 'keys-only', exact: true })).toHaveAttribute(
        'aria-selected',
        'true',
      );
      await keyboard.press('Enter');
      await expect(page).toHaveURL(new RegExp(`/${team}/queues/keys-only$`));
      await expect(page.getByRole('heading', { name: 'keys-only', level: 1 })).toBeVisible();
    });
    await test.step('l opens the drawer; the fields are reached by Tab', async () => {
      await keyboard.press('l');
      const drawer = new LaunchDrawer(page);
      await expect(drawer.choice('Queue')).toHaveText('keys-only');
      const reach = async (locator: typeof drawer.root) => {
        for (
          let i = 0;
          i < 40 && !(await locator.evaluate((element) => element === document.activeElement));
          i += 1
        )
          await keyboard.press('Tab');
        await expect(locator).toBeFocused();
      };
      await reach(drawer.text('Command'));
      await keyboard.type('echo hello');
      await reach(drawer.choice('size'));
      await keyboard.press('Enter');
      await expect(page.getByRole('option', { name: 'small' })).toBeFocused();
      await keyboard.press('ArrowDown');
      await expect(page.getByRole('option', { name: 'large' })).toBeFocused();
      await keyboard.press('Enter');
      await expect(drawer.choice('size')).toHaveText('large');
      await expect(drawer.choice('size')).toBeFocused();
      await expect(drawer.submission).toContainText('SIZE=large');
      await keyboard.press('ControlOrMeta+Enter');
    });
    await expect(page).toHaveURL(/\/runs\//);
    const [run] = await api.runs(team);
    await expect(page.getByRole('heading', { name: run!.name, level: 1 })).toBeVisible();
    expect((await api.run(run!.id)).templateValues).toEqual({ size: 'large' });
  });
});

test('the sheet lists the keys, and they work', async ({ page, team }) => {
  await page.goto(`/${team}`);
  await expect(page.getByRole('heading', { name: 'Queues', level: 1 })).toBeVisible();
  await page.keyboard.press('?');
  const sheet = page.getByRole('dialog', { name: 'Keyboard shortcuts' });
  await expect(sheet).toContainText('Launch a run');
  await expect(sheet).toContainText('Search and commands');
  await page.keyboard.press('Escape');
  await expect(sheet).toBeHidden();
  for (const [key, heading] of [
    ['a', 'Agents'],
    ['r', 'Runs'],
    ['q', 'Queues'],
  ] as const) {
    await page.keyboard.press('g');
    await page.keyboard.press(key);
    await expect(page.getByRole('heading', { name: heading, level: 1 })).toBeVisible();
  }
});

test('keys rest while one types; Esc closes the drawer and gives the focus back', async ({
  page,
  team,
  api,
}) => {
  await api.createQueue(team, { name: 'lab' });
  await page.goto(`/${team}`);
  const search = page.getByRole('textbox', { name: /Search the queues/ });
  await expect(page.getByRole('table', { name: 'Queues' })).toBeVisible();
  await page.keyboard.press('/');
  await expect(search).toBeFocused();
  await page.keyboard.type('l?gq');
  await expect(search).toHaveValue('l?gq');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await page.getByRole('button', { name: 'Clear filters' }).first().press('Enter');
  const launch = page.getByRole('main').getByRole('link', { name: 'Launch', exact: true });
  await launch.focus();
  await page.keyboard.press('Enter');
  const drawer = new LaunchDrawer(page);
  await expect(drawer.root).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(drawer.root).toBeHidden();
  await expect(page).not.toHaveURL(/launch=/);
});
