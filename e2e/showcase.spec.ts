import { readdir, readFile } from 'node:fs/promises';
import { expect, test } from './pages/test';

test('the showcase of the design system is no part of what is built', async () => {
  const routes = Object.values(
    JSON.parse(await readFile('.next/app-path-routes-manifest.json', 'utf8')) as Record<string, string>,
  );
  expect(routes).toContain('/[entity]/agents');
  expect(routes.filter((route) => route.includes('design'))).toEqual([]);
  const chunks = (await readdir('.next/static', { recursive: true })).filter((file) => file.endsWith('.js'));
  const texts = await Promise.all(chunks.map((file) => readFile(`.next/static/${file}`, 'utf8')));
  expect(
    texts.some((text) => text.includes('Past runs')),
    'the chunks are those of the pages',
  ).toBe(true);
  expect(texts.some((text) => text.includes('Every primitive in every state'))).toBe(false);
});
