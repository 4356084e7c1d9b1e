import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { BlobServiceClient } from '@azure/storage-blob';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { Storage } from '@google-cloud/storage';
import { extract, pack } from 'tar-stream';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { DEFAULT_AGENT_CONFIG, parseAgentConfig, type AgentConfig } from '@/core/agent-config';
import { createEnvironments } from '../../environments';
import type { KubeObject } from '../../kube/types';
import { createOciRegistry } from '../../registries/oci';
import { createStore } from '../../stores';
import { createLogger } from '../../support/logger';
import { until } from '../../testing/child';
import { describeWithClouds } from '../../testing/clouds';
import { setEnv, startHttp, type HttpService } from '../../testing/clouds/http';
import { Cluster, KubeApi } from '../../testing/kube-api';
import type { BuildRequest, Builder } from '../types';
import { createKanikoBuilder } from '.';

const TAG = '0123456789abcdef0123456789abcdef01234567';
const JOBS = 'apis/batch/v1/jobs';
const log = createLogger({ level: 'error', json: false });
const FILES: Record<string, string> = { Dockerfile: 'FROM scratch\n', 'train.py': 'print(1)\n' };

let api: KubeApi;
let cluster: Cluster;
let home: string;
beforeAll(async () => {
  home = await mkdtemp(path.join(tmpdir(), 'slipway-kaniko-'));
});
afterAll(() => rm(home, { recursive: true, force: true }));
beforeEach(async () => {
  api = await KubeApi.start();
  cluster = new Cluster(api);
  await writeFile(path.join(home, 'kubeconfig'), api.kubeconfig());
});
afterEach(() => api.close());

const configOf = (text: string): AgentConfig => {
  const { config, problems } = parseAgentConfig(text);
  if (config === null) throw new Error(JSON.stringify(problems));
  return {
    ...DEFAULT_AGENT_CONFIG,
    ...config,
    kubernetes: { kubeconfig: path.join(home, 'kubeconfig'), context: null },
  };
};
const open = (config: AgentConfig): Builder =>
  createKanikoBuilder({ config, registry: createOciRegistry(), log });

interface Told {
  output: string;
  warnings: string[];
}
function request(destination: string, overrides: Partial<BuildRequest> = {}): BuildRequest & { told: Told } {
  const told: Told = { output: '', warnings: [] };
  return {
    told,
    runId: 'abcdefgh',
    context: {
      files: Object.keys(FILES),
      dockerfilePath: 'Dockerfile',
      dockerfile: FILES['Dockerfile']!,
      tar: () => {
        const tar = pack();
        for (const [name, text] of Object.entries(FILES)) tar.entry({ name }, text);
        tar.finalize();
        return Readable.from(tar, { objectMode: false });
      },
    },
    tag: TAG,
    destination,
    image: `${destination}:${TAG}`,
    platform: null,
    log: async (data) => {
      told.output += typeof data === 'string' ? data : Buffer.from(data).toString();
    },
    warn: (reason, message) => told.warnings.push(`${reason}: ${message}`),
    signal: AbortSignal.timeout(30_000),
    ...overrides,
  };
}
const job = (): KubeObject | undefined => api.store.list(JOBS)[0];
const argumentsOf = (object: KubeObject) =>
  (object.spec as { template: { spec: { containers: { args: string[] }[] } } }).template.spec.containers[0]!
    .args;

async function filesOf(archive: Readable): Promise<Record<string, string>> {
  const files: Record<string, string> = {};
  const entries = archive.pipe(createGunzip()).pipe(extract());
  for await (const entry of entries) {
    let text = '';
    for await (const part of entry) text += String(part);
    files[entry.header.name] = text;
  }
  return files;
}

const CLOUDS: Record<
  string,
  { kind: 'moto' | 'gcs' | 'azurite'; file: string; destination: string; make: () => Promise<unknown> }
> = {
  AWS: {
    kind: 'moto',
    destination: '123456789012.dkr.ecr.us-east-1.amazonaws.com/repo',
    file: 'environment:\n  type: aws\n  region: us-east-1\nbuilder:\n  type: kaniko\n  destination: 123456789012.dkr.ecr.us-east-1.amazonaws.com/repo\n  build-context-store: s3://bucket/path\n',
    make: () =>
      new S3Client({ region: 'us-east-1', forcePathStyle: true }).send(
        new CreateBucketCommand({ Bucket: 'bucket' }),
      ),
  },
  'Google Cloud': {
    kind: 'gcs',
    destination: 'us-central1-docker.pkg.dev/my-project/repo/image',
    file: 'environment:\n  type: gcp\n  region: us-central1\n  project: my-project\nbuilder:\n  type: kaniko\n  uri: us-central1-docker.pkg.dev/my-project/repo/image\n  build-context-store: gs://bucket/path\n',
    make: () => new Storage().createBucket('bucket'),
  },
  Azure: {
    kind: 'azurite',
    destination: 'myregistry.azurecr.io/repo',
    file: 'environment:\n  type: azure\nbuilder:\n  type: kaniko\n  destination: https://myregistry.azurecr.io/repo\n  build-context-store: https://devstoreaccount1.blob.core.windows.net/container\n',
    make: () =>
      BlobServiceClient.fromConnectionString(
        process.env['AZURE_STORAGE_CONNECTION_STRING'] ?? '',
      ).createContainer('container'),
  },
};

describe.each(Object.entries(CLOUDS))('a build on %s', (name, { kind, destination, file, make }) => {
  describeWithClouds(name, [kind], () => {
    it('puts the context into the store, runs the Job, gives its log, and leaves neither', async () => {
      await make();
      const config = configOf(file);
      const store = createStore(config.builder!.buildContextStore!, createEnvironments(config.environment));
      let made: KubeObject | undefined;
      let context: Record<string, string> = {};
      cluster.playAll(['Unpacking rootfs', 'Pushed image'], 0, async () => {
        made = job();
        context = await filesOf(await store.get(`${TAG}.tgz`, AbortSignal.timeout(5000)));
      });
      const asked = request(destination);
      await open(config).build(asked);
      expect(made).toMatchObject({ spec: { backoffLimit: 0, activeDeadlineSeconds: 1800 } });
      expect(argumentsOf(made!)).toContain(`--context=${store.url(`${TAG}.tgz`)}`);
      expect(argumentsOf(made!)).toContain(`--destination=${destination}:${TAG}`);
      expect(context).toEqual(FILES);
      expect(asked.told.output).toContain('Unpacking rootfs\nPushed image\n');
      expect(api.store.list(JOBS)).toEqual([]);
      expect(await store.exists(`${TAG}.tgz`, AbortSignal.timeout(5000))).toBe(false);
    });
  });
});

describe('a build', () => {
  const DESTINATION = 'registry.example.com/team/train';
  let directory: string;
  beforeEach(async () => {
    directory = await mkdtemp(path.join(home, 'store-'));
  });
  const config = (destination = DESTINATION) =>
    configOf(
      `builder:\n  type: kaniko\n  destination: ${destination}\n  build-context-store: ${directory}\n`,
    );
  const context = () =>
    createStore(directory, createEnvironments(null)).exists(`${TAG}.tgz`, AbortSignal.timeout(5000));
  const nothingLeft = async () => {
    expect(api.store.list(JOBS)).toEqual([]);
    expect(await context()).toBe(false);
  };

  it.each<[string, string[], number, object, RegExp]>([
    [
      'the Dockerfile',
      ['RUN false', 'error building image: error building stage: failed to execute command: exit status 1'],
      1,
      { category: 'build' },
      /The build failed with exit code 1: error building image: .*exit status 1$/,
    ],
    [
      'credentials',
      ['error checking push permissions -- check registry auth: UNAUTHORIZED'],
      1,
      { category: 'config' },
      /kaniko was refused by the registry or the store: .* give the build a Secret/,
    ],
    [
      'a full disk',
      [
        "OSError: [Errno 28] No space left on device: '/env/lib'",
        'error building image: error building stage: failed to execute command: exit status 1',
      ],
      1,
      { category: 'platform' },
      /The disk of the cluster node is full: OSError.*ephemeral-storage/,
    ],
  ])('that fails by %s says so', async (_name, lines, exitCode, failure, message) => {
    cluster.playAll(lines, exitCode);
    const failed = open(config()).build(request(DESTINATION));
    await expect(failed).rejects.toMatchObject({
      name: 'RunFailure',
      failure: { phase: 'build', ...failure },
    });
    await expect(failed).rejects.toThrow(message);
    await nothingLeft();
  });
  it('that takes too long says how to give it more time', async () => {
    api.onCreate = (collection, made) => {
      if (collection === JOBS) cluster.finishJob(made.metadata.name, 'Failed', 'DeadlineExceeded');
    };
    await expect(open(config()).build(request(DESTINATION))).rejects.toThrow(
      'The build took longer than 30 minutes and was ended. Give it more time with kaniko-config (spec.activeDeadlineSeconds).',
    );
    await nothingLeft();
  });
  it('that runs out of memory says so', async () => {
    api.onCreate = (collection, made) => {
      if (collection !== JOBS) return;
      cluster.end(cluster.addPod(made), { exitCode: 137, reason: 'OOMKilled' });
      cluster.finishJob(made.metadata.name, 'Failed', 'BackoffLimitExceeded');
    };
    await expect(open(config()).build(request(DESTINATION))).rejects.toMatchObject({
      failure: { category: 'oom' },
    });
  });
  it('that is stopped leaves nothing behind', async () => {
    const stop = new AbortController();
    cluster.playAll(['working'], 0, () => new Promise(() => undefined));
    const asked = request(DESTINATION, { signal: stop.signal });
    const going = open(config()).build(asked);
    going.catch(() => undefined);
    await until(() => asked.told.output.includes('working'), 'the log of the build');
    stop.abort();
    await expect(going).rejects.toThrow();
    await nothingLeft();
  });
  it('tells what keeps its pod from starting', async () => {
    const asked = request(DESTINATION);
    api.onCreate = (collection, made) => {
      if (collection !== JOBS) return;
      const pod = cluster.addPod(made);
      cluster.waiting(pod, 'ImagePullBackOff', 'Back-off pulling image "gcr.io/kaniko"');
      void until(() => asked.told.warnings.length > 0, 'the warning').then(() => {
        cluster.end(pod, 0);
        cluster.finishJob(made.metadata.name, 'Complete');
      });
    };
    await open(config()).build(asked);
    expect(asked.told.warnings).toEqual([
      'ImagePullBackOff: The build waits: Back-off pulling image "gcr.io/kaniko"',
    ]);
  });
  it('is joined when it runs already: one Job, one log for each', async () => {
    // Whoever is second to see the end may find the Job removed: the registry then tells that the image is there.
    const registry = await registryOf(200);
    const destination = `${registry.host}/team/train`;
    let finish: () => void = () => undefined;
    cluster.playAll(['shared line'], 0, () => new Promise((resolve) => (finish = resolve)));
    const [first, second] = [request(destination), request(destination)];
    const builds = [open(config(destination)).build(first)];
    await until(() => first.told.output.includes('shared line'), 'the first build');
    builds.push(open(config(destination)).build(second));
    await until(() => second.told.output.includes('shared line'), 'the second build');
    finish();
    await Promise.all(builds);
    await registry.stop();
    expect(api.count(/^POST .*jobs$/)).toBe(1);
    expect(second.told.output).toContain('which is there already');
    await nothingLeft();
  });
  it('whose Job was removed counts when the image is there', async () => {
    const registry = await registryOf(200);
    const destination = `${registry.host}/team/train`;
    api.onCreate = (collection, made) => {
      if (collection === JOBS) api.store.remove(JOBS, 'default', made.metadata.name);
    };
    await open(config(destination)).build(request(destination));
    await registry.stop();
  });
  it('whose Job was removed is tried once more, and then fails', async () => {
    const registry = await registryOf(404);
    const destination = `${registry.host}/team/train`;
    api.onCreate = (collection, made) => {
      if (collection === JOBS) api.store.remove(JOBS, 'default', made.metadata.name);
    };
    await expect(open(config(destination)).build(request(destination))).rejects.toThrow(
      'The build Job was removed from the cluster before it had ended.',
    );
    expect(api.count(/^POST .*jobs$/)).toBe(2);
    await registry.stop();
  });
  it('replaces a failed Job of the same image', async () => {
    cluster.playAll(['first'], 1);
    // As an agent that is killed: the Job and the context stay.
    api.fault = (method) => (method === 'DELETE' ? { status: 403, reason: 'Forbidden' } : undefined);
    await expect(open(config()).build(request(DESTINATION))).rejects.toThrow('The build failed');
    expect(await context()).toBe(true);
    api.fault = () => undefined;
    cluster.playAll(['second'], 0);
    const asked = request(DESTINATION);
    await open(config()).build(asked);
    expect(asked.told.output).toContain('second');
    await nothingLeft();
  });
  it('sweeps what a killed agent has left, and not what is young or of others', async () => {
    cluster.playAll(['x'], 0);
    api.fault = (method) => (method === 'DELETE' ? { status: 403, reason: 'Forbidden' } : undefined);
    await open(config()).build(request(DESTINATION));
    api.fault = () => undefined;
    const builder = open(config());
    await builder.sweep?.(AbortSignal.timeout(5000));
    expect(await context()).toBe(true);
    api.store.update(JOBS, 'default', job()!.metadata.name, (object) => {
      const [condition] = (object.status as { conditions: { lastTransitionTime: string }[] }).conditions;
      condition!.lastTransitionTime = new Date(Date.now() - 600_000).toISOString();
    });
    await builder.sweep?.(AbortSignal.timeout(5000));
    await nothingLeft();
  });
  it('waits out a cluster that is away for a moment', async () => {
    let refusals = 3;
    cluster.playAll(['x'], 0);
    api.fault = () => (refusals-- > 0 ? { status: 503 } : undefined);
    await open(config()).build(request(DESTINATION));
  });
  it('says which rights are missing in the cluster', async () => {
    api.fault = (method) =>
      method === 'POST'
        ? { status: 403, reason: 'Forbidden', message: 'jobs.batch is forbidden' }
        : undefined;
    await expect(open(config()).build(request(DESTINATION))).rejects.toThrow(
      'The cluster does not allow the agent to build: jobs.batch is forbidden. It needs get, list, create and delete of jobs, and get and list of pods and pods/log.',
    );
    expect(await context()).toBe(false);
  });
  it('gives its pod the service account that it is told', async () => {
    const restore = setEnv({ SLIPWAY_BUILD_SERVICE_ACCOUNT: 'builder' });
    let made: KubeObject | undefined;
    cluster.playAll(['x'], 0, async () => {
      made = job();
    });
    await open(config()).build(request(DESTINATION));
    restore();
    expect(made).toMatchObject({ spec: { template: { spec: { serviceAccountName: 'builder' } } } });
    expect(argumentsOf(made!)[0]).toBe(`--context=tar://${directory}/${TAG}.tgz`);
  });
});

const registryOf = (status: number): Promise<HttpService> =>
  startHttp((_request, response) => response.writeHead(status).end());
