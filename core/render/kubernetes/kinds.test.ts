import { describe, expect, it } from 'vitest';
import type { Json, JsonObject, LaunchSpec } from '@/core/wire';
import { kubernetesPlan } from '.';
import { testSpec } from '../shared/testing';
import type { RenderContext } from '../types';

const ID = 'abc123def456';
const plan = (config: Json, changes: Partial<LaunchSpec> = {}, context: Partial<RenderContext> = {}) =>
  kubernetesPlan(
    testSpec({
      resource: 'kubernetes',
      config,
      entrypoint: ['python', 'train it.py'],
      args: ['--lr'],
      ...changes,
    }),
    {
      image: 'a:1',
      ...context,
    },
  );
const at = (value: Json | undefined, path: string): Json | undefined =>
  path
    .split('/')
    .reduce<Json | undefined>((current, key) => (current as Record<string, Json> | undefined)?.[key], value);
const pod = (name: string): JsonObject => ({ template: { spec: { containers: [{ name }] } } });
const envNames = (value: Json | undefined) => (value as { name: string }[]).map(({ name }) => name);

describe('kinds with ways of their own', () => {
  it('MPIJob: the launcher runs the command, workers wait', () => {
    const { document } = plan({
      apiVersion: 'kubeflow.org/v2beta1',
      kind: 'MPIJob',
      spec: { mpiReplicaSpecs: { Launcher: pod('launcher'), Worker: pod('worker') } },
    });
    expect(at(document, 'spec/mpiReplicaSpecs/Launcher/template/spec/containers/0/command')).toEqual([
      'python',
      'train it.py',
    ]);
    const worker = at(document, 'spec/mpiReplicaSpecs/Worker/template/spec/containers/0');
    expect(worker).not.toHaveProperty('command');
    expect(envNames(at(worker, 'env'))).toContain('SLIPWAY_RUN_ID');
  });
  it('RayJob: the command is its entrypoint', () => {
    const { document } = plan({
      apiVersion: 'ray.io/v1',
      kind: 'RayJob',
      spec: { rayClusterSpec: { headGroupSpec: pod('ray-head'), workerGroupSpecs: [pod('ray-worker')] } },
    });
    expect(at(document, 'spec/entrypoint')).toBe("python 'train it.py' --lr");
    const worker = at(document, 'spec/rayClusterSpec/workerGroupSpecs/0/template');
    expect(at(worker, 'metadata/labels/slipway.dev~1run-id'.replace('~1', '/'))).toBeUndefined();
    expect(worker).toMatchObject({
      metadata: { labels: { 'slipway.dev/run-id': ID } },
      spec: { containers: [{ image: 'a:1' }] },
    });
    expect(at(worker, 'spec/containers/0')).not.toHaveProperty('command');
  });
  it('Workflow: each template, labels by podMetadata', () => {
    const { document, problems } = plan({
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'Workflow',
      spec: {
        entrypoint: 'main',
        templates: [
          { name: 'main', container: {} },
          { name: 's', script: { image: 'b:1', source: 'x' } },
        ],
      },
    });
    expect(problems).toEqual([]);
    expect(at(document, 'spec/podMetadata/labels')).toMatchObject({ 'slipway.dev/run-id': ID });
    expect(at(document, 'spec/templates/0/container')).toMatchObject({
      image: 'a:1',
      command: ['python', 'train it.py'],
    });
    expect(at(document, 'spec/templates/1/script')).not.toHaveProperty('command');
    expect(envNames(at(document, 'spec/templates/1/script/env'))).toContain('SLIPWAY_RUN_ID');
  });
  it('TrainJob: the trainer', () => {
    const { document } = plan({
      apiVersion: 'trainer.kubeflow.org/v1alpha1',
      kind: 'TrainJob',
      spec: { runtimeRef: { name: 'torch' } },
    });
    expect(at(document, 'spec/trainer')).toMatchObject({
      image: 'a:1',
      command: ['python', 'train it.py'],
      args: ['--lr'],
    });
  });
});

describe('names', () => {
  const name = (given: string) =>
    plan({ apiVersion: 'x.io/v1', kind: 'Thing', metadata: { name: given }, spec: {} }).object.name;
  it('are cut and stay unique', () => {
    expect(name('short')).toBe(`short-${ID}`);
    const long = name('very-long-name-'.repeat(8));
    expect(long.length).toBeLessThanOrEqual(47);
    expect(long.endsWith(`-${ID}`)).toBe(true);
    const own = name(`${'prefix-'.repeat(10)}\${run_id}`);
    expect(own.length).toBeLessThanOrEqual(63);
    expect(own).toContain(ID);
  });
});

describe('the container that is meant', () => {
  it('is the one an annotation names', () => {
    const { document } = plan({
      spec: {
        template: {
          metadata: { annotations: { 'kubectl.kubernetes.io/default-container': 'main' } },
          spec: {
            containers: [
              { name: 'proxy', image: 'p:1' },
              { name: 'main', image: 'm:1' },
            ],
          },
        },
      },
    });
    expect(at(document, 'spec/template/spec/containers/0')).not.toHaveProperty('command');
    expect(at(document, 'spec/template/spec/containers/1')).toMatchObject({
      image: 'm:1',
      command: ['python', 'train it.py'],
    });
  });
});

describe('security contexts', () => {
  it('stand at the levels where Kubernetes accepts their settings', () => {
    const { document } = plan({
      spec: {
        template: {
          spec: {
            securityContext: { readOnlyRootFilesystem: true, runAsUser: 5 },
            containers: [{ securityContext: { fsGroup: 7, runAsNonRoot: true } }],
          },
        },
      },
    });
    expect(at(document, 'spec/template/spec/securityContext')).toEqual({
      runAsUser: 5,
      fsGroup: 7,
      seccompProfile: { type: 'RuntimeDefault' },
    });
    expect(at(document, 'spec/template/spec/containers/0/securityContext')).toEqual({
      runAsNonRoot: true,
      readOnlyRootFilesystem: true,
      allowPrivilegeEscalation: false,
      capabilities: { drop: ['ALL'] },
    });
  });
});

describe('the second look of the agent', () => {
  const config: JsonObject = { spec: { template: { spec: { hostNetwork: true } } } };
  const errors = (changes: Partial<LaunchSpec>, context: Partial<RenderContext> = {}) =>
    plan(config, changes, context)
      .problems.filter(({ severity }) => severity === 'error')
      .map(({ path }) => path);
  it('refuses overrides that the allow-list does not name', () => {
    const origins = { '/spec/template/spec/hostNetwork': 'override' as const };
    expect(errors({ origins })).toEqual(['spec.template.spec.hostNetwork']);
    expect(errors({ origins, protectedAllow: ['spec.template.spec.hostNetwork'] })).toEqual([]);
    expect(errors({})).toEqual([]);
  });
  it('refuses queues too in secure mode, but not what takes rights away', () => {
    expect(errors({}, { secureMode: true })).toEqual(['spec.template.spec.hostNetwork']);
    const safe: JsonObject = {
      spec: { template: { spec: { hostNetwork: false, securityContext: { runAsNonRoot: true } } } },
    };
    expect(
      plan(safe, {}, { secureMode: true }).problems.filter(({ severity }) => severity === 'error'),
    ).toEqual([]);
  });
});
