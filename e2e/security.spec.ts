import { furnish } from './pages/site';
import { ADMIN_STATE, expect, test } from './pages/test';
import { PAGES } from './pages/visit';

test('every page has its policy, keeps it, and loads nothing from elsewhere', async ({
  page,
  team,
  api,
  startAgent,
  baseURL,
}) => {
  test.setTimeout(120_000);
  const site = await furnish(api, team, startAgent);
  const nonces = new Set<string>();
  const strangers: string[] = [];
  page.on('request', (request) => {
    if (/^(https?|wss?):/.test(request.url()) && !request.url().startsWith(baseURL!))
      strangers.push(request.url());
  });
  for (const { name, path, ready } of PAGES) {
    await test.step(name, async () => {
      const response = await page.goto(path(site));
      await ready(page, site);
      const headers = response!.headers();
      const policy = headers['content-security-policy'] ?? '';
      expect(policy).toContain("default-src 'self'");
      expect(policy).toContain("object-src 'none'");
      expect(policy).toContain("frame-ancestors 'none'");
      const scripts = /script-src ([^;]+)/.exec(policy)![1]!;
      expect(scripts).not.toContain('unsafe-inline');
      expect(scripts).not.toContain('unsafe-eval');
      nonces.add(/'nonce-([^']+)'/.exec(scripts)![1]!);
      expect(headers['x-content-type-options']).toBe('nosniff');
    });
  }
  expect(nonces.size, 'no nonce comes twice').toBe(PAGES.length);
  expect(strangers).toEqual([]);
  // Violations themselves fail every test: see `quiet` in pages/test.ts.
});

test('the cookie of the session is out of reach of scripts and of other sites', async ({ page, team }) => {
  await page.goto(`/${team}`);
  const session = (await page.context().cookies()).find(({ name }) => name.includes('session-token'));
  expect(session).toMatchObject({ httpOnly: true, sameSite: 'Lax', path: '/' });
  expect(await page.evaluate(() => document.cookie)).not.toContain('session-token');
});

test('a change that comes from another site is refused, cookie or not', async ({
  playwright,
  baseURL,
  team,
  api,
}) => {
  for (const headers of [
    { origin: 'https://evil.example' },
    { origin: 'null' },
    { origin: `${baseURL!}.evil.example` },
    { 'sec-fetch-site': 'cross-site' },
    {},
  ] as Record<string, string>[]) {
    const context = await playwright.request.newContext({
      baseURL: baseURL!,
      storageState: ADMIN_STATE,
      extraHTTPHeaders: headers,
    });
    const refused = await context.post(`/api/v1/entities/${team}/queues`, {
      data: { name: 'evil', resource: 'local-process' },
    });
    expect(refused.status(), JSON.stringify(headers)).toBe(403);
    expect((await context.get('/api/v1/viewer')).status()).toBe(200);
    await context.dispose();
  }
  expect(await api.call('GET', `/entities/${team}/queues`)).toMatchObject({ items: [] });
});

test('no link leads to another site after sign-in', async ({ browser, baseURL }) => {
  const context = await browser.newContext({ baseURL: baseURL!, storageState: { cookies: [], origins: [] } });
  const page = await context.newPage();
  await page.goto('/sign-in?next=https://evil.example/');
  await page.getByLabel('E-mail').fill('admin@example.test');
  await page.getByLabel(/^Password/).fill('correct horse battery');
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await expect(page.getByRole('heading', { name: 'Queues', level: 1 })).toBeVisible();
  expect(new URL(page.url()).origin).toBe(new URL(baseURL!).origin);
  await context.close();
});
