import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { renderSubmission } from '@/core/render';
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

describe('a Job', () => {
  it('is sent as it was shown, runs, gives its log and its result', async () => {
    const run = agent.launch({
      config: { spec: { template: { spec: { containers: [{ resources: { requests: { cpu: '1' } } }] } } } },
    });
    const pod = await scene.running(run);
    cluster.print(pod, 'hello');
    await until(
      () => logOf(run) === 'hello\n',
      () => logOf(run),
    );
    cluster.end(pod, 0);
    cluster.finishJob(run.id, 'Complete');
    await reaches(run, 'finished');
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
    const job = await scene.submitted(run);
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
    const pod = await scene.running(run);
    cluster.print(pod, 'the token is hunter2');
    cluster.end(pod, 0);
    cluster.finishJob(run.id, 'Complete');
    await reaches(run, 'finished');
    expect(logOf(run)).not.toContain('hunter2');
  });

  it('gives the cluster credentials of the registry that its image is in', async () => {
    await agent.leave();
    const credentials = { registry: 'registry.example.com', username: 'robot', password: 'pull-me' };
    await agent.add('pulls', { pullCredentials: () => Promise.resolve(credentials) });
    const run = agent.launch();
    const job = await scene.submitted(run);
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
    await scene.submitted(own);
    expect(api.store.get('api/v1/secrets', 'default', `slipway-${own.id}-pull`)).toBeUndefined();
  });

  it('gives the logs of several pods with their names, and of each start of a container', async () => {
    const run = agent.launch({ config: { spec: { completions: 2, parallelism: 2 } } });
    const job = await scene.submitted(run);
    const [a, b] = [cluster.addPod(job, undefined, 'pod-a'), cluster.addPod(job, undefined, 'pod-b')];
    cluster.run(a);
    cluster.run(b);
    cluster.print(a, 'from a');
    cluster.print(b, 'from b');
    await until(
      () => logOf(run).split('\n').length === 3,
      () => logOf(run),
    );
    cluster.restart(a, 1);
    cluster.print(a, 'again');
    await until(
      () => logOf(run).includes('again'),
      () => logOf(run),
    );
    cluster.end(a, 0);
    cluster.end(b, 0);
    cluster.finishJob(run.id, 'Complete');
    await reaches(run, 'finished');
    expect(logOf(run).trim().split('\n').sort()).toEqual([
      '[pod-a] again',
      '[pod-a] from a',
      '[pod-b] from b',
    ]);
    expect([...run.sources].sort()).toEqual(['pod-a', 'pod-b']);
  });

  it('keeps every line once across broken connections and a restart of the API', async () => {
    const run = agent.launch();
    const pod = await scene.running(run);
    const lines = Array.from({ length: 30 }, (_, index) => `line ${index}`);
    for (const [index, line] of lines.entries()) {
      cluster.print(pod, line);
      if (index === 10 || index === 20) {
        await until(
          () => logOf(run).includes(`line ${index}`),
          () => logOf(run),
        );
        await api.close();
        await api.listen();
      }
    }
    cluster.end(pod, 0);
    cluster.finishJob(run.id, 'Complete');
    await reaches(run, 'finished');
    expect(logOf(run)).toBe(lines.map((line) => `${line}\n`).join(''));
  });

  it('tells what keeps it from starting', async () => {
    const run = agent.launch();
    const job = await scene.submitted(run);
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
    await reaches(run, 'failed');
    expect(resultOf(run)).toMatchObject({ category: 'image-pull', phase: 'run' });
    expect(cluster.job(run.id)).toBeUndefined();
  });
});
