import type { Locator, Page } from '@playwright/test';
import { ConfigEditor } from './pages/config-editor';
import { LaunchDrawer } from './pages/launch-drawer';
import { expect, test } from './pages/test';
import { ADMIN } from './support/system';

/** Presses Tab until the element has the focus, as a person without a pointer does. */
async function reach(page: Page, locator: Locator): Promise<void> {
  for (let i = 0; i < 60 && !(await hasFocus(locator)); i += 1) await page.keyboard.press('Tab');
  await expect(locator).toBeFocused();
}
const hasFocus = (locator: Locator) => locator.evaluate((element) => element === document.activeElement);

test.describe('the main path by keyboard alone', () => {
  test.use({ storageState: { cookies: [], origins: [] } });

  test('sign in, make a queue with a tile, launch on it, look at the run, stop it', async ({
    page,
    team,
    api,
    startAgent,
  }) => {
    test.setTimeout(120_000);
    await startAgent({ entity: team, queues: ['keys-only'], token: await api.agentToken(team) });
    const { keyboard } = page;
    const palette = page.getByRole('dialog', { name: 'Search and commands' });
    const choose = async (text: string, option: string) => {
      await keyboard.press('ControlOrMeta+k');
      await expect(palette.getByRole('combobox')).toBeFocused();
      await keyboard.type(text);
      await expect(palette.getByRole('option', { name: option, exact: true })).toHaveAttribute(
        'aria-selected',
        'true',
      );
      await keyboard.press('Enter');
    };
    await page.goto(`/sign-in?next=/${team}`);
    await expect(page.getByRole('textbox', { name: 'E-mail' })).toBeFocused();
    await keyboard.type(ADMIN.email);
    await keyboard.press('Tab');
    await keyboard.type(ADMIN.password);
    await keyboard.press('Enter');
    await expect(page.getByRole('heading', { name: 'Queues', level: 1 })).toBeVisible();

    await test.step('the palette leads to the form; text, cards and editor are all reached', async () => {
      await choose('create a queue', 'Create a queue');
      const name = page.getByRole('textbox', { name: 'Queue name' });
      await expect(name).toBeVisible();
      await new ConfigEditor(page).ready();
      await reach(page, name);
      await keyboard.type('keys-only');
      await reach(page, page.getByRole('radio', { checked: true }).first());
      const local = page.getByRole('radio', { name: /^Local process/ });
      const chosen = () => page.getByRole('radio', { checked: true }).first().getAttribute('value');
      for (let i = 0; i < 5 && (await chosen()) !== 'local-process'; i += 1) {
        const before = await chosen();
        // As long as a finger takes: the choice follows the focus, which moves a moment after the key.
        await keyboard.press('ArrowDown', { delay: 60 });
        await expect.poll(chosen).not.toBe(before);
      }
      await expect(local).toBeChecked();
      const editor = page.getByTestId('config-editor').getByRole('textbox').first();
      await reach(page, editor);
      await keyboard.press('ControlOrMeta+a');
      await keyboard.insertText('env:\n  SIZE: "{{size}}"\n');
      await expect(page.getByRole('main')).toContainText('line 2');
      await keyboard.press('ControlOrMeta+s');
      await expect(page.getByRole('heading', { name: 'keys-only', level: 1 })).toBeVisible();
    });
    await test.step('the palette finds the queue', async () => {
      await choose('keys-only', 'keys-only');
      await expect(page).toHaveURL(new RegExp(`/${team}/queues/keys-only$`));
    });
    await test.step('l opens the drawer; the fields are reached by Tab', async () => {
      await expect(page.getByRole('heading', { name: 'keys-only', level: 1 })).toBeVisible();
      await keyboard.press('l');
      const drawer = new LaunchDrawer(page);
      await expect(drawer.choice('Queue')).toHaveText('keys-only');
      await reach(page, drawer.text('Command'));
      await keyboard.type('sleep 600');
      await reach(page, drawer.text('size'));
      await keyboard.type('large');
      await expect(drawer.submission).toContainText('large');
      await keyboard.press('ControlOrMeta+Enter');
    });
    await test.step('the run opens, and is stopped', async () => {
      await expect(page).toHaveURL(/\/runs\//);
      const [run] = await api.runs(team);
      await expect(page.getByRole('heading', { name: run!.name, level: 1 })).toBeVisible();
      expect((await api.run(run!.id)).templateValues).toEqual({ size: 'large' });
      const main = page.getByRole('main');
      await expect(main.getByText('Running', { exact: true }).first()).toBeVisible();
      await reach(page, main.getByRole('button', { name: 'Stop', exact: true }));
      await keyboard.press('Enter');
      await reach(page, page.getByRole('dialog').getByRole('button', { name: 'Stop run' }));
      await keyboard.press('Enter');
      await expect(main.getByText('Stopped', { exact: true }).first()).toBeVisible();
    });
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
