import { describe, expect, it } from 'vitest';
import type { Queue } from '@/core/wire';
import { axisFields, batchOf } from './batch';
import { EMPTY_LAUNCH } from './launch-form';

const queue = {
  resource: 'local-process',
  prioritized: true,
  overrideAllow: [],
  templates: { gpus: { type: 'integer', min: 1, max: 8, default: 1 } },
} as unknown as Queue;
const form = {
  ...EMPTY_LAUNCH,
  what: 'command' as const,
  entrypoint: 'python train.py',
  env: 'SEED=1\nHOME=/x',
  config: '{"lr": 1, "model": {"size": "s"}}',
};

describe('a batch', () => {
  it('is every combination, the last field changing first, each a launch of its own', () => {
    const { rows, problem } = batchOf({ ...form, name: 'sweep' }, queue, [
      { field: 'values.gpus', text: '1\n2\n' },
      { field: 'config.model.depth', text: '3\nfour' },
      { field: 'env.SEED', text: '7' },
    ]);
    expect(problem).toBeUndefined();
    expect(rows.map(({ cells }) => cells)).toEqual([
      ['1', '3', '7'],
      ['1', 'four', '7'],
      ['2', '3', '7'],
      ['2', 'four', '7'],
    ]);
    expect(rows.flatMap(({ errors }) => errors)).toEqual([]);
    expect(rows[3]?.launch).toMatchObject({
      name: 'sweep-4',
      entrypoint: ['python', 'train.py'],
      templateValues: { gpus: 2 },
      env: { SEED: '7', HOME: '/x' },
      config: { lr: 1, model: { size: 's', depth: 'four' } },
    });
  });

  it('says of each run what is wrong with it', () => {
    const { rows } = batchOf(form, queue, [{ field: 'values.gpus', text: '8\n9' }]);
    expect(rows.map(({ errors }) => errors.map(({ path }) => path))).toEqual([[], ['templateValues.gpus']]);
  });

  it.each([
    [[], /Choose a field/],
    [[{ field: 'values.nope', text: '1' }], /"values.nope" cannot vary/],
    [[{ field: 'name', text: '1' }], /cannot vary/],
    [[{ field: 'priority', text: 'high\nurgent' }], /"urgent" is no priority/],
    [
      [
        { field: 'args', text: '1' },
        { field: 'args', text: '2' },
      ],
      /twice/,
    ],
    [
      [
        { field: 'args', text: Array.from({ length: 40 }, (_, i) => `a${i}`).join('\n') },
        { field: 'env.N', text: Array.from({ length: 40 }, (_, i) => `${i}`).join('\n') },
      ],
      /1,600 combinations; a batch has at most 1000/,
    ],
  ])('%# is refused in words', (axes, problem) => {
    expect(batchOf(form, queue, axes)).toEqual({
      rows: [],
      problem: expect.stringMatching(problem) as string,
    });
  });

  it('offers what the queue and the form know', () => {
    expect(axisFields(form, queue)).toEqual([
      'values.gpus',
      'args',
      'priority',
      'env.SEED',
      'env.HOME',
      'config.lr',
      'config.model',
    ]);
  });
});
