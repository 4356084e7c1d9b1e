import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DEFAULT_AGENT_CONFIG, parseAgentConfig, redactAgentConfig, registryTypeOf } from '.';

const config = (text: string) => {
  const parsed = parseAgentConfig(text);
  if (parsed.config === null) throw new Error(JSON.stringify(parsed.problems));
  return parsed.config;
};
const warnings = (text: string) =>
  parseAgentConfig(text).problems.filter(({ severity }) => severity === 'warning');
const errors = (text: string) => {
  const parsed = parseAgentConfig(text);
  expect(parsed.config).toBeNull();
  return parsed.problems
    .filter(({ severity }) => severity === 'error')
    .map(({ line, column, message }) => `${line}:${column} ${message}`);
};

/** The agent configurations that the guide prints, their placeholders filled in. */
const GUIDE: Record<string, string> = {
  core: '# comment\nmax_jobs: -1\n\nentity: my-team\n\n# queues\nqueues:\n  - default\n',
  aws: 'environment:\n  type: aws\n  region: us-east-1\nbuilder:\n  type: kaniko\n  # ECR\n  destination: 123456789012.ecr.us-east-1.amazonaws.com/repo\n  build-context-store: s3://bucket/path\n',
  gcp: 'environment:\n  type: gcp\n  region: us-central1\n  project: my-project\nbuilder:\n  type: docker\n  uri: us-central1-docker.pkg.dev/my-project/repo/image\n  build-context-store: gs://bucket/path\n',
  azure:
    'environment:\n  type: azure\nbuilder:\n  type: kaniko\n  destination: https://myregistry.azurecr.io/repo\n  build-context-store: https://account.blob.core.windows.net/container\n',
  kaniko:
    'builder:\n  type: kaniko\n  build-context-store: s3://b/p\n  destination: registry.example.com/repo\n  build-job-name: wandb-image-build\n  kaniko-config:\n    spec:\n      template:\n        spec:\n          containers:\n          - args:\n            - "--cache=false" # Args must be in the format "key=value"\n            env:\n            - name: "MY_ENV_VAR"\n              value: "my-env-var-value"\n',
  tabs: 'queues:\n\t- default\nmax_jobs: 4\nenvironment:\n\ttype: aws\n\tregion: us-east-1\nregistry:\n\ttype: ecr\n\turi: 123456789012.dkr.ecr.us-east-1.amazonaws.com/repo\nbuilder:\n\ttype: kaniko\n\tbuild-context-store: s3://bucket/path\n',
  sagemaker:
    'max_jobs: -1\nqueues:\n  - default\nenvironment:\n  type: aws\n  region: us-east-1\nregistry:\n  type: ecr\n  uri: arn:aws:ecr:us-east-1:123456789012:repository/repo\nbuilder: \n  type: docker\n',
  vertex: 'max_jobs: 3\nqueues:\n  - default\n',
  docker: 'builder:\n\ttype: docker\n',
  noop: 'builder:\n  type: noop\n',
};

describe('the configurations of the guide', () => {
  it.each(Object.keys(GUIDE))('%s is accepted', (name) => {
    config(GUIDE[name] ?? '');
  });
  it('mean what they say', () => {
    expect(config(GUIDE['core'] ?? '')).toEqual({
      ...DEFAULT_AGENT_CONFIG,
      entity: 'my-team',
      queues: ['default'],
      maxJobs: -1,
    });
    expect(config(GUIDE['gcp'] ?? '')).toMatchObject({
      environment: { type: 'gcp', region: 'us-central1', project: 'my-project' },
      builder: {
        type: 'docker',
        destination: 'us-central1-docker.pkg.dev/my-project/repo/image',
        buildJobName: 'slipway-container-build',
      },
    });
    expect(config(GUIDE['aws'] ?? '').builder?.destination).toBe(
      '123456789012.dkr.ecr.us-east-1.amazonaws.com/repo',
    );
    expect(config(GUIDE['azure'] ?? '').builder?.destination).toBe('myregistry.azurecr.io/repo');
    expect(config(GUIDE['kaniko'] ?? '').builder).toMatchObject({
      buildJobName: 'wandb-image-build',
      kanikoConfig: { spec: {} },
    });
    expect(config(GUIDE['sagemaker'] ?? '')).toMatchObject({
      registry: { type: 'ecr', uri: '123456789012.dkr.ecr.us-east-1.amazonaws.com/repo' },
      builder: { destination: '123456789012.dkr.ecr.us-east-1.amazonaws.com/repo' },
    });
  });
  it('warn of tabs and of an ECR address without dkr, showing the right form', () => {
    expect(warnings(GUIDE['tabs'] ?? '')).toMatchObject([
      { line: 2, column: 1, message: expect.stringContaining('Tabs') as string },
    ]);
    expect(warnings(GUIDE['aws'] ?? '')).toMatchObject([
      {
        line: 7,
        column: 16,
        path: 'builder.destination',
        message: expect.stringContaining('123456789012.dkr.ecr.us-east-1.amazonaws.com/repo') as string,
      },
    ]);
  });
  it('say so when a placeholder is left', () => {
    expect(errors('max_jobs: <n concurrent jobs>\nqueues:\n\t- <queue name>\n')).toEqual([
      '1:11 <n concurrent jobs> is a placeholder; put your own value in its place.',
      '3:4 <queue name> is a placeholder; put your own value in its place.',
    ]);
    expect(errors('builder:\n  type: docker | kaniko | noop\n')).toEqual([
      '2:9 builder.type: expected one of docker, kaniko, noop',
    ]);
  });
});

describe('what is wrong', () => {
  it('an unknown key is told with place and nearest key', () => {
    expect(errors('max-jobs: 3\nbuilder:\n  type: docker\n  destnation: a/b\nfoo: 1\n')).toEqual([
      expect.stringMatching(/^1:1 "max-jobs" is not a known key.*did you mean "max_jobs"/) as string,
      expect.stringMatching(
        /^4:3 "destnation" is not a known key of builder.*did you mean "destination"/,
      ) as string,
      expect.stringMatching(/^5:1 "foo" is not a known key; known are entity, queues/) as string,
    ]);
  });
  it.each([
    ['max_jobs: 0', '1:11 max_jobs: expected -1'],
    ['max_jobs: many', '1:11 max_jobs: expected a whole number'],
    ['queues: default', '1:9 queues: expected a list of queue names'],
    ['queues: [a/b]', '1:10 queues.0: must be 1 to 64 characters'],
    ['environment:\n  type: aws', '2:3 environment.region: is required'],
    ['environment:\n  type: gpc', '2:9 environment.type: an environment has a type'],
    ['macro_env: ["1X"]', '1:13 macro_env.0: is not the name of a variable'],
    ['builder:\n  type: kaniko\n  destination: r/i', '2:3 The kaniko builder needs build-context-store'],
    ['builder:\n  type: kaniko\n  build-context-store: s3://b', '2:3 The kaniko builder needs destination'],
    [
      'builder:\n  type: docker\n  destination: r.io/i:v1',
      '3:16 builder.destination: expected an image name without tag',
    ],
    [
      'builder:\n  type: docker\n  build-context-store: ftp://x',
      '3:24 builder.build-context-store: expected s3://',
    ],
    ['- a', '1:1 The file'],
    ['a: 1\na: 2', '2:1 This is not readable as YAML'],
    ['a: [', '1:5 This is not readable as YAML'],
  ])('%j', (text, start) => {
    expect(errors(text)[0]?.slice(0, start.length)).toBe(start);
  });
  it('bombs and huge files are refused', () => {
    const bomb = `a: &a [x,x,x,x,x,x,x,x,x,x]\nb: &b [${Array(10).fill('*a').join()}]\nc: &c [${Array(10).fill('*b').join()}]\nd: [${Array(10).fill('*c').join()}]\n`;
    expect(errors(bomb)[0]).toContain('not readable as YAML');
    expect(parseAgentConfig(`# ${'x'.repeat(300_000)}`).config).toBeNull();
  });
  it('it never throws', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.json()), (text) => void parseAgentConfig(text)),
    );
  });
  it('an empty file is the default', () => expect(config('')).toEqual(DEFAULT_AGENT_CONFIG));
});

it('tells the server no secrets', () => {
  const shown = redactAgentConfig(
    config(
      'builder:\n  type: kaniko\n  destination: r.io/i\n  build-context-store: https://acc.blob.core.windows.net/c\n  kaniko-config: {env: SECRET}\n  secret-name: regcred\nregistry: {uri: "https://user:SECRET@r.io/x"}\n',
    ),
  );
  expect(JSON.stringify(shown)).not.toContain('SECRET');
  expect(shown).toMatchObject({
    max_jobs: 1,
    builder: { 'secret-name': 'regcred', 'kaniko-config': '(set)' },
    registry: { uri: 'r.io/x' },
  });
});

it('takes no signature in the address of a store, and does not repeat it', () => {
  const said = errors(
    'builder:\n  type: kaniko\n  destination: r.io/i\n  build-context-store: https://acc.blob.core.windows.net/c?sig=SECRET\n',
  );
  expect(said).toEqual([expect.stringMatching(/^4:24 builder.build-context-store: expected s3:/)]);
  expect(said.join()).not.toContain('SECRET');
});

describe('where images go', () => {
  const aws = (destination: string) =>
    `environment:\n  type: aws\n  region: us-east-1\nbuilder:\n  type: docker\n  destination: ${destination}\n`;
  const gcp = (destination: string) =>
    `environment:\n  type: gcp\n  region: us-central1\n  project: my-project\nbuilder:\n  type: docker\n  uri: ${destination}\n`;
  it.each([
    [aws('123456789012.dkr.ecr.us-east-1.amazonaws.com/a'), []],
    [aws('ghcr.io/a/b'), []],
    [
      aws('123456789012.dkr.ecr.eu-west-1.amazonaws.com/a'),
      [
        'Images go to ECR in eu-west-1, but environment.region is us-east-1. SageMaker takes images of its own region only.',
      ],
    ],
    [gcp('us-central1-docker.pkg.dev/my-project/r/i'), []],
    [gcp('us-docker.pkg.dev/my-project/r/i'), []],
    [gcp('gcr.io/my-project/i'), []],
    [
      gcp('europe-west1-docker.pkg.dev/other-project/r/i'),
      [
        'Images go to Artifact Registry in europe-west1, but environment.region is us-central1.',
        'Images go to the project other-project, but environment.project is my-project.',
      ],
    ],
  ])('is compared with the environment: %j', (text, expected) => {
    expect(warnings(text).map(({ message }) => message)).toEqual(expected);
    for (const { line, path } of warnings(text)) expect(`${line}:${path}`).toMatch(/^[67]:builder/);
  });
  it.each([
    [
      '123456789012.dkr.ecr.us-east-1.amazonaws.com',
      'expected 123456789012.dkr.ecr.us-east-1.amazonaws.com/<repository>',
    ],
    ['us-docker.pkg.dev/p/r', 'expected us-docker.pkg.dev/<project>/<repository>/<image>'],
    ['gcr.io/p', 'expected gcr.io/<project>/<image>'],
    ['x.azurecr.io', 'expected x.azurecr.io/<repository>'],
  ])('has to be the name of images: %s', (destination, expected) => {
    expect(errors(`builder:\n  type: docker\n  destination: ${destination}\n`)).toEqual([
      `3:16 builder.destination: ${expected}.`,
    ]);
  });
  it('may be left to be said when only the registry is named', () => {
    const text =
      'registry:\n  type: ecr\n  uri: 123456789012.dkr.ecr.us-east-1.amazonaws.com\nbuilder:\n  type: docker\n';
    expect(warnings(text).map(({ line, message }) => `${line} ${message}`)).toEqual([
      '3 Images cannot be named by this alone: expected 123456789012.dkr.ecr.us-east-1.amazonaws.com/<repository>. Set builder.destination.',
    ]);
  });
  it('is of the kind that registry.type says', () => {
    expect(errors('registry:\n  type: ecr\n  uri: gcr.io/p/i\n')).toEqual([
      '2:9 registry.type is ecr, but gcr.io/p/i is not one of that kind; leave type out.',
    ]);
    expect(errors('registry:\n  type: acr\nbuilder:\n  type: docker\n  destination: gcr.io/p/i\n')).toEqual([
      '2:9 registry.type is acr, but gcr.io/p/i is not one of that kind; leave type out.',
    ]);
    config('registry:\n  type: docker\n  uri: gcr.io/p/i\n');
  });
});

it.each([
  ['123456789012.dkr.ecr-fips.us-gov-west-1.amazonaws.com/a', 'ecr'],
  ['123456789012.dkr-ecr.us-east-1.on.aws/a', 'ecr'],
  ['123456789012.dkr.ecr.us-east-1.amazonaws.com.evil.test/a', 'docker'],
  ['123456789012.dkr.ecr.eu-west-1.amazonaws.com/a', 'ecr'],
  ['europe-docker.pkg.dev/p/r', 'gcr'],
  ['eu.gcr.io/p', 'gcr'],
  ['x.azurecr.io/a', 'acr'],
  ['ghcr.io/a', 'docker'],
])('finds the kind of registry of %s', (address, type) => expect(registryTypeOf(address)).toBe(type));
