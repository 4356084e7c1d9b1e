import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { splitCommand } from '@/core/command';
import type { JsonObject, LaunchSpec } from '@/core/wire';
import { dockerPlan, renderDocker } from '.';
import { testSpec } from '../shared/testing';
import type { RenderContext } from '../types';

const IMAGE = 'registry.example.com/train:1';
const GUIDE = {
  env: ['MY_ENV_VAR=value', 'MY_EXISTING_ENV_VAR'],
  volume: '/mnt/datasets:/mnt/datasets',
  rm: true,
  gpus: 'all',
};
const render = (
  config: JsonObject,
  changes: Partial<LaunchSpec> = {},
  context: Partial<RenderContext> = {},
) => {
  const { submission, problems } = renderDocker(testSpec({ config, ...changes }), {
    image: IMAGE,
    ...context,
  });
  return { argv: submission.argv ?? [], text: submission.text, origins: submission.origins, problems };
};
/** The options of the queue: what stands between Slipway's own and the image. */
const options = (config: JsonObject, changes: Partial<LaunchSpec> = {}) => {
  const { argv } = render(config, changes);
  const own = render({}, changes).argv;
  return argv.slice(own.indexOf(IMAGE), argv.indexOf(IMAGE));
};
const errors = (config: JsonObject, changes: Partial<LaunchSpec> = {}) =>
  render(config, changes)
    .problems.filter(({ severity }) => severity === 'error')
    .map(({ path }) => path);

describe('the example of the guide', () => {
  it('is rendered option for option, all before the image', () => {
    const { argv } = render(GUIDE);
    expect(argv.join(' ')).toContain(
      ` --env MY_ENV_VAR=value --env MY_EXISTING_ENV_VAR --volume /mnt/datasets:/mnt/datasets --rm --gpus all ${IMAGE}`,
    );
    expect(argv.slice(0, 4)).toEqual(['docker', 'run', '--name', 'slipway-abc123def456']);
    expect(argv).toContain('SLIPWAY_RUN_ID=abc123def456');
    expect(argv).toContain('slipway.dev/run-id=abc123def456');
  });
  it('is created without --rm, which the agent carries out', () => {
    const plan = dockerPlan(testSpec({ config: GUIDE, args: ['--lr', '1'] }), { image: IMAGE });
    expect(plan).toMatchObject({
      containerName: 'slipway-abc123def456',
      image: IMAGE,
      removeAfterwards: true,
      envPassThrough: ['MY_EXISTING_ENV_VAR'],
    });
    const shown = render(GUIDE, { args: ['--lr', '1'] }).argv;
    expect(plan.createArgs).toEqual(shown.slice(2).filter((word) => word !== '--rm'));
    expect(render(GUIDE).problems).toMatchObject([{ severity: 'info', path: 'rm' }]);
  });
});

describe('options', () => {
  it('turns each kind of value into words', () => {
    expect(
      options({
        v: ['/a:/a', '/b:/b'],
        privileged: true,
        init: false,
        'read-only': 'true',
        memory: null,
        cpus: 1.5,
        m: '1g',
      }),
    ).toEqual(['-v', '/a:/a', '-v', '/b:/b', '--privileged', '--read-only', '--cpus', '1.5', '-m', '1g']);
    expect(options({ env: { A: 'x', B: 2, C: null }, label: { 'my/label': 'y' } })).toEqual([
      '--env',
      'A=x',
      '--env',
      'B=2',
      '--env',
      'C',
      '--label',
      'my/label=y',
    ]);
  });
  it('binds values that look like options with "="', () => {
    expect(options({ volume: '-x', u: '--privileged' })).toEqual(['--volume=-x', '-u=--privileged']);
  });
  it('warns of unknown ones, names the nearest, and cannot lose the image to them', () => {
    const { problems } = render({ volum: 'alpine' });
    expect(problems).toMatchObject([
      { severity: 'warning', path: 'volum', message: expect.stringContaining('"volume"') as string },
    ]);
    expect(options({ volum: 'alpine' })).toEqual(['--volum=alpine']);
  });
  it('refuses what would take the container from Slipway, or another word for the image', () => {
    expect(errors({ name: 'x', cidfile: 'y', a: 'stdout', restart: 'always' })).toEqual([
      'name',
      'cidfile',
      'a',
      'restart',
    ]);
    expect(
      errors({ privileged: 'alpine', gpus: true, volume: { a: 'b' }, '--privileged': true, 'a b': 1 }),
    ).toEqual(['privileged', 'gpus', 'volume', '--privileged', '["a b"]']);
    expect(errors([] as unknown as JsonObject)).toHaveLength(1);
  });
  it('leaves out what needs a terminal', () => {
    expect(options({ d: true, interactive: true, tty: true, t: false })).toEqual([]);
    expect(render({ d: true, i: true, tty: true }).problems.map(({ severity }) => severity)).toEqual([
      'warning',
      'warning',
      'warning',
    ]);
  });
});

describe('the environment', () => {
  it('keeps Slipway first, then secrets, the queue, the launch', () => {
    const { argv, problems } = render(
      { env: ['SLIPWAY_RUN_ID=mine', 'TOKEN=plain', 'A=queue'] },
      { env: { A: 'launch', WANDB_NAME: 'mine', TOKEN: 'mine', B: 'launch' } },
      { secretNames: ['TOKEN'] },
    );
    const env = argv.filter((_, index) => argv[index - 1] === '--env');
    expect(env.filter((text) => /^(SLIPWAY_RUN_ID|TOKEN|A|B|WANDB_NAME)\b/.test(text))).toEqual([
      'B=launch',
      'TOKEN',
      'SLIPWAY_RUN_ID=abc123def456',
      'WANDB_NAME=quiet-harbor-7',
      'A=queue',
    ]);
    expect(problems.filter(({ severity }) => severity === 'warning')).toHaveLength(5);
  });
  it('never lets a submitter name a variable of the agent', () => {
    expect(errors({ env: ['AWS_SECRET_ACCESS_KEY'] }, { origins: { '/env/0': 'template' } })).toEqual([
      'env.0',
    ]);
    expect(errors({ env: { KEY: null } }, { origins: { '/env/KEY': 'override' } })).toEqual(['env.KEY']);
    expect(errors({ env: ['OURS'] }, { origins: { '/env/0': 'queue' } })).toEqual([]);
  });
  it('hands secrets over by name only', () => {
    expect(dockerPlan(testSpec(), { image: IMAGE, secretNames: ['TOKEN'] }).envPassThrough).toEqual([
      'TOKEN',
    ]);
  });
});

describe('macros', () => {
  const origins = { '/volume': 'template', '/hostname': 'queue' } as const;
  it('are replaced once, and those of the agent only where the queue wrote them', () => {
    const config = {
      hostname: '${run_id}-${SITE}',
      volume: '${SITE}:${run_name}',
      workdir: '${nope}',
      label: 'i=${image_uri}',
    };
    const { argv, origins: shown } = render(
      config,
      { origins, runName: '${SITE}' },
      { macroEnv: { SITE: 'berlin' } },
    );
    expect(argv.slice(argv.indexOf('--hostname'), argv.indexOf(IMAGE))).toEqual([
      '--hostname',
      'abc123def456-berlin',
      '--volume',
      '${SITE}:${SITE}',
      '--workdir',
      '${nope}',
      '--label',
      `i=${IMAGE}`,
    ]);
    expect(shown[`/${argv.indexOf('abc123def456-berlin')}`]).toBe('macro');
  });
});

describe('image, entrypoint and args', () => {
  it('puts the rest of the entrypoint before the args', () => {
    const { argv, origins } = render({}, { entrypoint: ['python', '-u', 'train.py'], args: ['--lr', '0.1'] });
    expect(argv.slice(argv.indexOf('--entrypoint'))).toEqual([
      '--entrypoint',
      'python',
      IMAGE,
      '-u',
      'train.py',
      '--lr',
      '0.1',
    ]);
    expect(origins[`/${argv.length - 1}`]).toBe('launch');
    expect(Object.keys(origins)).toHaveLength(argv.length);
  });
  it('keeps an entrypoint of the queue as a wrapper', () => {
    const { argv } = render({ entrypoint: '/wrap' }, { entrypoint: ['python', 'train.py'], args: ['x'] });
    expect(argv.slice(argv.indexOf('--entrypoint'))).toEqual([
      '--entrypoint',
      '/wrap',
      IMAGE,
      'python',
      'train.py',
      'x',
    ]);
  });
  it('shows a placeholder for an image that is still to be built, and never creates with it', () => {
    expect(render({}, {}, { image: null }).argv).toContain('<image>');
    expect(() => dockerPlan(testSpec(), { image: null })).toThrow('no image');
    expect(() => dockerPlan(testSpec(), { image: '--privileged' })).toThrow('must not begin with "-"');
    expect(() => dockerPlan(testSpec({ config: { name: 'x' } }), { image: IMAGE })).toThrow('name');
  });
});

it('never lets a value become an option, the image or another word', () => {
  const value = fc.oneof(
    fc.string({ unit: 'binary' }).filter((text) => !text.includes('\0')),
    fc.constantFrom('--privileged', '-v', '--', '=', '$(id)', "'"),
  );
  const hostile = fc.record({ volume: value, gpus: fc.array(value), label: value, hostname: value });
  fc.assert(
    fc.property(
      hostile,
      fc.array(value),
      fc.array(value, { minLength: 1 }),
      value,
      (config, args, entrypoint, env) => {
        const { argv, text } = render(config, { args, entrypoint, env: { E: env } });
        const after = [...entrypoint.slice(1), ...args];
        const at = argv.length - after.length - 1;
        expect(argv[at]).toBe(IMAGE);
        expect(argv.slice(at + 1)).toEqual(after);
        // As the option parser of docker walks: each word of the options is `--key=value`, or `--key` with a value after it.
        for (let index = 2; index < at; index++) {
          expect(argv[index]).toMatch(/^--(name|label|env|entrypoint|volume|gpus|hostname)(=|$)/);
          if (!argv[index]?.includes('=')) index += 1;
        }
        expect(splitCommand(text)).toEqual(argv);
      },
    ),
  );
});
