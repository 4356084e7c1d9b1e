import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { renderSubmission } from '@/core/render';
import { until } from '../../testing/child';
import type { FakeRun } from '../../testing/fake-server';
import { ClusterAgent, eventsOf, resultOf } from '../../testing/kube-agent';
import { Cluster, KubeApi, type Fault } from '../../testing/kube-api';

let api: KubeApi;
let cluster: Cluster;
let agent: ClusterAgent;
beforeEach(async () => {
  api = await KubeApi.start();
  cluster = new Cluster(api);
  agent = await ClusterAgent.start(api.kubeconfig());
});
afterEach(async () => {
  await agent.remove();
  await api.close();
});

const state = (run: FakeRun, wanted: string) =>
  until(
    () => run.state === wanted,
    () =>
      `${wanted}, but it is ${run.state} with ${JSON.stringify(run.events.map(({ state: one, data }) => [one, one === 'starting' ? '' : data]))}`,
  );
const submitted = async (run: FakeRun) => {
  await until(
    () => cluster.job(run.id) !== undefined,
    () => `a Job of ${run.id}: ${JSON.stringify(resultOf(run))}`,
  );
  return cluster.job(run.id) ?? { metadata: { name: '' } };
};
/** The run's pod runs. */
const running = async (run: FakeRun) => {
  const pod = cluster.addPod(await submitted(run));
  cluster.run(pod);
  await state(run, 'running');
  return pod;
};
const log = (run: FakeRun) => run.log.toString('utf8');

describe('a Job', () => {
  it('is sent as it was shown, runs, gives its log and its result', async () => {
    const run = agent.launch({
      config: { spec: { template: { spec: { containers: [{ resources: { requests: { cpu: '1' } } }] } } } },
    });
    const pod = await running(run);
    cluster.print(pod, 'hello');
    await until(
      () => log(run) === 'hello\n',
      () => log(run),
    );
    cluster.end(pod, 0);
    cluster.finishJob(run.id, 'Complete');
    await state(run, 'finished');
    const sent = api.requests.find(({ method, path }) => method === 'POST' && path.endsWith('/jobs'));
    const context = { image: run.spec.image, agentName: 'one', namespace: 'default', stopGraceSeconds: 5 };
    const shown = renderSubmission(run.spec, context).submission;
    expect(sent?.body).toBe(JSON.stringify(shown.document));
    const { submission } = run.events.find((event) => event.state === 'starting')?.data as {
      submission: { text: string };
    };
    expect(submission.text).toBe(shown.text);
    expect(run.sources).toEqual([pod.metadata.name]);
    expect(eventsOf(run, 'parts').at(-1)).toMatchObject({
      parts: [{ kind: 'pod', name: pod.metadata.name, state: 'Succeeded' }],
    });
  });

  it('gives secrets as a Secret of its own, never as plain variables', async () => {
    const run = agent.launch({}, { API_TOKEN: 'hunter2' });
    const job = await submitted(run);
    await until(() => secret()?.metadata.ownerReferences !== undefined, 'an owner');
    function secret() {
      return api.store.get('api/v1/secrets', 'default', `slipway-${run.id}`);
    }
    expect(secret()).toMatchObject({
      data: { API_TOKEN: Buffer.from('hunter2').toString('base64') },
      metadata: { ownerReferences: [{ kind: 'Job', name: run.id, uid: job.metadata.uid }] },
    });
    expect(JSON.stringify(job)).not.toContain('hunter2');
    expect(JSON.stringify(run.events)).not.toContain('hunter2');
    const pod = await running(run);
    cluster.print(pod, 'the token is hunter2');
    cluster.end(pod, 0);
    cluster.finishJob(run.id, 'Complete');
    await state(run, 'finished');
    expect(log(run)).not.toContain('hunter2');
  });

  it('gives the cluster credentials of the registry that its image is in', async () => {
    await agent.leave();
    const credentials = { registry: 'registry.example.com', username: 'robot', password: 'pull-me' };
    await agent.add('pulls', { pullCredentials: () => Promise.resolve(credentials) });
    const run = agent.launch();
    const job = await submitted(run);
    const name = `slipway-${run.id}-pull`;
    expect(JSON.stringify(job.spec)).toContain(`"imagePullSecrets":[{"name":"${name}"}]`);
    expect(JSON.stringify(job)).not.toContain('pull-me');
    const secret = () =>
      api.store.get('api/v1/secrets', 'default', name) as
        { data: Record<string, string>; type: string } | undefined;
    expect(secret()?.type).toBe('kubernetes.io/dockerconfigjson');
    const config = JSON.parse(
      Buffer.from(secret()?.data['.dockerconfigjson'] ?? '', 'base64').toString(),
    ) as object;
    expect(config).toMatchObject({
      auths: { 'registry.example.com': { username: 'robot', password: 'pull-me' } },
    });
    const own = agent.launch({
      config: { spec: { template: { spec: { imagePullSecrets: [{ name: 'team' }] } } } },
    });
    await submitted(own);
    expect(api.store.get('api/v1/secrets', 'default', `slipway-${own.id}-pull`)).toBeUndefined();
  });

  it('gives the logs of several pods with their names, and of each start of a container', async () => {
    const run = agent.launch({ config: { spec: { completions: 2, parallelism: 2 } } });
    const job = await submitted(run);
    const [a, b] = [cluster.addPod(job, undefined, 'pod-a'), cluster.addPod(job, undefined, 'pod-b')];
    cluster.run(a);
    cluster.run(b);
    cluster.print(a, 'from a');
    cluster.print(b, 'from b');
    await until(
      () => log(run).split('\n').length === 3,
      () => log(run),
    );
    cluster.restart(a, 1);
    cluster.print(a, 'again');
    await until(
      () => log(run).includes('again'),
      () => log(run),
    );
    cluster.end(a, 0);
    cluster.end(b, 0);
    cluster.finishJob(run.id, 'Complete');
    await state(run, 'finished');
    expect(log(run).trim().split('\n').sort()).toEqual(['[pod-a] again', '[pod-a] from a', '[pod-b] from b']);
    expect([...run.sources].sort()).toEqual(['pod-a', 'pod-b']);
  });

  it('keeps every line once across broken connections and a restart of the API', async () => {
    const run = agent.launch();
    const pod = await running(run);
    const lines = Array.from({ length: 30 }, (_, index) => `line ${index}`);
    for (const [index, line] of lines.entries()) {
      cluster.print(pod, line);
      if (index === 10 || index === 20) {
        await until(
          () => log(run).includes(`line ${index}`),
          () => log(run),
        );
        await api.close();
        await api.listen();
      }
    }
    cluster.end(pod, 0);
    cluster.finishJob(run.id, 'Complete');
    await state(run, 'finished');
    expect(log(run)).toBe(lines.map((line) => `${line}\n`).join(''));
  });

  it('tells what keeps it from starting', async () => {
    const run = agent.launch();
    const job = await submitted(run);
    cluster.event(job, 'FailedCreate', 'pods "x" is forbidden: exceeded quota: team');
    const pod = cluster.addPod(job);
    cluster.status(pod, (status) => {
      status['conditions'] = [
        {
          type: 'PodScheduled',
          status: 'False',
          reason: 'Unschedulable',
          message: '0/3 nodes are available',
        },
      ];
    });
    const warnings = () => eventsOf(run, 'warning');
    await until(
      () => warnings().length === 2,
      () => JSON.stringify(warnings()),
    );
    expect(warnings()).toContainEqual(
      expect.objectContaining({ reason: 'FailedScheduling', message: '0/3 nodes are available' }),
    );
    expect(warnings()).toContainEqual(expect.objectContaining({ reason: 'FailedCreate' }));
    cluster.waiting(pod, 'InvalidImageName', "couldn't parse image name");
    await state(run, 'failed');
    expect(resultOf(run)).toMatchObject({ category: 'image-pull', phase: 'run' });
    expect(cluster.job(run.id)).toBeUndefined();
  });

  it.each([
    ['an exit code', { exitCode: 3 }, {}, 'failed', { category: 'user-error', exitCode: 3 }],
    [
      'too much memory',
      { exitCode: 137, reason: 'OOMKilled' },
      {},
      'failed',
      { category: 'oom', exitCode: 137 },
    ],
    [
      'a start that fails',
      { exitCode: 128, reason: 'StartError', message: 'exec: "nope": not found' },
      {},
      'failed',
      { category: 'user-error' },
    ],
    [
      'its node being taken',
      { exitCode: 143 },
      {
        conditions: [
          { type: 'DisruptionTarget', status: 'True', reason: 'PreemptionByScheduler', message: 'preempted' },
        ],
      },
      'preempted',
      { reason: 'PreemptionByScheduler: preempted' },
    ],
    [
      'a node that dies',
      { exitCode: 137 },
      { conditions: [{ type: 'DisruptionTarget', status: 'True', reason: 'DeletionByTaintManager' }] },
      'preempted',
      { reason: 'DeletionByTaintManager' },
    ],
    [
      'too much disk',
      { exitCode: 137 },
      { reason: 'Evicted', message: 'Pod ephemeral local storage usage exceeds the total limit' },
      'failed',
      { category: 'user-error' },
    ],
    [
      'a node short of disk',
      { exitCode: 137 },
      { reason: 'Evicted', message: 'The node was low on resource: ephemeral-storage' },
      'preempted',
      {},
    ],
  ] as const)('ends rightly by %s', async (_name, ending, extra, wanted, data) => {
    const run = agent.launch();
    const pod = await running(run);
    cluster.end(pod, ending, extra);
    cluster.finishJob(
      run.id,
      'Failed',
      'BackoffLimitExceeded',
      'Job has reached the specified backoff limit',
    );
    await state(run, wanted);
    expect(resultOf(run)).toMatchObject(data);
  });

  it('is `deleted` when it or its pod is deleted by hand', async () => {
    const run = agent.launch();
    const pod = await running(run);
    cluster.print(pod, 'so far');
    await until(() => log(run) !== '', 'a log');
    api.remove('apis/batch/v1/jobs', cluster.job(run.id) ?? { metadata: { name: '' } }, undefined);
    cluster.end(pod, 143);
    await state(run, 'failed');
    expect(resultOf(run)).toMatchObject({ category: 'deleted' });
    expect(log(run)).toBe('so far\n');

    const other = agent.launch();
    const its = await running(other);
    api.remove('api/v1/pods', its, 0);
    cluster.finishJob(other.id, 'Failed', 'BackoffLimitExceeded');
    await state(other, 'failed');
    expect(resultOf(other)).toMatchObject({ category: 'deleted' });
    expect(resultOf(other)?.['message']).toContain(its.metadata.name);
  });

  it('is stopped with grace', async () => {
    const run = agent.launch({ stopGraceSeconds: 7 });
    const pod = await running(run);
    agent.server.stopRun(run);
    await until(() => cluster.pods(run.id)[0]?.metadata.deletionTimestamp !== undefined, 'the deletion');
    expect(cluster.pods(run.id)[0]?.metadata.deletionGracePeriodSeconds).toBe(7);
    cluster.print(pod, 'saved');
    cluster.end(pod, 0);
    await state(run, 'stopped');
    expect(log(run)).toBe('saved\n');
    expect(resultOf(run)).toMatchObject({ forced: false });
  });

  it('waits for its admission without being late, and tells why', async () => {
    const run = agent.launch({
      startTimeoutSeconds: 1,
      config: { metadata: { labels: { 'kueue.x-k8s.io/queue-name': 'team' } }, spec: { suspend: true } },
    });
    api.addType({ apiVersion: 'kueue.x-k8s.io/v1beta1', kind: 'Workload', plural: 'workloads' });
    const job = await submitted(run);
    expect(job.metadata.labels?.['kueue.x-k8s.io/queue-name']).toBe('team');
    const waits = () => eventsOf(run, 'warning').map(({ message }) => message);
    await until(() => waits().length > 0, 'a reason');
    await new Promise((resolve) => setTimeout(resolve, 1200));
    expect(run.state).toBe('starting');
    api.store.update(
      'apis/batch/v1/jobs',
      'default',
      run.id,
      (object) => void (object.spec = { ...object.spec, suspend: false }),
    );
    await running(run);
  });

  it('is not late to start for ever', async () => {
    const run = agent.launch({ startTimeoutSeconds: 1 });
    cluster.event(await submitted(run), 'FailedCreate', 'exceeded quota: team');
    await state(run, 'failed');
    expect(resultOf(run)).toMatchObject({ category: 'start-timeout' });
    expect(resultOf(run)?.['message']).toContain('exceeded quota');
    expect(cluster.job(run.id)).toBeUndefined();
  });
});

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
    await state(run, 'running');
    await until(() => eventsOf(run, 'parts').at(-1)?.['total'] === 2, 'both pods');
    for (const pod of pods) cluster.print(pod, 'hello');
    await until(
      () => log(run).split('\n').length === 3,
      () => log(run),
    );
    for (const pod of pods) cluster.end(pod, 0);
    condition(run, 'Succeeded');
    await state(run, 'finished');
    expect(log(run)).toContain('[pod-master] hello\n');
    expect(log(run)).toContain('[pod-worker] hello\n');
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
    await state(run, 'failed');
    expect(resultOf(run)).toMatchObject({ category: 'oom', exitCode: 137 });
  });
});

describe('a later execution', () => {
  it('is not mistaken for the one before, whose Job is still there', async () => {
    const run = agent.launch();
    const pod = await running(run);
    const first = cluster.job(run.id)?.metadata.uid;
    cluster.end(pod, 1);
    cluster.finishJob(run.id, 'Failed', 'BackoffLimitExceeded');
    await state(run, 'failed');
    agent.server.requeue(run);
    await until(() => ![undefined, first].includes(cluster.job(run.id)?.metadata.uid), 'another Job');
    expect(cluster.job(run.id)?.metadata.annotations).toMatchObject({ 'slipway.dev/execution': '2' });
    const second = await running(run);
    cluster.print(second, 'second');
    cluster.end(second, 0);
    cluster.finishJob(run.id, 'Complete');
    await state(run, 'finished');
    expect(log(run)).toBe('second\n');
  });
});

describe('a Job that was just created', () => {
  it('is not taken for deleted because the watch does not show it yet', async () => {
    // The first run makes the watches; then they break, as when an API server is replaced.
    const first = agent.launch();
    cluster.end(await running(first), 0);
    cluster.finishJob(first.id, 'Complete');
    await state(first, 'finished');
    let broken = 0;
    api.fault = (method, path, query) => {
      if (method !== 'GET' || !path.endsWith('/jobs') || !query.has('watch')) return undefined;
      broken += 1;
      return { status: 503 };
    };
    await api.close();
    await api.listen();
    await until(() => broken > 0, 'the watch to break');
    const run = agent.launch();
    const pod = await running(run);
    cluster.end(pod, 0);
    api.fault = () => undefined;
    cluster.finishJob(run.id, 'Complete');
    await state(run, 'finished');
  });
});

describe('the Job of the execution that an agent has a lease for', () => {
  it('is left alone: another agent has made it since, and this one does not know yet', async () => {
    const runId = 'takenover1';
    const labels = { 'slipway.dev/run-id': runId };
    const spec = { template: { metadata: { labels }, spec: { containers: [{ name: 'main' }] } } };
    const body = { apiVersion: 'batch/v1', kind: 'Job', metadata: { name: runId, labels }, spec };
    const { uid } = api.store.create('apis/batch/v1/jobs', 'default', body).metadata;
    const run = agent.launch({ runId });
    const pod = await running(run);
    expect(cluster.job(runId)?.metadata.uid).toBe(uid);
    cluster.end(pod, 0);
    cluster.finishJob(runId, 'Complete');
    await state(run, 'finished');
    expect(api.count(/^DELETE .*\/jobs\//)).toBe(0);
  });
});

describe('adoption', () => {
  it('goes on where the agent before left, once only', async () => {
    const run = agent.launch();
    const pod = await running(run);
    cluster.print(pod, 'one');
    await until(() => log(run) === 'one\n', 'the log');
    await agent.leave();
    cluster.print(pod, 'two');
    await agent.add('two');
    await until(
      () => log(run) === 'one\ntwo\n',
      () => log(run),
    );
    cluster.end(pod, 0);
    cluster.finishJob(run.id, 'Complete');
    await state(run, 'finished');
    expect(api.count(/^POST .*\/jobs$/)).toBe(1);
    expect(eventsOf(run, 'adopted')).toHaveLength(1);
  });

  it('finds the result of a Job whose time to live was over before', async () => {
    const run = agent.launch();
    const pod = await running(run);
    const job = await submitted(run);
    await agent.leave();
    cluster.end(pod, 0);
    cluster.event(job, 'Completed', 'Job completed', 'Normal');
    api.remove('apis/batch/v1/jobs', job, undefined);
    await agent.add('two');
    await state(run, 'finished');
  });

  it('takes a Job that is gone without a word as deleted', async () => {
    const run = agent.launch();
    await running(run);
    await agent.leave();
    api.remove('apis/batch/v1/jobs', await submitted(run), undefined);
    await agent.add('two');
    await state(run, 'failed');
    expect(resultOf(run)).toMatchObject({ category: 'deleted' });
  });
});

describe('what the cluster refuses', () => {
  const post = (fault: Fault, times = Infinity) => {
    let left = times;
    api.fault = (method, path) =>
      method === 'POST' && path.endsWith('/jobs') && left-- > 0 ? fault : undefined;
  };
  it.each([
    [401, '', 'Unauthorized', 'config', /credentials/],
    [
      403,
      'Forbidden',
      'jobs.batch is forbidden: User "agent" cannot create resource "jobs"',
      'config',
      /Role/,
    ],
    [
      403,
      'Forbidden',
      'jobs.batch "x" is forbidden: exceeded quota: team, requested: count/jobs.batch=1',
      'quota',
      /quota/,
    ],
    [
      422,
      'Invalid',
      'Job.batch "x" is invalid: spec.parallelism: Invalid value: -1',
      'config',
      /parallelism/,
    ],
  ] as const)('%i %s %s ends the run with what to do', async (status, reason, message, category, words) => {
    post({ status, reason, message });
    const run = agent.launch();
    await state(run, 'failed');
    expect(resultOf(run)).toMatchObject({ phase: 'submit', category });
    expect(resultOf(run)?.['message']).toMatch(words);
  });
  it.each([[{ status: 429, retryAfter: 0 }], [{ status: 500 }], [{ status: 504 }], ['drop' as const]])(
    '%j passes: the run is created once',
    async (fault) => {
      post(fault, 2);
      const run = agent.launch();
      await submitted(run);
      await running(run);
    },
  );
  it('a namespace that is not among those of the agent', async () => {
    await agent.leave();
    api.addNamespace('research');
    await agent.add('bounded', { additionalNamespaces: ['research'] });
    const allowed = agent.launch({ config: { namespace: 'research' } });
    const refused = agent.launch({ config: { namespace: 'kube-system' } });
    await state(refused, 'failed');
    expect(resultOf(refused)?.['message']).toContain('default, research');
    await until(() => api.store.get('apis/batch/v1/jobs', 'research', allowed.id) !== undefined, 'the Job');
  });
  it('a label that is not allowed, and what secure_mode forbids', async () => {
    const label = agent.launch({ config: { metadata: { labels: { team: 'not allowed!' } } } });
    await state(label, 'failed');
    expect(resultOf(label)?.['message']).toContain('metadata.labels');
    await agent.leave();
    await agent.add('secure', { secureMode: true });
    const host = agent.launch({ config: { spec: { template: { spec: { hostNetwork: true } } } } });
    await state(host, 'failed');
    expect(resultOf(host)).toMatchObject({ category: 'config', phase: 'submit' });
    expect(resultOf(host)?.['message']).toContain('spec.template.spec.hostNetwork');
  });
  it('a misspelt field, a namespace or a kind that is not there', async () => {
    const wrong = agent.launch({ config: { spec: { paralelism: 2 } } });
    const nowhere = agent.launch({ config: { namespace: 'nowhere' } });
    const unknown = agent.launch({ config: { apiVersion: 'kubeflow.org/v1', kind: 'PyTorchJob', spec: {} } });
    for (const run of [wrong, nowhere, unknown]) await state(run, 'failed');
    expect(resultOf(wrong)?.['message']).toContain('spec.paralelism');
    expect(resultOf(nowhere)?.['message']).toContain('The namespace nowhere does not exist');
    expect(resultOf(unknown)?.['message']).toContain('not installed');
    for (const run of [wrong, nowhere, unknown]) expect(resultOf(run)).toMatchObject({ category: 'config' });
  });
});
