import { readFile } from 'node:fs/promises';
import { parse, parseAllDocuments } from 'yaml';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JsonObject } from '@/core/wire';
import { connectKube, type KubeClient } from '../../kube/client';
import type { KubeList, KubeObject } from '../../kube/types';
import { kubeStatus } from '../../kube/errors';
import { until } from '../../testing/child';
import type { FakeRun } from '../../testing/fake-server';
import { ClusterAgent, eventsOf, resultOf } from '../../testing/kube-agent';

/**
 * Against the cluster of KUBECONFIG. It makes a namespace of its own and removes it. On a cluster without nodes (a bare API server with
 * its controllers) it plays the kubelet itself, and leaves out what only one can do: logs.
 */
const kubeconfig = process.env['KUBECONFIG'];
const image = process.env['SLIPWAY_CLUSTER_IMAGE'] ?? 'busybox:1.36';
const namespace = `slipway-test-${Date.now().toString(36)}`;

let client: KubeClient;
let agent: ClusterAgent;
let hasNodes: boolean;
const PATIENCE = 120_000;

/** No KUBECONFIG: nothing to test against. */
describe.skipIf(!kubeconfig)('a real cluster (KUBECONFIG)', () => {
  beforeAll(async () => {
    client = await connectKube({ kubeconfig: kubeconfig ?? null, context: null });
    hasNodes = (await client.request<KubeList>('/api/v1/nodes')).items.length > 0;
    await client.request('/api/v1/namespaces', {
      method: 'POST',
      body: { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } },
    });
    agent = await ClusterAgent.start(await leastPrivilege(), { namespace });
  });
  afterAll(async () => {
    await agent.remove();
    await client.request(`/api/v1/namespaces/${namespace}`, { method: 'DELETE' });
    for (const path of made)
      await client.request(path, { method: 'DELETE' }).catch((error: unknown) => {
        if (kubeStatus(error) !== 404) throw error;
      });
  });

  /** What the suite has made outside of its namespace, to be removed. */
  const made: string[] = [];

  /** A kubeconfig of a service account that may do what the guide's Role says. */
  async function leastPrivilege(): Promise<string> {
    const text = await readFile(
      new URL('../../../../deploy/kubernetes/agent-rbac.yaml', import.meta.url),
      'utf8',
    );
    const paths: Record<string, string> = {
      ServiceAccount: '/api/v1',
      Role: '/apis/rbac.authorization.k8s.io/v1',
      RoleBinding: '/apis/rbac.authorization.k8s.io/v1',
    };
    for (const document of parseAllDocuments(text)) {
      const object = document.toJS() as JsonObject & { kind: string; subjects?: JsonObject[] };
      for (const subject of object.subjects ?? []) subject['namespace'] = namespace;
      await client.request(
        `${paths[object.kind] ?? ''}/namespaces/${namespace}/${object.kind.toLowerCase()}s`,
        { method: 'POST', body: object },
      );
    }
    const asked = {
      apiVersion: 'authentication.k8s.io/v1',
      kind: 'TokenRequest',
      spec: { expirationSeconds: 3600 },
    };
    const path = `/api/v1/namespaces/${namespace}/serviceaccounts/slipway-agent/token`;
    const { status } = await client.request<{ status: { token: string } }>(path, {
      method: 'POST',
      body: asked,
    });
    const config = parse(await readFile(kubeconfig ?? '', 'utf8')) as {
      'current-context': string;
      contexts: { name: string; context: { cluster: string } }[];
      clusters: { name: string }[];
    };
    const used = config.contexts.find(({ name }) => name === config['current-context'])?.context.cluster;
    return JSON.stringify({
      apiVersion: 'v1',
      kind: 'Config',
      'current-context': 'agent',
      clusters: config.clusters.filter(({ name }) => name === used),
      users: [{ name: 'agent', user: { token: status.token } }],
      contexts: [{ name: 'agent', context: { cluster: used, user: 'agent', namespace } }],
    });
  }

  const jobs = `/apis/batch/v1/namespaces/${namespace}/jobs`;
  const podsPath = `/api/v1/namespaces/${namespace}/pods`;
  const state = (run: FakeRun, wanted: string) =>
    until(
      () => run.state === wanted,
      () =>
        `${wanted}, but it is ${run.state}: ${JSON.stringify(resultOf(run))} ${JSON.stringify(eventsOf(run, 'warning'))}`,
      PATIENCE,
    );
  const podOf = async (run: FakeRun): Promise<KubeObject> => {
    let pod: KubeObject | undefined;
    for (const end = performance.now() + PATIENCE; pod === undefined && performance.now() < end;) {
      const list = await client.request<KubeList>(podsPath, {
        query: { labelSelector: `slipway.dev/run-id=${run.id}` },
      });
      pod = list.items[0];
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    if (!pod) throw new Error(`No pod of ${run.id}: ${run.state} ${JSON.stringify(resultOf(run))}`);
    return pod;
  };
  /** What a kubelet would say of the pod. */
  const play = async (run: FakeRun, phase: string, containerState: JsonObject, more: JsonObject = {}) => {
    const pod = await podOf(run);
    const containers = pod.spec?.['containers'] as unknown as { name: string; image: string }[];
    await client.request(`${podsPath}/${pod.metadata.name}/status`, {
      method: 'PATCH',
      body: {
        status: {
          phase,
          ...more,
          containerStatuses: containers.map(({ name, image: used }) => ({
            name,
            image: used,
            imageID: '',
            restartCount: 0,
            ready: phase === 'Running',
            state: containerState,
          })),
        },
      },
    });
  };
  const started = { running: { startedAt: new Date().toISOString().replace(/\.\d+/, '') } };
  const ended = (exitCode: number, reason: string) => ({
    terminated: {
      exitCode,
      reason,
      startedAt: started.running.startedAt,
      finishedAt: started.running.startedAt,
      containerID: 'x://1',
    },
  });
  const launch = (script: string, config: JsonObject = {}, secrets: Record<string, string> = {}) =>
    agent.launch({ image, entrypoint: ['/bin/sh', '-c', script], config, startTimeoutSeconds: 110 }, secrets);

  it('accepts the Job of the guide, runs it and tells its result', async () => {
    const run = launch('echo hello; sleep 2', {
      spec: {
        template: {
          spec: {
            containers: [
              {
                env: [
                  { name: 'MY_ENV_VAR', value: 'some-value' },
                  // What a variable of type Float gives; Kubernetes takes texts only.
                  { name: 'LEARNING_RATE', value: 0.1 },
                ],
                resources: { requests: { cpu: '100m', memory: '16Mi' } },
              },
            ],
          },
        },
      },
      metadata: { labels: { queue: 'k8s-test', stage: 2 } },
    });
    if (!hasNodes) await play(run, 'Running', started);
    await state(run, 'running');
    if (!hasNodes) await play(run, 'Succeeded', ended(0, 'Completed'));
    await state(run, 'finished');
    if (hasNodes) expect(run.log.toString('utf8')).toBe('hello\n');
  });

  it('accepts what the guide prints in the wrong place, at the levels where it belongs', async () => {
    const security = {
      allowPrivilegeEscalation: false,
      capabilities: { drop: ['ALL'] },
      seccompProfile: { type: 'RuntimeDefault' },
    };
    const run = launch('exit 3', {
      spec: { template: { backOffLimit: 0, ttlSecondsAfterFinished: 60, securityContext: security } },
    });
    if (!hasNodes) await play(run, 'Failed', ended(3, 'Error'));
    await state(run, 'failed');
    expect(resultOf(run)).toMatchObject({ category: 'user-error', exitCode: 3 });
  });

  it('gives secrets by a Secret that goes with its Job', async () => {
    const run = launch('test "$TOKEN" = hunter2', {}, { TOKEN: 'hunter2' });
    await podOf(run);
    await until(() => run.state === 'starting' || run.state === 'running', 'the start', PATIENCE);
    const secret = await client.request<KubeObject>(
      `/api/v1/namespaces/${namespace}/secrets/slipway-${run.id}`,
    );
    expect(secret.metadata.labels).toMatchObject({ 'slipway.dev/run-id': run.id });
    if (!hasNodes) await play(run, 'Succeeded', ended(0, 'Completed'));
    await state(run, 'finished');
  });

  it('gives credentials of a registry by a Secret that goes with its Job too', async () => {
    await agent.leave();
    const credentials = { registry: 'registry.example.com', username: 'robot', password: 'pull-me' };
    await agent.add('pulls', { namespace, pullCredentials: () => Promise.resolve(credentials) });
    const run = launch('true');
    const pod = await podOf(run);
    expect(pod.spec?.['imagePullSecrets']).toEqual([{ name: `slipway-${run.id}-pull` }]);
    const path = `/api/v1/namespaces/${namespace}/secrets/slipway-${run.id}-pull`;
    const secret = await client.request<KubeObject & { type: string }>(path);
    expect(secret.type).toBe('kubernetes.io/dockerconfigjson');
    if (!hasNodes) await play(run, 'Succeeded', ended(0, 'Completed'));
    await state(run, 'finished');
    await agent.leave();
    await agent.add('one-again', { namespace });
  });

  it('stops a run and leaves nothing of it', async () => {
    const run = launch('sleep 600');
    if (!hasNodes) await play(run, 'Running', started);
    await state(run, 'running');
    agent.server.stopRun(run);
    await state(run, 'stopped');
    const job = await client.request(`${jobs}/${run.id}`).catch(kubeStatus);
    const there = job as KubeObject | number | undefined;
    expect(typeof there === 'number' ? there : there?.metadata.deletionTimestamp).toBeTruthy();
  });

  it('does not lose the result when the time to live is over at once', async () => {
    const run = launch('true', { spec: { ttlSecondsAfterFinished: 0 } });
    if (!hasNodes) await play(run, 'Succeeded', ended(0, 'Completed'));
    await state(run, 'finished');
  });

  it('hands a run over to another agent, once only', async () => {
    const run = launch('sleep 5; echo done');
    if (!hasNodes) await play(run, 'Running', started);
    await state(run, 'running');
    await agent.leave();
    await agent.add('two', { namespace });
    await until(() => eventsOf(run, 'adopted').length > 0, 'the adoption', PATIENCE);
    if (!hasNodes) await play(run, 'Succeeded', ended(0, 'Completed'));
    await state(run, 'finished');
    const list = await client.request<KubeList>(podsPath, {
      query: { labelSelector: `slipway.dev/run-id=${run.id}` },
    });
    expect(list.items.length).toBeLessThanOrEqual(1);
  });

  it('tells the result of a Job that ended and went while no agent looked', async () => {
    const run = launch('sleep 2', { spec: { ttlSecondsAfterFinished: 0 } });
    if (!hasNodes) await play(run, 'Running', started);
    await state(run, 'running');
    await agent.leave();
    if (!hasNodes) await play(run, 'Succeeded', ended(0, 'Completed'));
    for (let there = true; there;) {
      there = await client.request(`${jobs}/${run.id}`).then(
        () => true,
        () => false,
      );
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    await agent.add('three', { namespace });
    await state(run, 'finished');
  });

  it('says why a run cannot start', async () => {
    const run = launch('true', {
      spec: { template: { spec: { nodeSelector: { 'slipway.dev/none': 'such' } } } },
    });
    if (!hasNodes)
      await play(
        run,
        'Pending',
        { waiting: { reason: 'ContainerCreating' } },
        {
          conditions: [
            {
              type: 'PodScheduled',
              status: 'False',
              reason: 'Unschedulable',
              message: '0/1 nodes are available',
            },
          ],
        },
      );
    await until(
      () => eventsOf(run, 'warning').some(({ reason }) => reason === 'FailedScheduling'),
      'the warning',
      PATIENCE,
    );
    agent.server.stopRun(run);
    await state(run, 'stopped');
  });

  it('refuses what is wrong with words that help', async () => {
    const field = launch('true', { spec: { paralelism: 2 } });
    const nowhere = launch('true', { namespace: 'slipway-nowhere' });
    const unknown = launch('true', { apiVersion: 'example.com/v1', kind: 'Nothing', spec: {} });
    for (const run of [field, nowhere, unknown]) await state(run, 'failed');
    expect(resultOf(field)?.['message']).toContain('paralelism');
    // Who may do nothing there is not told whether it exists.
    expect(resultOf(nowhere)?.['message']).toMatch(/does not exist|Role/);
    expect(resultOf(unknown)?.['message']).toContain('not installed');
  });

  it('runs a custom resource whose definition is installed', async () => {
    await install('kubeflow.org', 'PyTorchJob', 'pytorchjobs', 'Namespaced');
    const template = {
      spec: { containers: [{ name: 'pytorch', image: '${image_uri}', imagePullPolicy: 'Always' }] },
    };
    const run = launch('true', {
      kind: 'PyTorchJob',
      spec: {
        pytorchReplicaSpecs: {
          Master: { replicas: 1, template, restartPolicy: 'Never' },
          Worker: { replicas: 2, template, restartPolicy: 'Never' },
        },
        ttlSecondsAfterFinished: 600,
      },
      metadata: { name: '${run_id}-pytorch-job' },
      apiVersion: 'kubeflow.org/v1',
    });
    const path = `/apis/kubeflow.org/v1/namespaces/${namespace}/pytorchjobs/${run.id}-pytorch-job`;
    const say = (type: string) =>
      repeat(() => {
        const body = {
          status: { conditions: [{ type, status: 'True', reason: `PyTorchJob${type}`, message: type }] },
        };
        return client.request(`${path}/status`, { method: 'PATCH', body });
      });
    await say('Running');
    await state(run, 'running');
    await say('Succeeded');
    await state(run, 'finished');
    const made = await client.request<KubeObject>(path);
    expect(JSON.stringify(made.spec)).toContain('SLIPWAY_RUN_ID');
    await client.request(path, { method: 'DELETE' });
  });

  it('runs a custom resource whose objects stand in no namespace', async () => {
    const group = 'slipway-test.example.com';
    await install(group, 'Sweep', 'sweeps', 'Cluster');
    await grant(group, 'sweeps');
    const template = { spec: { containers: [{ name: 'main', image: '${image_uri}' }] } };
    const run = launch(
      'true',
      { apiVersion: `${group}/v1`, kind: 'Sweep', spec: { template } },
      { TOKEN: 'hunter2' },
    );
    const path = `/apis/${group}/v1/sweeps/${run.id}`;
    const status = { status: { phase: 'Running' } };
    await until(() => run.state === 'starting', 'the submission', PATIENCE);
    await repeat(() => client.request(`${path}/status`, { method: 'PATCH', body: status }));
    await state(run, 'running');
    const object = await client.request<KubeObject>(path);
    expect(object.metadata.namespace).toBeUndefined();
    const secret = await client.request<KubeObject>(
      `/api/v1/namespaces/${namespace}/secrets/slipway-${run.id}`,
    );
    expect(secret.metadata.ownerReferences).toMatchObject([{ kind: 'Sweep', uid: object.metadata.uid }]);
    agent.server.stopRun(run);
    await state(run, 'stopped');
    expect(await client.request(path).catch(kubeStatus)).toBe(404);
  });

  /** Lets the agent use objects that stand in no namespace: its Role cannot. */
  async function grant(group: string, plural: string): Promise<void> {
    const rbac = '/apis/rbac.authorization.k8s.io/v1';
    const metadata = { name: namespace };
    const verbs = ['create', 'get', 'list', 'watch', 'delete'];
    const role = {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRole',
      metadata,
      rules: [{ apiGroups: [group], resources: [plural], verbs }],
    };
    const binding = {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRoleBinding',
      metadata,
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: namespace },
      subjects: [{ kind: 'ServiceAccount', name: 'slipway-agent', namespace }],
    };
    for (const [kind, body] of [
      ['clusterroles', role],
      ['clusterrolebindings', binding],
    ] as const) {
      await client.request(`${rbac}/${kind}`, { method: 'POST', body });
      made.push(`${rbac}/${kind}/${namespace}`);
    }
  }

  /** A definition of a kind of which every object is right; one that is there already is left. */
  async function install(group: string, kind: string, plural: string, scope: string): Promise<void> {
    const crds = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
    const any = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };
    const schema = { openAPIV3Schema: { type: 'object', properties: { spec: any, status: any } } };
    const definition = {
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: { name: `${plural}.${group}` },
      spec: {
        group,
        scope,
        names: { kind, plural, singular: kind.toLowerCase() },
        versions: [{ name: 'v1', served: true, storage: true, subresources: { status: {} }, schema }],
      },
    };
    try {
      await client.request(crds, { method: 'POST', body: definition });
      made.push(`${crds}/${definition.metadata.name}`);
    } catch (error) {
      if (kubeStatus(error) !== 409) throw error;
    }
    await repeat(() => client.request(`/apis/${group}/v1`));
  }
});

/** Until it is done. */
async function repeat(action: () => Promise<unknown>): Promise<void> {
  for (const end = performance.now() + PATIENCE; performance.now() < end;) {
    const done = await action().then(
      () => true,
      () => false,
    );
    if (done) return;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error('It was never done.');
}
