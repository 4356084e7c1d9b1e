import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { until } from '../../testing/child';
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

describe('a later execution', () => {
  it('is not mistaken for the one before, whose Job is still there', async () => {
    const run = agent.launch();
    const pod = await scene.running(run);
    const first = cluster.job(run.id)?.metadata.uid;
    cluster.end(pod, 1);
    cluster.finishJob(run.id, 'Failed', 'BackoffLimitExceeded');
    await reaches(run, 'failed');
    agent.server.requeue(run);
    await until(() => ![undefined, first].includes(cluster.job(run.id)?.metadata.uid), 'another Job');
    expect(cluster.job(run.id)?.metadata.annotations).toMatchObject({ 'slipway.dev/execution': '2' });
    const second = await scene.running(run);
    cluster.print(second, 'second');
    cluster.end(second, 0);
    cluster.finishJob(run.id, 'Complete');
    await reaches(run, 'finished');
    expect(logOf(run)).toBe('second\n');
  });
});

describe('a Job that was just created', () => {
  it('is not taken for deleted because the watch does not show it yet', async () => {
    // The first run makes the watches; then they break, as when an API server is replaced.
    const first = agent.launch();
    cluster.end(await scene.running(first), 0);
    cluster.finishJob(first.id, 'Complete');
    await reaches(first, 'finished');
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
    const pod = await scene.running(run);
    cluster.end(pod, 0);
    api.fault = () => undefined;
    cluster.finishJob(run.id, 'Complete');
    await reaches(run, 'finished');
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
    const pod = await scene.running(run);
    expect(cluster.job(runId)?.metadata.uid).toBe(uid);
    cluster.end(pod, 0);
    cluster.finishJob(runId, 'Complete');
    await reaches(run, 'finished');
    expect(api.count(/^DELETE .*\/jobs\//)).toBe(0);
  });
});

describe('an API that fails while a run is watched', () => {
  it('forgets its history and breaks its watches: nothing of the run is missed', async () => {
    const run = agent.launch();
    const pod = await scene.running(run);
    cluster.print(pod, 'one');
    await until(() => logOf(run) === 'one\n', 'the log');
    api.compact();
    cluster.print(pod, 'two');
    cluster.end(pod, 0);
    cluster.finishJob(run.id, 'Complete');
    await reaches(run, 'finished');
    expect(logOf(run)).toBe('one\ntwo\n');
    expect(api.count(/^POST .*\/jobs$/)).toBe(1);
  });

  it.each([
    [401, 'Unauthorized', /has the token run out/],
    [403, 'Forbidden', /Role/],
    [500, 'InternalError', /cannot read the cluster/],
    [504, 'Timeout', /cannot read the cluster/],
  ])('answers %i: the run says so, waits, and goes on', async (status, reason, words) => {
    const run = agent.launch();
    const pod = await scene.running(run);
    api.fault = (method, path) =>
      method === 'GET' && /\/(jobs|pods)$/.test(path) ? { status, reason, message: 'no' } : undefined;
    api.breakWatches();
    const told = () => eventsOf(run, 'warning').map((data) => JSON.stringify(data));
    await until(
      () => told().some((message) => words.test(message)),
      () => JSON.stringify(told()),
    );
    cluster.end(pod, 3);
    cluster.finishJob(run.id, 'Failed', 'BackoffLimitExceeded');
    expect(run.state).toBe('running');
    api.fault = () => undefined;
    await reaches(run, 'failed');
    expect(resultOf(run)).toMatchObject({ category: 'user-error', exitCode: 3 });
  });
});

describe('adoption', () => {
  it('goes on where the agent before left, once only', async () => {
    const run = agent.launch();
    const pod = await scene.running(run);
    cluster.print(pod, 'one');
    await until(() => logOf(run) === 'one\n', 'the log');
    await agent.leave();
    cluster.print(pod, 'two');
    await agent.add('two');
    await until(
      () => logOf(run) === 'one\ntwo\n',
      () => logOf(run),
    );
    cluster.end(pod, 0);
    cluster.finishJob(run.id, 'Complete');
    await reaches(run, 'finished');
    expect(api.count(/^POST .*\/jobs$/)).toBe(1);
    expect(eventsOf(run, 'adopted')).toHaveLength(1);
  });

  it('finds the result of a Job whose time to live was over before', async () => {
    const run = agent.launch();
    const pod = await scene.running(run);
    const job = await scene.submitted(run);
    await agent.leave();
    cluster.end(pod, 0);
    cluster.event(job, 'Completed', 'Job completed', 'Normal');
    api.remove('apis/batch/v1/jobs', job, undefined);
    await agent.add('two');
    await reaches(run, 'finished');
  });

  it('takes a Job that is gone without a word as deleted', async () => {
    const run = agent.launch();
    await scene.running(run);
    await agent.leave();
    api.remove('apis/batch/v1/jobs', await scene.submitted(run), undefined);
    await agent.add('two');
    await reaches(run, 'failed');
    expect(resultOf(run)).toMatchObject({ category: 'deleted' });
  });
});
