import type { Page } from '@playwright/test';
import { ConfigEditor } from './pages/config-editor';
import { expect, test } from './pages/test';
import { ADMIN } from './support/system';

const badge = (page: Page, text: string) => page.getByRole('banner').getByText(text);

test('a session that ends in the middle of a form is renewed over it, and the form goes on', async ({
  page,
  team,
}) => {
  await page.goto(`/${team}/tokens?create=1`);
  const form = page.getByRole('dialog', { name: 'Create agent token' });
  const name = form.getByRole('textbox', { name: 'Name' });
  await name.fill('typed before the end');
  await page.context().clearCookies();
  await form.getByRole('button', { name: 'Create token' }).click();
  const signIn = page.getByRole('dialog', { name: 'Your session has ended' });
  await signIn.getByRole('textbox', { name: 'E-mail' }).fill(ADMIN.email);
  await signIn.getByLabel(/^Password/).fill(ADMIN.password);
  await signIn.getByRole('button', { name: 'Sign in' }).click();
  await expect(signIn).toBeHidden();
  await expect(name).toHaveValue('typed before the end');
  await form.getByRole('button', { name: 'Create token' }).click();
  await expect(page.getByRole('dialog', { name: 'Token typed before the end' })).toBeVisible();
  await page.getByRole('button', { name: 'I have copied it' }).click();
  await expect(badge(page, 'Live')).toBeVisible();
});

test('a session that ends in the middle of a new queue: nothing typed is lost, and the queue is made', async ({
  page,
  team,
}) => {
  await page.goto(`/${team}/queues/new`);
  const editor = new ConfigEditor(page);
  await page.getByRole('radio', { name: /^Local process/ }).click();
  await editor.type('env:\n  SIZE: "{{size}}"');
  await editor.tile('size').field('Description').fill('typed before the end');
  await page.getByRole('textbox', { name: 'Queue name' }).fill('late');
  await page.context().clearCookies();
  await page.getByRole('button', { name: 'Create queue', exact: true }).click();
  const again = page.getByRole('dialog', { name: 'Your session has ended' });
  await again.getByRole('textbox', { name: 'E-mail' }).fill(ADMIN.email);
  await again.getByLabel(/^Password/).fill(ADMIN.password);
  await again.getByRole('button', { name: 'Sign in' }).click();
  await expect(again).toBeHidden();
  await editor.expectText('env:\n  SIZE: "{{size}}"');
  await expect(editor.tile('size').field('Description')).toHaveValue('typed before the end');
  await page.getByRole('button', { name: 'Create queue', exact: true }).click();
  await expect(page).toHaveURL(/\/queues\/late\/agents$/);
});

test('offline is said at once; back again the page catches up by itself', async ({ page, team, api }) => {
  await api.createQueue(team, { name: 'before' });
  await page.goto(`/${team}`);
  await expect(page.getByRole('link', { name: 'before' })).toBeVisible();
  await expect(badge(page, 'Live')).toBeVisible();
  await page.context().setOffline(true);
  await expect(badge(page, 'Reconnecting')).toBeVisible();
  await expect(page.getByRole('link', { name: 'before' }), 'what is known stays').toBeVisible();
  await api.createQueue(team, { name: 'meanwhile' });
  await page.context().setOffline(false);
  await expect(badge(page, 'Live')).toBeVisible();
  await expect(page.getByRole('link', { name: 'meanwhile' })).toBeVisible();
});

test('a topic that may not be heard does not take the others along', async ({ page, team, api }) => {
  await page.goto('/runs/nosuchrun1');
  await expect(page.getByText(/does not exist|no such/i).first()).toBeVisible();
  await expect(badge(page, 'Live')).toBeVisible();
  const stream = await api.send('GET', `/stream?topic=entity:nobody-has-this,entity:${team}`);
  expect(stream.status(), 'without `partial` all is refused').toBe(404);
});

test('a page that is older than the server says so, and reloads only when asked', async ({ page, team }) => {
  await page.goto(`/${team}/agents`);
  await expect(page.getByRole('heading', { name: 'Agents', level: 1 })).toBeVisible();
  // Who is signed in comes with the first answer, by which the page knows its server.
  await expect(page.getByRole('button', { name: /^Account of/ })).toBeVisible();
  await expect(badge(page, 'reload')).toHaveCount(0);
  await page.route('**/api/v1/**', async (route) => {
    if (route.request().url().includes('/stream')) return route.fallback();
    const response = await route.fetch();
    return route.fulfill({ response, headers: { ...response.headers(), 'slipway-build': '9.9.9+next' } });
  });
  await page.getByRole('link', { name: 'Members' }).first().click();
  await expect(page.getByRole('heading', { name: 'Members', level: 1 })).toBeVisible();
  await expect(badge(page, 'reload')).toBeVisible();
  await page.unroute('**/api/v1/**');
  await page
    .getByRole('banner')
    .getByRole('button', { name: /reload/ })
    .click();
  await expect(page.getByRole('heading', { name: 'Members', level: 1 })).toBeVisible();
  await expect(badge(page, 'reload')).toHaveCount(0);
});

test('the palette acts: it pauses a queue with a note, and finds a run by its id', async ({
  page,
  team,
  api,
}) => {
  await api.createQueue(team, { name: 'lab' });
  const run = await api.launch(team, 'lab', { entrypoint: ['true'], name: 'needle' });
  await page.goto(`/${team}/agents`);
  await expect(page.getByRole('heading', { name: 'Agents', level: 1 })).toBeVisible();
  await page.keyboard.press('ControlOrMeta+k');
  const palette = page.getByRole('dialog', { name: 'Search and commands' });
  await expect(palette.getByRole('combobox')).toBeFocused();
  await page.keyboard.type('pause lab');
  await palette.getByRole('option', { name: 'Pause lab…' }).click();
  const pause = page.getByRole('dialog', { name: 'Pause lab' });
  await pause.getByRole('textbox', { name: 'Why' }).fill('from the palette');
  await pause.getByRole('button', { name: 'Pause queue' }).click();
  await expect(pause).toBeHidden();
  await expect.poll(async () => (await api.run(run.id)).waiting?.reason).toBe('paused');
  await page.keyboard.press('ControlOrMeta+k');
  await expect(palette.getByRole('combobox')).toBeFocused();
  await page.keyboard.type(run.id);
  await palette.getByRole('option', { name: /needle/ }).click();
  await expect(page).toHaveURL(new RegExp(`/runs/${run.id}`));
});
