import { expect, it } from 'vitest';
import type { JobVersion } from '@/core/wire';
import { sourceLine } from './source';
import { versionDiff } from './version-diff';

const version = (more: Partial<JobVersion>): JobVersion => ({
  version: 0,
  source: { type: 'git', repository: 'https://example.com/a', ref: 'main', commit: 'a'.repeat(40) },
  entrypoint: ['python', 'train.py'],
  inputSchema: null,
  aliases: [],
  author: 'ada',
  createdAt: '2030-01-01T00:00:00.000Z',
  lastRun: null,
  ...more,
});

it('tells what two versions differ in, and nothing else', () => {
  expect(versionDiff(version({}), version({ version: 1, author: 'bob' }))).toEqual([]);
  const after = version({
    source: {
      type: 'git',
      repository: 'https://example.com/a',
      ref: 'main',
      commit: 'b'.repeat(40),
      pythonVersion: '3.12',
    },
    entrypoint: [],
  });
  expect(versionDiff(version({}), after)).toEqual([
    { name: 'Commit', before: 'a'.repeat(40), after: 'b'.repeat(40) },
    { name: 'Entrypoint', before: 'python train.py', after: null },
    { name: 'Python', before: null, after: '3.12' },
  ]);
});

it('says a source in a line', () => {
  expect(sourceLine(version({}).source)).toBe('https://example.com/a @ main (aaaaaaaaaa)');
  expect(sourceLine({ type: 'git', repository: 'git@example.com:a' })).toBe('git@example.com:a @ HEAD');
  expect(sourceLine({ type: 'git', repository: 'x', ref: 'c'.repeat(40), commit: 'c'.repeat(40) })).toBe(
    `x @ ${'c'.repeat(40)}`,
  );
  expect(sourceLine({ type: 'code', artifact: 'd'.repeat(64) })).toBe('sha256:dddddddddddd');
});
