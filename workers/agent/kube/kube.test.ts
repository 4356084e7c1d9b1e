import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { until } from '../testing/child';
import { Cluster, KubeApi } from '../testing/kube-api';
import { connectKube, type KubeClient } from './client';
import { Discovery } from './discovery';
import { KubeError, KubeUnreachable, isPassing } from './errors';
import { reflect } from './reflector';

const JOBS = '/apis/batch/v1/namespaces/default/jobs';
const job = (name: string, labels: Record<string, string> = {}) => ({
  apiVersion: 'batch/v1',
  kind: 'Job',
  metadata: { name, labels },
  spec: { template: { spec: { restartPolicy: 'Never', containers: [{ name: 'run', image: 'a:1' }] } } },
});

let api: KubeApi;
let client: KubeClient;
let folder: string;
let stop: AbortController;
beforeEach(async () => {
  api = await KubeApi.start('training');
  folder = await mkdtemp(join(tmpdir(), 'slipway-kube-'));
  const kubeconfig = join(folder, 'config');
  await writeFile(kubeconfig, api.kubeconfig('default', 'training'));
  client = await connectKube({ kubeconfig, context: null });
  stop = new AbortController();
});
afterEach(async () => {
  stop.abort();
  await api.close();
  await rm(folder, { recursive: true });
});

describe('the client', () => {
  it('takes contexts with their namespaces, and names those there are when one is missing', async () => {
    const kubeconfig = join(folder, 'config');
    expect(client.namespace).toBe('default');
    expect((await connectKube({ kubeconfig, context: 'training' })).namespace).toBe('training');
    await expect(connectKube({ kubeconfig, context: 'prod' })).rejects.toThrow('it has default, training');
  });
  it('says what the API refuses and whether it may pass', async () => {
    const wrong = await client
      .request(JOBS, { method: 'POST', body: job('Bad_Name') })
      .catch((error: unknown) => error);
    expect(wrong).toMatchObject({ status: 422, reason: 'Invalid' });
    expect((wrong as Error).message).toContain('metadata.name');
    expect(isPassing(wrong)).toBe(false);
    api.fault = () => ({ status: 429, retryAfter: 7 });
    const busy = await client.request(JOBS).catch((error: unknown) => error);
    expect(busy).toBeInstanceOf(KubeError);
    expect((busy as KubeError).retryAfterSeconds).toBe(7);
    expect(isPassing(busy)).toBe(true);
    api.fault = () => 'drop';
    expect(await client.request(JOBS).catch((error: unknown) => error)).toBeInstanceOf(KubeUnreachable);
  });
  it('finds plural and scope of a kind, and again when its CRD is installed later', async () => {
    const discovery = new Discovery(client);
    expect(await discovery.find('kubeflow.org/v1', 'PyTorchJob')).toBeNull();
    api.addType({ apiVersion: 'kubeflow.org/v1', kind: 'PyTorchJob', plural: 'pytorchjobs' });
    const found = { plural: 'pytorchjobs', namespaced: true, hasStatus: true };
    expect(await discovery.find('kubeflow.org/v1', 'PyTorchJob')).toMatchObject(found);
    const asked = api.requests.length;
    await discovery.find('kubeflow.org/v1', 'PyTorchJob');
    expect(api.requests).toHaveLength(asked);
  });
});

describe('a reflection', () => {
  it('misses nothing across broken connections, forgotten history and restarts of the API', async () => {
    const seen = new Set<string>();
    let lists = 0;
    const troubles: unknown[] = [];
    const handlers = {
      onList: (objects: { metadata: { name: string } }[]) => {
        lists += 1;
        for (const { metadata } of objects) seen.add(metadata.name);
      },
      onChange: (object: { metadata: { name: string } }) => void seen.add(object.metadata.name),
      onDelete: (object: { metadata: { name: string } }) => void seen.delete(object.metadata.name),
      onTrouble: (error: unknown) => void troubles.push(error),
    };
    await client.request(JOBS, { method: 'POST', body: job('a', { mine: 'yes' }) });
    const done = reflect(client, JOBS, { labelSelector: 'mine' }, handlers, stop.signal);
    await until(() => seen.has('a'), 'the list');
    await client.request(JOBS, { method: 'POST', body: job('b', { mine: 'yes' }) });
    await client.request(JOBS, { method: 'POST', body: job('other') });
    await until(() => seen.has('b'), 'a watched object');
    api.breakWatches();
    await client.request(JOBS, { method: 'POST', body: job('c', { mine: 'yes' }) });
    await until(() => seen.has('c'), 'an object after the connection broke');
    expect(lists).toBe(1);
    api.compact();
    await client.request(JOBS, { method: 'POST', body: job('d', { mine: 'yes' }) });
    await until(() => seen.has('d'), 'an object after 410');
    expect(lists).toBe(2);
    await api.close();
    await until(() => troubles.length > 0, 'trouble');
    await api.listen();
    await client.request(`${JOBS}/a`, { method: 'DELETE' });
    await until(() => !seen.has('a'), 'a deletion after the API came back');
    expect([...seen].sort()).toEqual(['b', 'c', 'd']);
    stop.abort();
    await done;
  });
});

describe('the API of the tests', () => {
  it('refuses of a Job what the real one refuses', async () => {
    const post = (body: object) =>
      client
        .request(JOBS, { method: 'POST', query: { fieldValidation: 'Strict' }, body: body as never })
        .then(
          () => 'accepted',
          (error: unknown) => (error as Error).message,
        );
    const pod = (spec: object, container: object = {}) => ({
      ...job('x'),
      spec: {
        template: {
          spec: {
            restartPolicy: 'Never',
            ...spec,
            containers: [{ name: 'run', image: 'a:1', ...container }],
          },
        },
      },
    });
    expect(await post(pod({ securityContext: { allowPrivilegeEscalation: false } }))).toContain(
      'unknown field "spec.template.spec.securityContext.allowPrivilegeEscalation"',
    );
    expect(await post({ ...pod({}), spec: { ...pod({}).spec, backOffLimit: 0 } })).toContain(
      'unknown field "spec.backOffLimit"',
    );
    expect(await post(pod({ restartPolicy: 'Always' }))).toContain('restartPolicy');
    expect(await post(pod({}, { image: '' }))).toContain('image');
    expect(await post({ ...pod({}), metadata: { name: 'x', labels: { a: 'no spaces' } } })).toContain(
      'labels',
    );
    expect(await post(pod({}))).toBe('accepted');
  });
  it('follows logs across what is still to be written', async () => {
    const cluster = new Cluster(api);
    await client.request(JOBS, { method: 'POST', body: job('x') });
    const pod = cluster.addPod(cluster.job('x') ?? { metadata: { name: '' } });
    cluster.run(pod);
    cluster.print(pod, 'one');
    const body = await client.stream(`/api/v1/namespaces/default/pods/${pod.metadata.name}/log`, {
      query: { follow: true },
    });
    let text = '';
    for await (const part of body) {
      text += part.toString();
      if (text === 'one\n') cluster.print(pod, 'two');
      if (text.includes('two')) cluster.end(pod, 0);
    }
    expect(text).toBe('one\ntwo\n');
  });
});
