import { mkdtemp, readdir, rm, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createLocalStore } from './local';
import type { BlobStore } from './types';

let directory: string;
let store: BlobStore;
beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'slipway-blobs-'));
  store = createLocalStore(directory);
});
afterEach(() => rm(directory, { recursive: true, force: true }));

const files = async () =>
  (await readdir(directory, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());

it('keeps, gives and removes bytes', async () => {
  const bytes = Buffer.alloc(300_000, 'slipway');
  await store.put('artifacts/one', Readable.from([bytes.subarray(0, 7), bytes.subarray(7)]));
  expect(await store.exists('artifacts/one')).toBe(true);
  expect((await buffer(await store.get('artifacts/one'))).equals(bytes)).toBe(true);
  await store.delete('artifacts/one');
  await store.delete('artifacts/one');
  expect(await store.exists('artifacts/one')).toBe(false);
  await expect(store.get('artifacts/one')).rejects.toThrow('no blob artifacts/one');
});

it('keeps nothing of a body that fails, and says why it failed', async () => {
  async function* broken() {
    yield Buffer.alloc(200_000);
    await Promise.resolve();
    throw new Error('the line is dead');
  }
  await expect(store.put('artifacts/two', Readable.from(broken()))).rejects.toThrow('the line is dead');
  expect(await store.exists('artifacts/two')).toBe(false);
  expect(await files()).toEqual([]);
});

it('sweeps what a killed process has left, and nothing younger', async () => {
  const stuck = new Readable({ read: () => {} });
  const puts = [
    store.put('artifacts/old', stuck),
    store.put('artifacts/new', new Readable({ read: () => {} })),
  ];
  for (const put of puts) put.catch(() => {});
  stuck.push('half');
  await expect.poll(files).toHaveLength(2);
  const [one] = await files();
  if (!one) throw new Error('two files are there');
  await utimes(path.join(one.parentPath, one.name), new Date(0), new Date(0));
  expect(await store.sweep(new Date(1000))).toBe(1);
  expect(await files()).toHaveLength(1);
});
