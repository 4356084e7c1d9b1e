import { readFile } from 'node:fs/promises';
import { expect, test } from './pages/test';

test('a token is rotated: the new one is shown once, the old one ends within a day', async ({
  page,
  team,
  api,
}) => {
  await api.createQueue(team, { name: 'lab' });
  const old = await api.agentToken(team, ['lab']);
  await page.goto(`/${team}/tokens`);
  await page.getByRole('button', { name: 'Rotate Token of lab' }).click();
  await page
    .getByRole('dialog', { name: 'Rotate Token of lab' })
    .getByRole('button', { name: 'Make the new token' })
    .click();
  const shown = page.getByRole('dialog', { name: 'Token Token of lab' });
  const fresh = (await shown.locator('pre').first().textContent())!.trim();
  expect(fresh).toMatch(/^slw_agent_/);
  expect(fresh).not.toBe(old);
  await expect(shown).toContainText('-q lab');
  await shown.getByRole('button', { name: 'I have copied it' }).click();
  const rows = page.getByRole('table', { name: 'Agent tokens' }).getByRole('row');
  await expect(rows).toHaveCount(3);
  const replaced = rows.filter({ hasText: 'replaced' });
  await expect(replaced).toContainText(old.slice(0, 14));
  await expect(replaced).toContainText(/in 2[34] h|in 1 d/);
  await expect(replaced.getByRole('button', { name: /^Rotate/ })).toHaveCount(0);
});

test('the audit log is filtered in the address, and exported as far as the filters leave it', async ({
  page,
  team,
  api,
}) => {
  await api.createQueue(team, { name: 'lab' });
  await api.call('POST', `/entities/${team}/queues/lab/pause`, { note: 'a, "b"' });
  await api.agentToken(team, ['lab']);
  await page.goto(`/${team}/audit`);
  const table = page.getByRole('table', { name: 'Audit log' });
  await expect(table.getByRole('row')).toHaveCount(5);
  await table.getByRole('button', { name: 'queue.pause' }).click();
  await expect(table.getByRole('row')).toHaveCount(2);
  await expect(page).toHaveURL(/action=queue\.pause/);
  await expect(table).toContainText('note a, "b"');
  await page.getByRole('button', { name: 'Export' }).click();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('menuitem', { name: /CSV/ }).click(),
  ]);
  expect(download.suggestedFilename()).toBe(`audit-${team}.csv`);
  const lines = (await readFile(await download.path(), 'utf8')).trim().split('\r\n');
  expect(lines).toHaveLength(2);
  expect(lines[1]).toContain('queue.pause,lab,"{""note"":""a, \\""b\\""""}"');

  await page.getByRole('button', { name: 'Clear filters' }).click();
  await page.getByRole('textbox', { name: 'Who' }).fill('nobody at all');
  await expect(page.getByText('No event matches the filters')).toBeVisible();
  await page.reload();
  await expect(page.getByRole('textbox', { name: 'Who' })).toHaveValue('nobody at all');
  await page.getByRole('main').getByRole('button', { name: 'Clear filters' }).last().click();
  await expect(table.getByRole('row')).toHaveCount(5);
});

test('the last admin stays; who makes an admin is asked; a change of the own role counts at once', async ({
  page,
  team,
  person,
}) => {
  const other = await person('member');
  await page.goto(`/${team}/members`);
  const row = (text: string) => page.getByRole('row').filter({ hasText: text });
  await expect(row('the last admin stays').getByRole('combobox')).toBeDisabled();
  await row(other.email).getByRole('combobox').click();
  await page.getByRole('option', { name: /^admin/ }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Make admin' }).click();
  await expect(page.getByText('the last admin stays')).toHaveCount(0);

  await other.page.goto(`/${team}/members`);
  await expect(other.page.getByRole('button', { name: 'Add member' })).toBeVisible();
  await other.page.getByRole('row').filter({ hasText: other.email }).getByRole('combobox').click();
  await other.page.getByRole('option', { name: /^viewer/ }).click();
  await other.page.getByRole('dialog').getByRole('button', { name: 'Become viewer' }).click();
  await expect(other.page.getByRole('button', { name: 'Add member' })).toBeHidden();
  await other.page.goto(`/${team}/audit`);
  await expect(other.page.getByRole('heading', { name: 'The audit log is for admins' })).toBeVisible();
});

test('a refusal in a dialog is shown at its field, and nothing typed is lost', async ({ page, team }) => {
  await page.goto(`/${team}/members`);
  await page.getByRole('button', { name: 'Add member' }).click();
  const dialog = page.getByRole('dialog');
  const email = dialog.getByRole('textbox', { name: 'E-mail' });
  await email.fill('nobody@example.test');
  await dialog.getByRole('button', { name: 'Add member' }).click();
  await expect(email).toHaveAccessibleDescription(/Belongs to no user/);
  await expect(email).toHaveValue('nobody@example.test');
  await page.route('**/api/v1/entities/*/members', (route) =>
    route.request().method() === 'PUT' ? route.abort() : route.fallback(),
  );
  await dialog.getByRole('button', { name: 'Add member' }).click();
  await expect(dialog.getByRole('alert')).toContainText('The server cannot be reached');
  await expect(email).toHaveValue('nobody@example.test');
});

test('exact times follow the zone that was chosen', async ({ page }) => {
  await page.goto('/account');
  await page.getByRole('combobox', { name: 'Time zone' }).click();
  await page.keyboard.type('Seoul');
  await page.getByRole('option', { name: 'Asia/Seoul' }).click();
  await expect(page.getByRole('combobox', { name: 'Time zone' })).toHaveText('Asia/Seoul');
  await page.reload();
  await expect(page.getByRole('combobox', { name: 'Time zone' })).toHaveText('Asia/Seoul');
});

test('signing out everywhere ends the other browser too', async ({ person, browser, baseURL }) => {
  const one = await person('member');
  const context = await browser.newContext({
    baseURL: baseURL!,
    storageState: await one.page.context().storageState(),
  });
  const two = await context.newPage();
  await two.goto('/account');
  await expect(two.getByRole('heading', { name: 'Account', level: 1 })).toBeVisible();
  await one.page.goto('/account');
  await one.page.getByRole('button', { name: 'Sign out everywhere…' }).click();
  await one.page.getByRole('dialog').getByRole('button', { name: 'Sign out everywhere' }).click();
  await expect(one.page).toHaveURL(/\/sign-in/);
  await two.reload();
  await expect(two).toHaveURL(/\/sign-in/);
  await context.close();
});
