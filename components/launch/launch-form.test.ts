import { describe, expect, it } from 'vitest';
import type { Queue } from '@/core/wire';
import { EMPTY_LAUNCH, toLaunch } from './launch-form';

const queue = {
  resource: 'local-container',
  prioritized: false,
  overrideAllow: [],
  templates: {
    gpus: { type: 'integer', min: 0, max: 4, default: 1 },
    machine: { type: 'string', options: ['a', 'b'] },
  },
} as unknown as Queue;

describe('toLaunch', () => {
  it('leaves out what is empty and what the queue does not have', () => {
    const { launch, errors } = toLaunch(
      { ...EMPTY_LAUNCH, image: ' busybox ', values: { machine: 'a', gpus: '' }, resourceArgs: '{"env": 1}' },
      queue,
    );
    expect(errors).toEqual([]);
    expect(launch).toEqual({ image: 'busybox', templateValues: { machine: 'a' } });
  });

  it('reads commands, environment, config and values', () => {
    const form = {
      ...EMPTY_LAUNCH,
      image: 'x',
      entrypoint: "sh -c 'echo hi'",
      args: '--lr 0.1',
      env: 'A=1=2\n\nB=',
      config: '{"lr": 1}',
      labels: 'one, two,',
      values: { gpus: '2', machine: 'b' },
    };
    expect(toLaunch(form, { ...queue, prioritized: true }).launch).toEqual({
      image: 'x',
      entrypoint: ['sh', '-c', 'echo hi'],
      args: ['--lr', '0.1'],
      env: { A: '1=2', B: '' },
      config: { lr: 1 },
      labels: ['one', 'two'],
      priority: 'medium',
      templateValues: { gpus: 2, machine: 'b' },
    });
  });

  it('says everything that is wrong at once, by the paths of the interface', () => {
    const form = {
      ...EMPTY_LAUNCH,
      entrypoint: "sh 'x",
      env: 'no value',
      config: '[1]',
      notBefore: 'soon',
      values: { gpus: '9', machine: 'c' },
    };
    expect(toLaunch(form, queue).errors.map((error) => error.path)).toEqual([
      'image',
      'entrypoint',
      'env',
      'config',
      'notBefore',
      'templateValues.gpus',
      'templateValues.machine',
    ]);
  });

  it('asks for a command instead of an image on a queue of processes', () => {
    const process = { ...queue, resource: 'local-process', templates: {} } as Queue;
    expect(toLaunch(EMPTY_LAUNCH, process).errors.map((error) => error.path)).toEqual(['entrypoint']);
    expect(toLaunch({ ...EMPTY_LAUNCH, image: 'x', entrypoint: 'python train.py' }, process).launch).toEqual({
      entrypoint: ['python', 'train.py'],
      templateValues: {},
    });
  });
});
