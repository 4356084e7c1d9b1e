import { describe, expect, it } from 'vitest';
import { launchSchema } from '@/core/wire';
import type { LaunchInput, ResourceId } from '@/core/wire';
import { buildLaunchSpec, runEnvironment } from '.';
import type { LaunchSpecInput } from '.';

interface Case {
  launch?: LaunchInput;
  resource?: ResourceId;
  config?: LaunchSpecInput['resolved']['config'];
  prioritized?: boolean;
  job?: LaunchSpecInput['job'];
}
const build = ({
  launch = { image: 'train' },
  resource = 'local-container',
  config = {},
  prioritized = false,
  job = null,
}: Case) =>
  buildLaunchSpec({
    runId: 'abc123def456',
    runName: 'calm-brook-1',
    entity: 'team',
    project: 'vision',
    author: 'ada',
    queue: {
      name: 'gpu',
      resource,
      version: 2,
      prioritized,
      startTimeoutSeconds: 1800,
      stopGraceSeconds: null,
    },
    resolved: { config, origins: {}, builder: {} },
    launch: launchSchema.parse(launch),
    job,
  });
const spec = (given: Case) => {
  const result = build(given);
  if (!result.ok) throw new Error(JSON.stringify(result.errors));
  return result.spec;
};
const paths = (given: Case) => {
  const result = build(given);
  return result.ok ? [] : result.errors.map(({ path }) => path);
};

describe('what to run', () => {
  it('takes exactly one of job, image and source', () => {
    expect(paths({ launch: {} })).toEqual(['image']);
    expect(
      paths({
        launch: { image: 'a', job: 'b' },
        job: { source: { type: 'image', image: 'c' }, entrypoint: [] },
      }),
    ).toEqual(['image']);
    expect(spec({ launch: { image: 'a' } })).toMatchObject({
      image: 'a',
      source: { type: 'image', image: 'a' },
    });
  });
  it('takes image and entrypoint of the job, and the entrypoint of the launch before it', () => {
    const job = { source: { type: 'image' as const, image: 'c:1' }, entrypoint: ['python', 'train.py'] };
    expect(spec({ launch: { job: 'train' }, job })).toMatchObject({
      image: 'c:1',
      entrypoint: ['python', 'train.py'],
    });
    expect(spec({ launch: { job: 'train', entrypoint: 'sh -c "a b"' }, job }).entrypoint).toEqual([
      'sh',
      '-c',
      'a b',
    ]);
  });
  it('leaves the image of git and code open', () => {
    const source = { type: 'git' as const, repository: 'https://example.com/r.git' };
    expect(spec({ launch: { source } })).toMatchObject({ image: null, source });
    expect(paths({ launch: { source: { type: 'git', repository: '--upload-pack=x' } } })).toEqual([
      'source.repository',
    ]);
  });
  it.each(['-v', 'a b', 'https://example.com/a', 'Upper/Case', 'a:b:c', 'a@sha256:12', '../x', 'a/'])(
    'refuses the image %j',
    (image) => {
      expect(paths({ launch: { image } })).toEqual(['image']);
    },
  );
  it.each([
    'busybox',
    'localhost:5000/a/b:1.0',
    'a__b/c-d.e',
    '123456789012.dkr.ecr.us-east-1.amazonaws.com/r:v',
    `a@sha256:${'0'.repeat(64)}`,
    `sha256:${'a'.repeat(64)}`,
  ])('takes the image %j', (image) => {
    expect(spec({ launch: { image } }).image).toBe(image);
  });
});

describe('a local process', () => {
  const resource = 'local-process';
  it('needs a command but no image', () => {
    expect(paths({ resource, launch: {} })).toEqual(['entrypoint']);
    expect(spec({ resource, launch: { args: ['date'] } })).toMatchObject({
      image: null,
      source: null,
      args: ['date'],
    });
    expect(paths({ resource, launch: { image: 'a', args: ['date'] } })).toEqual(['image']);
  });
  it('leaves the splitting to the shell where the queue has one', () => {
    expect(spec({ resource, launch: { entrypoint: "echo 'a b'" } }).entrypoint).toEqual(['echo', 'a b']);
    expect(
      spec({ resource, config: { shell: true }, launch: { entrypoint: "echo 'a b' && ls" } }).entrypoint,
    ).toEqual(["echo 'a b' && ls"]);
  });
});

describe('what is refused', () => {
  it('a priority without prioritization, with a message that says so', () => {
    expect(build({ launch: { image: 'a', priority: 'high' } })).toMatchObject({
      ok: false,
      errors: [{ path: 'priority', message: expect.stringContaining('has no prioritization') as string }],
    });
    expect(spec({ prioritized: true }).priority).toBe('medium');
    expect(spec({ prioritized: true, launch: { image: 'a', priority: 'low' } }).priority).toBe('low');
  });
  it('everything at once', () => {
    expect(
      paths({
        launch: { image: '-x', priority: 'low', entrypoint: "a 'b", args: ['ok', 'a\0b'], env: { A: '\0' } },
      }),
    ).toEqual(['image', 'entrypoint', 'priority', 'args.1', 'env.A']);
  });
  it('empty entrypoints and values that no environment can hold', () => {
    expect(paths({ launch: { image: 'a', entrypoint: ' ' } })).toEqual(['entrypoint']);
    expect(paths({ launch: { image: 'a', entrypoint: [''] } })).toEqual(['entrypoint']);
    expect(paths({ launch: { image: 'a', config: { text: 'é'.repeat(70_000) } } })).toEqual(['config']);
  });
});

it('tells the program about its run, without a key', () => {
  const env = runEnvironment(spec({ launch: { image: 'a', config: { lr: 0.1 } } }), 'a@sha256:0');
  expect(Object.keys(env)).toEqual([
    'SLIPWAY_RUN_ID',
    'SLIPWAY_RUN_NAME',
    'SLIPWAY_ENTITY',
    'SLIPWAY_PROJECT',
    'SLIPWAY_QUEUE',
    'SLIPWAY_IMAGE',
    'SLIPWAY_CONFIG',
    'WANDB_RUN_ID',
    'WANDB_NAME',
    'WANDB_ENTITY',
    'WANDB_PROJECT',
    'WANDB_LAUNCH',
    'WANDB_DOCKER',
    'WANDB_CONFIG',
    'WANDB_LAUNCH_QUEUE_NAME',
    'WANDB_LAUNCH_QUEUE_ENTITY',
  ]);
  expect(env).toMatchObject({
    SLIPWAY_CONFIG: '{"lr":0.1}',
    SLIPWAY_IMAGE: 'a@sha256:0',
    WANDB_LAUNCH: 'true',
    WANDB_LAUNCH_QUEUE_NAME: 'gpu',
  });
});
