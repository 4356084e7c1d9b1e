import { COUNTER } from './pages/programs';
import { expect, test } from './pages/test';

test('an agent token is shown once, and a revoked one cuts its agent off', async ({
  page,
  team,
  api,
  startAgent,
}) => {
  await api.createQueue(team, { name: 'lab' });
  await page.goto(`/${team}/tokens`);
  await page.getByRole('button', { name: 'Create token' }).first().click();
  const form = page.getByRole('dialog', { name: 'Create agent token' });
  await form.getByRole('textbox', { name: 'Name' }).fill('rack 7');
  await form.getByRole('checkbox', { name: 'lab' }).check();
  await form.getByRole('button', { name: 'Create token' }).click();

  const shown = page.getByRole('dialog', { name: 'Token rack 7' });
  const token = (await shown.locator('pre').first().textContent())!.trim();
  expect(token).toMatch(/^slw_agent_[\w-]{20,}$/);
  await page.keyboard.press('Escape');
  await expect(shown, 'Esc must not take away what is shown only once').toBeVisible();
  await shown.getByRole('button', { name: 'I have copied it' }).click();
  const row = page.getByRole('table', { name: 'Agent tokens' }).getByRole('row', { name: /rack 7/ });
  await expect(row).toContainText(token.slice(0, 12));
  await expect(page.getByText(token)).toHaveCount(0);
  await page.reload();
  await expect(row).toContainText('never');
  await expect(page.getByText(token)).toHaveCount(0);

  const agent = await startAgent({ entity: team, queues: ['lab'], token, name: 'rack-7' });
  await expect(row).toContainText('rack-7');
  const { id } = await api.launch(team, 'lab', { entrypoint: COUNTER });
  await api.untilState(id, 'running');

  await row.getByRole('button', { name: 'Revoke rack 7' }).click();
  const confirm = page.getByRole('dialog', { name: 'Revoke rack 7' });
  await expect(confirm).toContainText('This cuts off:');
  await expect(confirm).toContainText('rack-7');
  await confirm.getByRole('button', { name: 'Revoke token' }).click();
  await expect(row).toBeHidden();
  await expect
    .poll(() => agent.running, { message: 'the agent ends at its next call', timeout: 45_000 })
    .toBe(false);
  expect(await agent.ended).not.toBe(0);
  expect(agent.text()).toMatch(/token/i);
  expect(agent.text()).not.toContain(token);
});

test('an API key works until it is revoked', async ({ page, team, playwright, baseURL }) => {
  await page.goto(`/${team}/tokens?tab=keys`);
  await page.getByRole('button', { name: 'Create key' }).first().click();
  const form = page.getByRole('dialog', { name: /Create API key/ });
  await form.getByRole('textbox', { name: 'Name' }).fill(`laptop of ${team}`);
  await form.getByRole('button', { name: 'Create key' }).click();
  const shown = page.getByRole('dialog', { name: new RegExp(`laptop of ${team}`) });
  const key = (await shown.locator('pre').first().textContent())!.trim();
  expect(key).toMatch(/^slw_key_/);
  await shown.getByRole('button', { name: 'I have copied it' }).click();

  const context = await playwright.request.newContext({
    baseURL: baseURL!,
    extraHTTPHeaders: { authorization: `Bearer ${key}` },
    storageState: { cookies: [], origins: [] },
  });
  expect((await context.get('/api/v1/viewer')).status()).toBe(200);
  await page.getByRole('button', { name: `Revoke laptop of ${team}` }).click();
  await page
    .getByRole('dialog')
    .getByRole('button', { name: /^Revoke/ })
    .click();
  // While the dialog is open, what lies under it counts as hidden too.
  await expect(page.getByRole('dialog')).toBeHidden();
  await expect(page.getByRole('button', { name: `Revoke laptop of ${team}` })).toBeHidden();
  expect((await context.get('/api/v1/viewer')).status()).toBe(401);
  await context.dispose();
});
