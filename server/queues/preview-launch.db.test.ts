import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RESOURCE_EXAMPLES } from '@/core/queue-config';
import type { LaunchInput, ResourceId } from '@/core/wire';
import { createQueueSchema, launchSchema } from '@/core/wire';
import { createJob } from '../jobs';
import { putSecret } from '../secrets';
import { createTestServices, seedTeam, seedUser } from '../testing';
import type { SeededEntity, SeededUser, TestServices } from '../testing';
import { createQueue, previewLaunch, queueOverrides } from '.';

let s: TestServices;
let admin: SeededUser;
let team: SeededEntity;
beforeAll(async () => {
  s = await createTestServices();
  admin = await seedUser(s);
  team = await seedTeam(s, [{ user: admin, role: 'admin' }]);
});
afterAll(() => s.close());

const queue = (name: string, resource: ResourceId, source: string, rest: object = {}) =>
  createQueue(s, admin.actor, {
    entity: team.name,
    ...createQueueSchema.parse({ name, resource, config: { format: 'yaml', source }, ...rest }),
  });
const preview = (name: string, launch: LaunchInput) =>
  previewLaunch(s, admin.actor, { entity: team.name, queue: name, launch: launchSchema.parse(launch) });

const SAGEMAKER = `
RoleArn: arn:aws:iam::123456789012:role/train
ResourceConfig: { InstanceCount: 1, InstanceType: "{{aws_instance}}", VolumeSizeInGB: 2 }
OutputDataConfig: { S3OutputPath: "s3://bucket/out" }
StoppingCondition: { MaxRuntimeInSeconds: 3600 }
`;
const VERTEX = `
spec:
  worker_pool_specs:
    - machine_spec: { machine_type: n1-standard-4 }
      replica_count: 1
      container_spec: { image_uri: "\${image_uri}" }
  staging_bucket: gs://bucket
run: { restart_job_on_worker_restart: false }
`;

describe('a preview', () => {
  it('of a Docker queue is the docker run command of the guide', async () => {
    await queue('docker', 'local-container', RESOURCE_EXAMPLES['local-container'].yaml);
    await putSecret(s, admin.actor, {
      entity: team.name,
      queue: 'docker',
      name: 'API_TOKEN',
      value: 'hidden-value',
    });
    const { submission, errors, resolvedConfig, origins } = await preview('docker', {
      image: 'train:1',
      args: ['--lr', '0.1'],
    });
    expect(errors).toEqual([]);
    expect(submission?.kind).toBe('docker-run');
    expect(submission?.argv?.join(' ')).toContain(
      '--env MY_ENV_VAR=value --env MY_EXISTING_ENV_VAR --volume /mnt/datasets:/mnt/datasets --rm --gpus all',
    );
    expect(submission?.argv?.slice(-3)).toEqual(['train:1', '--lr', '0.1']);
    expect(resolvedConfig).toMatchObject({ gpus: 'all', rm: true });
    expect(origins['/gpus']).toBe('queue');
    expect(submission?.text).toContain('API_TOKEN');
    expect(JSON.stringify(submission)).not.toContain('hidden-value');
  });

  it('of the other resources is the document each of them takes', async () => {
    await queue('process', 'local-process', RESOURCE_EXAMPLES['local-process'].yaml);
    await queue('k8s', 'kubernetes', RESOURCE_EXAMPLES.kubernetes.yaml);
    await queue('sage', 'sagemaker', SAGEMAKER, {
      templates: { aws_instance: { type: 'string', options: ['ml.m4.xlarge', 'ml.p3.2xlarge'] } },
    });
    await queue('vertex', 'gcp-vertex', VERTEX);

    const process = await preview('process', { entrypoint: 'python train.py', args: ['a b'] });
    expect(process.submission).toMatchObject({ kind: 'process', argv: ['python', 'train.py', 'a b'] });
    const k8s = await preview('k8s', { image: 'train:1' });
    expect(k8s.submission).toMatchObject({
      kind: 'kubernetes',
      document: { apiVersion: 'batch/v1', kind: 'Job' },
    });
    const sage = await preview('sage', {
      image: '123456789012.dkr.ecr.us-east-1.amazonaws.com/train:1',
      templateValues: { aws_instance: 'ml.m4.xlarge' },
    });
    expect(sage.submission).toMatchObject({
      kind: 'sagemaker',
      document: { ResourceConfig: { InstanceType: 'ml.m4.xlarge' } },
    });
    expect(sage.origins['/ResourceConfig/InstanceType']).toBe('template');
    const vertex = await preview('vertex', { image: 'europe-docker.pkg.dev/p/r/train:1' });
    expect(vertex.submission?.kind).toBe('vertex');
    expect(JSON.stringify(vertex.submission?.document)).toContain('europe-docker.pkg.dev/p/r/train:1');
    for (const { errors } of [process, k8s, sage, vertex]) expect(errors).toEqual([]);
  });

  it('shows the place of an image that is still to be built', async () => {
    const { submission, errors } = await preview('docker', {
      source: { type: 'git', repository: 'https://git.example.com/a/b.git' },
    });
    expect(errors).toEqual([]);
    expect(submission?.text).toContain('<image>');
  });

  it('tells everything a launch would be refused for, and submits nothing then', async () => {
    const source = 'cpus: "{{cpus}}"\nmemory: "{{memory}}"\n';
    const templates = {
      cpus: { type: 'float', min: 1, max: 4 },
      memory: { type: 'string', options: ['8g', '16g'] },
    };
    await queue('strict', 'local-container', source, { templates, overrideAllow: ['gpus'] });
    const answer = await preview('strict', {
      image: 'Not An Image',
      templateValues: { cpus: 9, memory: '32g', extra: 1 },
      priority: 'high',
      resourceArgs: { privileged: true },
      args: ['a\0b'],
    });
    expect(answer.submission).toBeNull();
    expect(answer.resolvedConfig).toBeNull();
    expect(answer.errors.map(({ path }) => path)).toEqual(
      expect.arrayContaining([
        'templateValues.cpus',
        'templateValues.memory',
        'templateValues.extra',
        'resourceArgs.privileged',
        'image',
        'priority',
        'args.0',
      ]),
    );
    const fine = await preview('strict', {
      image: 'train:1',
      templateValues: { cpus: 2, memory: '8g' },
      resourceArgs: { gpus: 'all' },
    });
    expect(fine.errors).toEqual([]);
    expect(fine.origins).toMatchObject({ '/gpus': 'override', '/cpus': 'template' });
  });

  it('takes a job with its entrypoint and checks its inputs', async () => {
    await createJob(s, admin.actor, {
      entity: team.name,
      name: 'train',
      description: '',
      source: { type: 'image', image: 'registry.example.com/train:7' },
      entrypoint: ['python', 'train.py'],
      inputSchema: { type: 'object', required: ['lr'], properties: { lr: { type: 'number' } } },
      aliases: [],
    });
    expect((await preview('docker', { job: 'train' })).errors).toEqual([
      { path: 'config.lr', message: 'is required' },
    ]);
    const fine = await preview('docker', { job: 'train:v0', config: { lr: 0.1 } });
    expect(fine.submission?.argv).toEqual(
      expect.arrayContaining(['registry.example.com/train:7', 'train.py']),
    );
    for (const job of ['nope', 'train:v9', '../train']) {
      const { errors, submission } = await preview('docker', { job });
      expect(submission).toBeNull();
      expect(errors).toEqual([{ path: 'job', message: expect.any(String) as string }]);
    }
  });
});

describe('overrides of a queue', () => {
  it('are counted over its launches', async () => {
    const { id: queueId } = await queue('counted', 'local-container', '');
    const specs = [
      { templateValues: { n: 1, s: 'x' }, resourceArgs: { env: ['A=1'], labels: { 'a.b': 'c' } } },
      { templateValues: { n: 1 }, resourceArgs: { labels: { 'a.b': 'c' } } },
      { templateValues: { n: 2 } },
    ];
    for (const [i, spec] of specs.entries()) {
      await s.prisma.run.create({
        data: {
          id: `counted${i}`,
          entityId: team.id,
          queueId,
          queueVersion: 1,
          name: 'x',
          author: 'x',
          state: 'finished',
        },
      });
      await s.prisma.runSpec.create({ data: { runId: `counted${i}`, spec: {}, ...spec } });
    }
    expect(await queueOverrides(s, admin.actor, { entity: team.name, queue: 'counted' })).toEqual({
      templateValues: [
        { name: 'n', value: 1, runs: 2 },
        { name: 'n', value: 2, runs: 1 },
        { name: 's', value: 'x', runs: 1 },
      ],
      resourceArgs: [
        { path: 'labels["a.b"]', value: 'c', runs: 2 },
        { path: 'env', value: ['A=1'], runs: 1 },
      ],
    });
  });
});
