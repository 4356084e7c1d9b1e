import { describe, expect, it } from 'vitest';
import type { JsonObject, LaunchSpec } from '@/core/wire';
import { processPlan, renderProcess } from '.';
import { testSpec } from '../shared/testing';

const spec = (config: JsonObject, changes: Partial<LaunchSpec> = {}) =>
  testSpec({
    resource: 'local-process',
    image: null,
    config,
    entrypoint: ['python', 'my train.py'],
    args: ['--lr', '$HOME'],
    ...changes,
  });
const argv = (config: JsonObject, changes: Partial<LaunchSpec> = {}) =>
  processPlan(spec(config, changes), { image: null }).argv;

describe('a process', () => {
  it('is entrypoint and args, without a shell', () => {
    expect(argv({})).toEqual(['python', 'my train.py', '--lr', '$HOME']);
  });
  it('runs in a shell where the queue says so; args stay parameters', () => {
    expect(argv({ shell: true })).toEqual([
      '/bin/sh',
      '-c',
      `python 'my train.py' "$@"`,
      '/bin/sh',
      '--lr',
      '$HOME',
    ]);
    expect(argv({ shell: '/bin/bash' }, { entrypoint: ['echo $HOME && ls'], args: [] })).toEqual([
      '/bin/bash',
      '-c',
      'echo $HOME && ls',
    ]);
    expect(argv({ shell: true }, { entrypoint: null, args: ['date'] })).toEqual([
      '/bin/sh',
      '-c',
      '"$@"',
      '/bin/sh',
      'date',
    ]);
  });
  it('has directory, environment and names of what the agent passes on', () => {
    const plan = processPlan(
      spec({ cwd: '/data/${run_id}', env: ['A=1', 'B'] }, { env: { C: '3', A: 'no' } }),
      { image: null, secretNames: ['S'] },
    );
    expect(plan).toMatchObject({
      cwd: '/data/abc123def456',
      envPassThrough: ['B'],
      secrets: ['S'],
      env: { A: '1', C: '3', SLIPWAY_IMAGE: '' },
    });
    expect(plan.env).not.toHaveProperty('S');
  });
  it('is shown as it could be typed', () => {
    const { submission } = renderProcess(spec({ cwd: '/my data' }), { image: null });
    expect(submission.text).toMatch(/^cd '\/my data' &&\nSLIPWAY_RUN_ID=abc123def456 \\\n/);
    expect(submission.text).toMatch(/\npython 'my train.py' --lr '\$HOME'$/);
    expect(submission.origins).toMatchObject({
      '/0': 'launch',
      '/1': 'launch',
      '/2': 'launch',
      '/3': 'launch',
      '/env/SLIPWAY_RUN_ID': 'default',
    });
  });
  it('refuses unknown settings, wrong types, names of agent variables by a launch, and no command', () => {
    const problems = (config: JsonObject, changes: Partial<LaunchSpec> = {}) =>
      renderProcess(spec(config, changes), { image: null }).problems.map(
        ({ path, message }) => `${path ?? ''}: ${message}`,
      );
    const wrong = problems({ cmd: 'x', cwd: 1, shell: 2 });
    expect(wrong[0]).toMatch(/^cmd: .*did you mean "cwd"/);
    expect(wrong.slice(1)).toEqual([
      'shell: shell is true, false or the path of a shell.',
      'cwd: cwd is a text.',
    ]);
    expect(problems({ env: ['K'] }, { origins: { '/env/0': 'template' } })).toHaveLength(1);
    expect(() => argv({}, { entrypoint: null, args: [] })).toThrow('no command');
  });
});
