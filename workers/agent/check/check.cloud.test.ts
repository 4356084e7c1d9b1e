import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { FakeServer } from '../testing/fake-server';
import { KubeApi } from '../testing/kube-api';
import { describeWithClouds } from '../testing/clouds';
import { setEnv } from '../testing/clouds/http';
import { checkAgent } from '.';

describeWithClouds('launch-agent --check', ['moto'], () => {
  let home: string;
  let api: KubeApi;
  let restore: () => void;
  const server = new FakeServer();
  beforeAll(async () => {
    home = await mkdtemp(path.join(tmpdir(), 'slipway-check-'));
    api = await KubeApi.start();
    await server.start();
    await writeFile(path.join(home, 'kubeconfig'), api.kubeconfig());
    restore = setEnv({
      SLIPWAY_BASE_URL: server.baseUrl,
      SLIPWAY_AGENT_TOKEN: server.token,
      KUBECONFIG: path.join(home, 'kubeconfig'),
    });
    await new S3Client({ forcePathStyle: true }).send(new CreateBucketCommand({ Bucket: 'bucket' }));
  });
  afterAll(async () => {
    restore();
    await server.stop();
    await api.close();
    await rm(home, { recursive: true, force: true });
  });
  const check = async (bucket: string) => {
    const configFile = path.join(home, 'launch-config.yaml');
    await writeFile(
      configFile,
      `queues: [q]\nenvironment:\n  type: aws\n  region: us-east-1\nbuilder:\n  type: kaniko\n  destination: 123456789012.dkr.ecr.us-east-1.amazonaws.com/repo\n  build-context-store: s3://${bucket}/path\n`,
    );
    const lines = await checkAgent({ configFile });
    return Object.fromEntries(lines.map(({ check: name, result, detail }) => [name, `${result}: ${detail}`]));
  };

  it('tries everything that the file needs', async () => {
    expect(await check('bucket')).toEqual({
      'server and token': `ok: ${server.baseUrl} accepts the agent token`,
      environment: 'ok: arn:aws:sts::123456789012:user/moto (account 123456789012, us-east-1)',
      'registry pull': 'ok: images of 123456789012.dkr.ecr.us-east-1.amazonaws.com/repo can be looked up',
      'registry push':
        'ok: the repository repo is not there; the first build creates it, which needs ecr:CreateRepository',
      'store write, read and delete': 'ok: s3://bucket/path was written, read and deleted in',
      builder: `ok: the cluster ${api.url} takes build Jobs in the namespace default`,
      'resource docker': expect.stringMatching(/^(ok|skipped): /),
      'resource kubernetes': `ok: ${api.url} answers, and Jobs of the namespace default can be listed`,
      'resource sagemaker': 'ok: training jobs can be listed',
      'resource gcp-vertex': expect.stringMatching(/^skipped: environment.type is not gcp/),
    });
    expect(api.store.list('apis/batch/v1/jobs')).toEqual([]);
  });
  it('names what is missing, each on its line', async () => {
    api.fault = (method) =>
      method === 'POST'
        ? { status: 403, reason: 'Forbidden', message: 'jobs.batch is forbidden' }
        : undefined;
    const wrong = setEnv({ SLIPWAY_AGENT_TOKEN: 'slw_agent_other' });
    const lines = await check('absent');
    wrong();
    api.fault = () => undefined;
    expect(lines['server and token']).toMatch(/^failed: /);
    expect(lines['store write, read and delete']).toMatch(
      /^failed: Could not write s3:\/\/absent\/path\/slipway-check-\w+: .*NoSuchBucket/,
    );
    expect(lines['builder']).toMatch(
      /^failed: The cluster does not allow the agent to build: jobs.batch is forbidden/,
    );
    expect(lines['environment']).toMatch(/^ok/);
    expect(JSON.stringify(lines)).not.toContain('slw_agent_other');
  });
});
