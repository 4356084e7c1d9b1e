import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { until } from '../../testing/child';
import { type ClusterAgent, resultOf } from '../../testing/kube-agent';
import type { Fault, KubeApi } from '../../testing/kube-api';
import { KubeScene, reaches } from '../../testing/kube-scene';

let scene: KubeScene;
let api: KubeApi;
let agent: ClusterAgent;
beforeEach(async () => {
  scene = await KubeScene.start();
  ({ api, agent } = scene);
});
afterEach(() => scene.remove());

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
    await reaches(run, 'failed');
    expect(resultOf(run)).toMatchObject({ phase: 'submit', category });
    expect(resultOf(run)?.['message']).toMatch(words);
  });
  it.each([[{ status: 429, retryAfter: 0 }], [{ status: 500 }], [{ status: 504 }], ['drop' as const]])(
    '%j passes: the run is created once',
    async (fault) => {
      post(fault, 2);
      const run = agent.launch();
      await scene.submitted(run);
      await scene.running(run);
    },
  );
  it('a namespace that is not among those of the agent', async () => {
    await agent.leave();
    api.addNamespace('research');
    await agent.add('bounded', { additionalNamespaces: ['research'] });
    const allowed = agent.launch({ config: { namespace: 'research' } });
    const refused = agent.launch({ config: { namespace: 'kube-system' } });
    await reaches(refused, 'failed');
    expect(resultOf(refused)?.['message']).toContain('default, research');
    await until(() => api.store.get('apis/batch/v1/jobs', 'research', allowed.id) !== undefined, 'the Job');
  });
  it('a label that is not allowed, and what secure_mode forbids', async () => {
    const label = agent.launch({ config: { metadata: { labels: { team: 'not allowed!' } } } });
    await reaches(label, 'failed');
    expect(resultOf(label)?.['message']).toContain('metadata.labels');
    await agent.leave();
    await agent.add('secure', { secureMode: true });
    const host = agent.launch({ config: { spec: { template: { spec: { hostNetwork: true } } } } });
    await reaches(host, 'failed');
    expect(resultOf(host)).toMatchObject({ category: 'config', phase: 'submit' });
    expect(resultOf(host)?.['message']).toContain('spec.template.spec.hostNetwork');
  });
  it('a misspelt field, a namespace or a kind that is not there', async () => {
    const wrong = agent.launch({ config: { spec: { paralelism: 2 } } });
    const nowhere = agent.launch({ config: { namespace: 'nowhere' } });
    const unknown = agent.launch({ config: { apiVersion: 'kubeflow.org/v1', kind: 'PyTorchJob', spec: {} } });
    for (const run of [wrong, nowhere, unknown]) await reaches(run, 'failed');
    expect(resultOf(wrong)?.['message']).toContain('spec.paralelism');
    expect(resultOf(nowhere)?.['message']).toContain('The namespace nowhere does not exist');
    expect(resultOf(unknown)?.['message']).toContain('not installed');
    for (const run of [wrong, nowhere, unknown]) expect(resultOf(run)).toMatchObject({ category: 'config' });
  });
});
