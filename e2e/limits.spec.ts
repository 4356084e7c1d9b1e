import { expect, test } from './pages/test';

/** Below it compression is not worth its while, bytes with headers. */
const SMALL = 2000;

test('the first load of the home stays below 250 kB of compressed script, without the editor', async ({
  page,
  team,
  api,
}) => {
  await api.createQueue(team, { name: 'lab' });
  const session = await page.context().newCDPSession(page);
  const scripts = new Map<string, { url: string; bytes: number; encoding: string }>();
  session.on('Network.responseReceived', ({ requestId, type, response }) => {
    const encoding = Object.entries(response.headers).find(
      ([name]) => name.toLowerCase() === 'content-encoding',
    )?.[1];
    if (type === 'Script' || response.mimeType.includes('javascript'))
      scripts.set(requestId, { url: response.url, bytes: 0, encoding: encoding ?? 'none' });
  });
  session.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    const script = scripts.get(requestId);
    if (script) script.bytes = encodedDataLength;
  });
  await session.send('Network.enable');
  await session.send('Network.setCacheDisabled', { cacheDisabled: true });
  await page.goto(`/${team}`);
  await expect(page.getByRole('table', { name: 'Queues' })).toBeVisible();
  await page.waitForLoadState('networkidle');

  const loaded = [...scripts.values()];
  expect(loaded.length).toBeGreaterThan(3);
  const plain = loaded.filter(({ encoding, bytes }) => encoding === 'none' && bytes > SMALL);
  expect(plain, 'scripts that are sent as they are').toEqual([]);
  const total = loaded.reduce((sum, { bytes }) => sum + bytes, 0);
  expect(total, JSON.stringify(loaded, null, 1)).toBeLessThan(250_000);
  const code = await Promise.all(
    loaded.map(({ url }) => page.request.get(url).then((response) => response.text())),
  );
  expect(
    code.some((text) => text.includes('createDiffEditor')),
    'Monaco is loaded where it is needed only',
  ).toBe(false);
  test.info().annotations.push({
    type: 'script',
    description: `${(total / 1000).toFixed(0)} kB in ${loaded.length} files`,
  });
});
