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

describe('the end of a Job', () => {
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
    const pod = await scene.running(run);
    cluster.end(pod, ending, extra);
    cluster.finishJob(
      run.id,
      'Failed',
      'BackoffLimitExceeded',
      'Job has reached the specified backoff limit',
    );
    await reaches(run, wanted);
    expect(resultOf(run)).toMatchObject(data);
  });

  it('is `deleted` when it or its pod is deleted by hand', async () => {
    const run = agent.launch();
    const pod = await scene.running(run);
    cluster.print(pod, 'so far');
    await until(() => logOf(run) !== '', 'a log');
    api.remove('apis/batch/v1/jobs', cluster.job(run.id) ?? { metadata: { name: '' } }, undefined);
    cluster.end(pod, 143);
    await reaches(run, 'failed');
    expect(resultOf(run)).toMatchObject({ category: 'deleted' });
    expect(logOf(run)).toBe('so far\n');

    const other = agent.launch();
    const its = await scene.running(other);
    api.remove('api/v1/pods', its, 0);
    cluster.finishJob(other.id, 'Failed', 'BackoffLimitExceeded');
    await reaches(other, 'failed');
    expect(resultOf(other)).toMatchObject({ category: 'deleted' });
    expect(resultOf(other)?.['message']).toContain(its.metadata.name);
  });

  it('is stopped with grace', async () => {
    const run = agent.launch({ stopGraceSeconds: 7 });
    const pod = await scene.running(run);
    agent.server.stopRun(run);
    await until(() => cluster.pods(run.id)[0]?.metadata.deletionTimestamp !== undefined, 'the deletion');
    expect(cluster.pods(run.id)[0]?.metadata.deletionGracePeriodSeconds).toBe(7);
    cluster.print(pod, 'saved');
    cluster.end(pod, 0);
    await reaches(run, 'stopped');
    expect(logOf(run)).toBe('saved\n');
    expect(resultOf(run)).toMatchObject({ forced: false });
  });

  it('waits for its admission without being late, and tells why', async () => {
    const run = agent.launch({
      startTimeoutSeconds: 1,
      config: { metadata: { labels: { 'kueue.x-k8s.io/queue-name': 'team' } }, spec: { suspend: true } },
    });
    api.addType({ apiVersion: 'kueue.x-k8s.io/v1beta1', kind: 'Workload', plural: 'workloads' });
    const job = await scene.submitted(run);
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
    await scene.running(run);
  });

  it('is not late to start for ever', async () => {
    const run = agent.launch({ startTimeoutSeconds: 1 });
    cluster.event(await scene.submitted(run), 'FailedCreate', 'exceeded quota: team');
    await reaches(run, 'failed');
    expect(resultOf(run)).toMatchObject({ category: 'start-timeout' });
    expect(resultOf(run)?.['message']).toContain('exceeded quota');
    expect(cluster.job(run.id)).toBeUndefined();
  });
});
