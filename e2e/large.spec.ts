import type { Queue } from '@/core/wire';
import { BareAgent } from './support/bare-agent';
import { ConfigEditor } from './pages/config-editor';
import { LaunchDrawer } from './pages/launch-drawer';
import { expect, test } from './pages/test';

const WIDE = 'W'.repeat(64);
const MARKUP = '<img src=x onerror="document.title=`broken`"><b>bold</b>';

test('a configuration of nearly 256 KiB can be typed in, and is saved as it stands', async ({
  page,
  team,
  api,
}) => {
  test.setTimeout(120_000);
  const lines = Array.from(
    { length: 5900 },
    (_, index) => `  KEY_${index}: "a value of some length ${index}"`,
  );
  const large = `env:\n${lines.join('\n')}\n`;
  expect(large.length).toBeGreaterThan(230_000);
  await api.createQueue(team, { name: 'large', config: { format: 'yaml', source: large } });
  await page.goto(`/${team}/queues/large/config`);
  const editor = new ConfigEditor(page);
  await editor.ready();
  await editor.focus();
  await page.keyboard.press('ControlOrMeta+End');
  await page.keyboard.type('  SIZE: "{{size}}"');
  await expect(editor.root.locator('.view-line').last()).toContainText('SIZE');
  await expect(editor.tile('size').root).toBeVisible();
  await editor.tile('size').field('Default').fill('small');
  await expect(page.getByTestId('preview')).toContainText('KEY_0=');
  await page.getByRole('button', { name: /^Save config/ }).click();
  await expect(page.getByText('Saved as version 2.')).toBeVisible();
  const saved = await api.call<Queue>('GET', `/entities/${team}/queues/large`);
  expect(saved.config.source).toBe(`${large}  SIZE: "{{size}}"`);
});

test('200 tiles and 1000 options in one: any of them is reached and changed, and a launch chooses', async ({
  page,
  team,
  api,
}) => {
  test.setTimeout(120_000);
  const names = Array.from({ length: 200 }, (_, index) => `v${index}`);
  const options = Array.from({ length: 1000 }, (_, index) => `option-${index}`);
  await api.createQueue(team, {
    name: 'many',
    config: {
      format: 'yaml',
      source: `env:\n${names.map((name) => `  ${name.toUpperCase()}: "{{${name}}}"`).join('\n')}\n`,
    },
    templates: Object.fromEntries(
      names.map((name) => [
        name,
        { type: 'string', default: 'option-0', ...(name === 'v7' ? { options } : {}) },
      ]),
    ),
  });
  await page.goto(`/${team}/queues/many/config`);
  const editor = new ConfigEditor(page);
  await expect(page.getByRole('heading', { name: 'Template variables (200)' })).toBeVisible();
  const seventh = editor.tile('v7');
  await seventh.root.scrollIntoViewIfNeeded();
  await expect(seventh.root.getByRole('list', { name: 'Allowed values' }).getByRole('listitem')).toHaveCount(
    51,
  );
  await seventh.root.getByRole('button', { name: '950 more' }).click();
  await expect(seventh.root.getByRole('button', { name: '750 more' })).toBeVisible();
  const last = editor.tile('v199');
  await last.root.scrollIntoViewIfNeeded();
  await last.field('Description').fill('the last of them');
  await page.getByRole('button', { name: /^Save config/ }).click();
  await expect(page.getByText('Saved as version 2.')).toBeVisible();
  const { templates } = await api.call<Queue>('GET', `/entities/${team}/queues/many`);
  expect(templates.v199?.description).toBe('the last of them');
  expect(templates.v7?.options).toHaveLength(1000);

  await page.goto(`/${team}/queues/many?launch=1&entity=${team}&queue=many`);
  const drawer = new LaunchDrawer(page);
  await drawer.choice('v7').click();
  await page.keyboard.type('option-987');
  await page.getByRole('option', { name: 'option-987', exact: true }).click();
  await expect(drawer.choice('v7')).toHaveText('option-987');
});

test('500 queues: the list is shown in parts, and any of them is found', async ({ page, team, api }) => {
  test.setTimeout(120_000);
  const names = Array.from({ length: 500 }, (_, index) => `queue-${String(index).padStart(3, '0')}`);
  for (let at = 0; at < names.length; at += 25)
    await Promise.all(names.slice(at, at + 25).map((name) => api.createQueue(team, { name })));
  await page.goto(`/${team}`);
  const queues = page.getByRole('table', { name: 'Queues' });
  await expect(queues).toBeVisible();
  await page.getByRole('textbox', { name: /Search the queues/ }).fill('queue-499');
  await expect(queues.getByRole('row')).toHaveCount(2);
  await queues.getByRole('link', { name: 'queue-499' }).click();
  await expect(page.getByRole('heading', { name: 'queue-499', level: 1 })).toBeVisible();
});

test('names of 64 wide characters and a name with markup stay what they are, and push nothing off a phone', async ({
  page,
  team,
  api,
  baseURL,
}) => {
  test.setTimeout(120_000);
  await api.createQueue(team, { name: WIDE, prioritized: true, description: MARKUP });
  const waits = await api.launch(team, WIDE, { entrypoint: ['true'], name: WIDE, labels: [MARKUP] });
  const run = await api.launch(team, WIDE, { entrypoint: ['true'], name: MARKUP, priority: 'critical' });
  const agent = await new BareAgent(baseURL!, await api.agentToken(team, [WIDE])).register([WIDE], 'rack-1');
  const [leased] = await agent.lease(1);
  const part = { kind: 'pod', name: 'p', state: 'Running' };
  await agent.report(
    leased!,
    { state: 'starting' },
    { state: 'running' },
    {
      kind: 'parts',
      parts: [{ ...part, url: 'javascript:alert(1)' }],
      url: 'https://elsewhere.example/p?x=1',
    },
  );
  await page.setViewportSize({ width: 390, height: 844 });
  for (const [path, shows] of [
    [`/${team}`, WIDE],
    [`/${team}/queues/${WIDE}`, MARKUP],
    [`/${team}/runs`, MARKUP],
    [`/runs/${waits.id}?tab=inputs`, WIDE],
    [`/runs/${run.id}`, MARKUP],
  ] as const)
    await test.step(path, async () => {
      await page.goto(path);
      await expect(page.getByRole('main').getByText(shows).first()).toBeVisible();
      await expect(page.locator('img[src="x"]')).toHaveCount(0);
      expect(
        await page.evaluate(
          () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
        ),
      ).toBeLessThanOrEqual(0);
    });
  await expect(page).not.toHaveTitle('broken');
  const out = page.getByRole('link', { name: /elsewhere\.example/ });
  await expect(out).toHaveAttribute('rel', /noopener/);
  await expect(out).toHaveAttribute('target', '_blank');
  await expect(page.getByRole('link', { name: /^open/ }), 'only web pages are links').toHaveCount(0);
});
