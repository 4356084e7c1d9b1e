import { expect, it } from 'vitest';
import type { Run, RunSubmission } from '@/core/wire';
import { compareDocuments, submissionOf } from './compare';

it('sets two documents side by side, leaf by leaf', () => {
  expect(compareDocuments({ a: 1, list: ['x', 'y'], empty: {} }, { a: 2, list: ['x'], more: null })).toEqual([
    { path: 'a', left: '1', right: '2' },
    { path: 'list[0]', left: 'x', right: 'x' },
    { path: 'list[1]', left: 'y', right: undefined },
    { path: 'empty', left: '{}', right: undefined },
    { path: 'more', left: undefined, right: 'null' },
  ]);
});

it('leaves out of the submission what every run has of its own', () => {
  const run = { id: 'abcdefgh' } as Run;
  const attempt = (n: number, name: string) =>
    ({ attempt: n, submission: { argv: ['--name', `slipway-${run.id}`, name] } }) as RunSubmission;
  expect(submissionOf(run, [attempt(1, 'old'), attempt(2, 'new')])).toEqual([
    '--name',
    'slipway-<run id>',
    'new',
  ]);
  expect(submissionOf(run, [])).toBeUndefined();
});
