import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { until } from '../../testing/child';
import type { FakeRun } from '../../testing/fake-server';
import { type ClusterAgent, eventsOf, resultOf } from '../../testing/kube-agent';
import type { Cluster, KubeApi } from '../../testing/kube-api';
import { KubeScene, logOf, reaches } from '../../testing/kube-scene';

let scene: KubeScene;
let api: KubeApi;
let cluster: Cluster;
let agent: ClusterAgent;
beforeEach(async () => {
  scene = await KubeScene.start();
  ({ api, cluster, agent } = scene);
});
afterEach(() => scene.remove());

describe('custom resources', () => {
  const container = { name: 'pytorch', image: '${image_uri}', imagePullPolicy: 'Always' };
  const role = (replicas: number) => ({
    replicas,
    template: { spec: { containers: [container] } },
    restartPolicy: 'Never',
  });
  /** As the guide prints it. */
  const guide = {
    kind: 'PyTorchJob',
    spec: { pytorchReplicaSpecs: { Master: role(1), Worker: role(2) }, ttlSecondsAfterFinished: 600 },
    metadata: { name: '${run_id}-pytorch-job' },
    apiVersion: 'kubeflow.org/v1',
  };
  const COLLECTION = 'apis/kubeflow.org/v1/pytorchjobs';
  const condition = (run: FakeRun, type: string) =>
    api.store.update(COLLECTION, 'default', `${run.id}-pytorch-job`, (object) => {
      object.status = { conditions: [{ type, status: 'True', reason: `PyTorchJob${type}`, message: type }] };
    });

  it("the guide's PyTorchJob runs as printed, with the logs of all its pods", async () => {
    api.addType({ apiVersion: 'kubeflow.org/v1', kind: 'PyTorchJob', plural: 'pytorchjobs' });
    const run = agent.launch({ config: guide });
    const object = () => api.store.get(COLLECTION, 'default', `${run.id}-pytorch-job`);
    await until(
      () => object() !== undefined,
      () => JSON.stringify(resultOf(run)),
    );
    const specs = object()?.spec?.['pytorchReplicaSpecs'] as unknown as Record<string, { template: never }>;
    const pods = ['Master', 'Worker'].map((name) =>
      cluster.addPod(
        object() ?? { metadata: { name: '' } },
        specs[name]?.template,
        `pod-${name.toLowerCase()}`,
      ),
    );
    for (const pod of pods) cluster.run(pod);
    await reaches(run, 'running');
    await until(() => eventsOf(run, 'parts').at(-1)?.['total'] === 2, 'both pods');
    for (const pod of pods) cluster.print(pod, 'hello');
    await until(
      () => logOf(run).split('\n').length === 3,
      () => logOf(run),
    );
    for (const pod of pods) cluster.end(pod, 0);
    condition(run, 'Succeeded');
    await reaches(run, 'finished');
    expect(logOf(run)).toContain('[pod-master] hello\n');
    expect(logOf(run)).toContain('[pod-worker] hello\n');
  });

  it('fails by the pod that failed first', async () => {
    api.addType({ apiVersion: 'kubeflow.org/v1', kind: 'PyTorchJob', plural: 'pytorchjobs' });
    const run = agent.launch({ config: guide });
    const object = () => api.store.get(COLLECTION, 'default', `${run.id}-pytorch-job`);
    await until(
      () => object() !== undefined,
      () => JSON.stringify(resultOf(run)),
    );
    const specs = object()?.spec?.['pytorchReplicaSpecs'] as unknown as Record<string, { template: never }>;
    const pod = cluster.addPod(object() ?? { metadata: { name: '' } }, specs['Master']?.template);
    cluster.run(pod);
    cluster.end(pod, { exitCode: 137, reason: 'OOMKilled' });
    condition(run, 'Failed');
    await reaches(run, 'failed');
    expect(resultOf(run)).toMatchObject({ category: 'oom', exitCode: 137 });
  });

  it('runs one whose objects stand in no namespace, with its pods and secrets in the namespace of the run', async () => {
    const SWEEPS = 'apis/example.com/v1/sweeps';
    api.addType({ apiVersion: 'example.com/v1', kind: 'Sweep', plural: 'sweeps', namespaced: false });
    const template = { spec: { containers: [{ name: 'main', image: '${image_uri}' }] } };
    const run = agent.launch(
      { config: { apiVersion: 'example.com/v1', kind: 'Sweep', spec: { template } } },
      { TOKEN: 'hunter2' },
    );
    const object = () => api.store.list(SWEEPS).find(({ metadata }) => metadata.name === run.id);
    await until(
      () => object() !== undefined,
      () => JSON.stringify(resultOf(run)),
    );
    expect(object()?.metadata.namespace).toBeUndefined();
    expect(run.externalRef).toBe(`example.com/v1/Sweep/default/${run.id}`);
    const secret = () => api.store.get('api/v1/secrets', 'default', `slipway-${run.id}`);
    await until(() => secret()?.metadata.ownerReferences !== undefined, 'an owner');
    const pod = cluster.addPod(object() ?? { metadata: { name: '' } }, object()?.spec?.['template'] as never);
    cluster.run(pod);
    cluster.print(pod, 'hello');
    await reaches(run, 'running');
    agent.server.stopRun(run);
    await until(
      () => cluster.pods(run.id).every(({ metadata }) => metadata.deletionTimestamp !== undefined),
      'the deletion',
    );
    cluster.end(pod, 0);
    await reaches(run, 'stopped');
    expect(logOf(run)).toBe('hello\n');
    expect(object()).toBeUndefined();
  });
});
