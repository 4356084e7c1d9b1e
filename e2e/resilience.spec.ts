import type { Page } from '@playwright/test';
import { expect, test } from './pages/test';
import { ADMIN } from './support/system';

const badge = (page: Page, text: string) => page.getByRole('banner').getByText(text);

/** Pages of the shell and of the administration: the request each lives from, and what it shows while that is on its way. */
const STATES = [
  { name: 'agents', path: 'agents', request: '**/api/v1/entities/*/agents?*', loading: 'Loading the agents' },
  {
    name: 'tokens',
    path: 'tokens',
    request: '**/api/v1/entities/*/agent-tokens',
    loading: 'Loading the tokens',
  },
  { name: 'API keys', path: 'tokens?tab=keys', request: '**/api/v1/api-keys', loading: 'Loading the keys' },
  {
    name: 'members',
    path: 'members',
    request: '**/api/v1/entities/*/members',
    loading: 'Loading the members',
  },
  { name: 'users', path: 'members?tab=users', request: '**/api/v1/users?*', loading: 'Loading the users' },
  {
    name: 'audit log',
    path: 'audit',
    request: '**/api/v1/entities/*/audit?*',
    loading: 'Loading the audit log',
  },
] as const;

for (const { name, path, request, loading } of STATES) {
  test(`${name}: a skeleton while it loads, the failure in place with its request id, and Retry`, async ({
    page,
    team,
  }) => {
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    let broken = true;
    await page.route(request, async (route) => {
      await held;
      if (!broken) return route.fallback();
      return route.fulfill({
        // No retry of its own on what the request itself is to blame for.
        status: 422,
        headers: { 'content-type': 'application/problem+json', 'x-request-id': 'request-0815' },
        body: JSON.stringify({
          type: 'about:blank',
          title: 'Broken on purpose',
          status: 422,
          detail: 'For a test.',
        }),
      });
    });
    await page.goto(`/${team}/${path}`);
    await expect(page.getByRole('status', { name: loading })).toBeVisible();
    // Opening the stream renews what was asked before: by then the answer has to be the bad one.
    await expect(badge(page, 'Live')).toBeVisible();
    release();
    const alert = page.getByRole('main').getByRole('alert');
    await expect(alert).toContainText('Broken on purpose');
    await expect(alert).toContainText('request-0815');
    broken = false;
    await alert.getByRole('button', { name: 'Retry' }).click();
    await expect(alert).toBeHidden();
    await expect(page.getByRole('status', { name: loading })).toHaveCount(0);
  });
}

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
