import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { Json, JsonObject, LaunchSpec } from '@/core/wire';
import { renderKubernetes } from '.';
import { testSpec } from '../shared/testing';
import type { RenderContext } from '../types';

const IMAGE = 'registry.example.com/train:1';
const ID = 'abc123def456';
const render = (config: Json, changes: Partial<LaunchSpec> = {}, context: Partial<RenderContext> = {}) => {
  const { submission, problems } = renderKubernetes(
    testSpec({ resource: 'kubernetes', config, ...changes }),
    { image: IMAGE, ...context },
  );
  return { submission, problems, document: submission.document as JsonObject };
};
/** What stands at a path of keys and indexes; undefined where there is nothing. */
const at = (value: Json | undefined, path: string): Json | undefined =>
  path
    .split('/')
    .reduce<Json | undefined>((current, key) => (current as Record<string, Json> | undefined)?.[key], value);
const names = (value: Json | undefined) => (value as { name: string }[]).map(({ name }) => name);

const GUIDE: JsonObject = {
  spec: {
    template: {
      spec: {
        containers: [
          {
            env: [{ name: 'MY_ENV_VAR', value: 'some-value' }],
            resources: { requests: { cpu: '1000m', memory: '1Gi' } },
          },
        ],
      },
    },
  },
  metadata: { labels: { queue: 'k8s-test' } },
  namespace: 'wandb',
};

describe('a Job', () => {
  it('has everything filled in that the configuration of the guide leaves open', () => {
    const { document, submission, problems } = render(
      GUIDE,
      { entrypoint: ['python'], args: ['train.py'] },
      { imagePullSecret: 'pull' },
    );
    expect(problems).toEqual([]);
    expect(document).toMatchObject({
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: { name: ID, namespace: 'wandb', labels: { queue: 'k8s-test', 'slipway.dev/run-id': ID } },
      spec: {
        backoffLimit: 0,
        ttlSecondsAfterFinished: 60,
        template: {
          metadata: { labels: { 'slipway.dev/run-id': ID } },
          spec: {
            restartPolicy: 'Never',
            imagePullSecrets: [{ name: 'pull' }],
            securityContext: { seccompProfile: { type: 'RuntimeDefault' } },
            containers: [
              {
                name: 'run',
                image: IMAGE,
                command: ['python'],
                args: ['train.py'],
                resources: { requests: { cpu: '1000m', memory: '1Gi' } },
                securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
              },
            ],
          },
        },
      },
    });
    expect(document).not.toHaveProperty('namespace');
    const env = at(document, 'spec/template/spec/containers/0/env');
    expect(env).toContainEqual({ name: 'MY_ENV_VAR', value: 'some-value' });
    expect(env).toContainEqual({ name: 'SLIPWAY_RUN_ID', value: ID });
    expect(parse(submission.text)).toEqual(document);
    expect(submission.origins).toMatchObject({
      '/metadata/labels/queue': 'queue',
      '/metadata/namespace': 'queue',
      '/spec/backoffLimit': 'default',
      '/spec/template/spec/containers/0/image': 'launch',
      '/spec/template/spec/containers/0/env/0/value': 'queue',
    });
  });
  it('is made from nothing', () => {
    expect(at(render({}).document, 'spec/template/spec/containers/0/image')).toBe(IMAGE);
    expect(at(render(null).document, 'kind')).toBe('Job');
  });
  it('keeps what is set', () => {
    const { document } = render(
      {
        spec: {
          backoffLimit: 3,
          template: {
            spec: {
              restartPolicy: 'OnFailure',
              securityContext: { seccompProfile: { type: 'Unconfined' } },
              containers: [
                {
                  image: 'other:1',
                  command: ['/wrap'],
                  args: ['a'],
                  securityContext: { privileged: true, capabilities: { drop: [] } },
                },
                { name: 'log', image: 'log:1' },
              ],
            },
          },
        },
      },
      { entrypoint: ['python'], args: ['b'] },
    );
    const pod = at(document, 'spec/template/spec');
    expect(at(document, 'spec/backoffLimit')).toBe(3);
    expect(pod).toMatchObject({
      restartPolicy: 'OnFailure',
      securityContext: { seccompProfile: { type: 'Unconfined' } },
    });
    expect(at(pod, 'containers/0')).toMatchObject({
      image: 'other:1',
      command: ['/wrap'],
      args: ['a', 'python', 'b'],
    });
    expect(at(pod, 'containers/0/securityContext')).toEqual({ privileged: true, capabilities: { drop: [] } });
    expect(at(pod, 'containers/1')).not.toHaveProperty('env');
  });
  it('takes namespaces in order', () => {
    const of = (config: JsonObject, namespace?: string) =>
      at(render(config, {}, { namespace }).document, 'metadata/namespace');
    expect(of({ metadata: { namespace: 'a' }, namespace: 'b' }, 'c')).toBe('a');
    expect(of({ namespace: 'b' }, 'c')).toBe('b');
    expect(of({}, 'c')).toBe('c');
    expect(of({})).toBeUndefined();
  });
  it('puts right what the guide prints in the wrong place', () => {
    const { document, problems } = render({
      spec: {
        template: {
          backOffLimit: 0,
          ttlSecondsAfterFinished: 60,
          securityContext: {
            allowPrivilegeEscalation: 'False,',
            capabilities: { drop: ['ALL,'] },
            seccompProfile: { type: 'RuntimeDefault' },
          },
        },
      },
    });
    expect(document).toMatchObject({
      spec: {
        backoffLimit: 0,
        ttlSecondsAfterFinished: 60,
        template: {
          spec: {
            securityContext: { seccompProfile: { type: 'RuntimeDefault' } },
            containers: [
              { securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } } },
            ],
          },
        },
      },
    });
    expect(at(document, 'spec/template')).not.toHaveProperty('securityContext');
    expect(at(document, 'spec/template/spec/securityContext')).not.toHaveProperty('capabilities');
    expect(problems.map(({ severity }) => severity)).toEqual(['warning', 'warning', 'warning']);
  });
  it('lets Kubernetes expand nothing that a launch gives, and takes secrets by reference', () => {
    const { document } = render(
      {},
      { args: ['$(SLIPWAY_RUN_ID)'], env: { A: '$(B)' } },
      { secretNames: ['TOKEN'] },
    );
    const container = at(document, 'spec/template/spec/containers/0');
    expect(at(container, 'args')).toEqual(['$$(SLIPWAY_RUN_ID)']);
    expect(at(container, 'env')).toContainEqual({ name: 'A', value: '$$(B)' });
    expect(at(container, 'env')).toContainEqual({
      name: 'TOKEN',
      valueFrom: { secretKeyRef: { name: `slipway-${ID}`, key: 'TOKEN' } },
    });
  });
  it('refuses what is left to be filled in, and wrong shapes', () => {
    const errors = (config: Json) =>
      render(config)
        .problems.filter(({ severity }) => severity === 'error')
        .map(({ path }) => path ?? '');
    expect(errors({ metadata: { annotations: { a: '<REQUIRED>' } } })).toEqual(['metadata.annotations.a']);
    expect(errors({ spec: { template: { spec: { containers: 'x' } } } })).toEqual([
      'spec.template.spec.containers',
    ]);
    expect(errors('x')).toHaveLength(1);
  });
});

describe('a custom resource', () => {
  const pool = (replicas: number) => ({
    replicas,
    template: {
      spec: { containers: [{ name: 'pytorch', image: '${image_uri}', imagePullPolicy: 'Always' }] },
    },
    restartPolicy: 'Never',
  });
  const PYTORCH: JsonObject = {
    kind: 'PyTorchJob',
    spec: { pytorchReplicaSpecs: { Master: pool(1), Worker: pool(2) }, ttlSecondsAfterFinished: 600 },
    metadata: { name: '${run_id}-pytorch-job' },
    apiVersion: 'kubeflow.org/v1',
  };
  it('gets image, environment, labels and command in each pod template, and nothing of a Job', () => {
    const { document, problems } = render(PYTORCH, { args: ['--lr', '1'] });
    expect(problems).toEqual([
      expect.objectContaining({ severity: 'warning', path: 'spec.ttlSecondsAfterFinished' }),
    ]);
    expect(at(document, 'spec/runPolicy/ttlSecondsAfterFinished')).toBe(600);
    expect(at(document, 'spec')).not.toHaveProperty('ttlSecondsAfterFinished');
    expect(at(document, 'metadata/name')).toBe(`${ID}-pytorch-job`);
    for (const role of ['Master', 'Worker']) {
      const template = at(document, `spec/pytorchReplicaSpecs/${role}/template`);
      expect(template).toMatchObject({
        metadata: { labels: { 'slipway.dev/run-id': ID } },
        spec: {
          containers: [{ name: 'pytorch', image: IMAGE, imagePullPolicy: 'Always', args: ['--lr', '1'] }],
        },
      });
      expect(names(at(template, 'spec/containers/0/env'))).toContain('SLIPWAY_RUN_ID');
    }
    expect(document).not.toHaveProperty('spec.backoffLimit');
  });
  it('gets a name of its own each run', () => {
    expect(at(render({ ...PYTORCH, metadata: { name: 'train' } }).document, 'metadata/name')).toBe(
      `train-${ID}`,
    );
    expect(at(render({ ...PYTORCH, metadata: {} }).document, 'metadata/name')).toBe(ID);
  });
  it('needs its kind and version', () => {
    expect(render({ apiVersion: 'kubeflow.org/v1' }).problems).toContainEqual(
      expect.objectContaining({ severity: 'error', path: 'kind' }),
    );
  });
});

it('makes texts of numbers and truth values where Kubernetes has texts, and nowhere else', () => {
  const container = {
    args: ['--lr', 0.1],
    env: [
      { name: 'EPOCHS', value: 3 },
      { name: 'DEBUG', value: true },
    ],
    resources: { limits: { cpu: 2 } },
  };
  const template = { spec: { containers: [container], nodeSelector: { gpu: true }, priority: 5 } };
  const { document, submission } = render(
    { metadata: { labels: { stage: 2 } }, spec: { template, parallelism: 2 } },
    { origins: { '/spec/template/spec/containers/0/args/1': 'template' } },
  );
  expect(at(document, 'metadata/labels/stage')).toBe('2');
  expect(at(document, 'spec/parallelism')).toBe(2);
  const pod = at(document, 'spec/template/spec');
  expect(pod).toMatchObject({ nodeSelector: { gpu: 'true' }, priority: 5 });
  expect(at(pod, 'containers/0')).toMatchObject({ args: ['--lr', '0.1'], resources: { limits: { cpu: 2 } } });
  expect(at(pod, 'containers/0/env')).toEqual(
    expect.arrayContaining([
      { name: 'EPOCHS', value: '3' },
      { name: 'DEBUG', value: 'true' },
    ]),
  );
  expect(submission.origins['/spec/template/spec/containers/0/args/1']).toBe('template');

  const replicas = { Master: { replicas: 1, template } };
  const custom = {
    apiVersion: 'kubeflow.org/v1',
    kind: 'PyTorchJob',
    spec: { pytorchReplicaSpecs: replicas },
  };
  expect(
    at(render(custom).document, 'spec/pytorchReplicaSpecs/Master/template/spec/containers/0/args'),
  ).toEqual(['--lr', '0.1']);
  const steps = {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Workflow',
    spec: { templates: [{ container }] },
  };
  expect(at(render(steps).document, 'spec/templates/0/container/args')).toEqual(['--lr', '0.1']);
  const trainer = { trainer: { args: [1], numNodes: 2 } };
  const train = { apiVersion: 'trainer.kubeflow.org/v1alpha1', kind: 'TrainJob', spec: trainer };
  expect(at(render(train).document, 'spec/trainer')).toMatchObject({ args: ['1'], numNodes: 2 });
});
