import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { until } from '../workers/agent/testing/child';
import { CustomJobs } from '../workers/agent/testing/custom-jobs';
import { Cluster, KubeApi } from '../workers/agent/testing/kube-api';
import { TrainingJobs } from '../workers/agent/testing/training-jobs';
import { expect, test } from './pages/test';
import { BareAgent } from './support/bare-agent';

const image = '123456789012.dkr.ecr.us-east-1.amazonaws.com/train:1';
const folders: string[] = [];
test.afterAll(async () => {
  for (const folder of folders) await rm(folder, { recursive: true, force: true });
});

/** A file for an agent. */
async function file(name: string, text: string): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'slipway-resources-'));
  folders.push(folder);
  const where = path.join(folder, name);
  await writeFile(where, text);
  return where;
}

/** A program without a container engine has to be told not to look for one. */
const NOOP = 'builder:\n  type: noop\n';

test('a Job: its pods with their states, what keeps it from starting, and the log of one pod', async ({
  page,
  api,
  team,
  startAgent,
}) => {
  const kube = await KubeApi.start();
  const cluster = new Cluster(kube);
  try {
    await api.createQueue(team, {
      name: 'cluster',
      resource: 'kubernetes',
      config: { format: 'yaml', source: 'spec:\n  parallelism: 2\n  completions: 2\n' },
    });
    await startAgent({
      entity: team,
      queues: ['cluster'],
      token: await api.agentToken(team, ['cluster']),
      args: ['-c', await file('launch-config.yaml', NOOP)],
      env: { KUBECONFIG: await file('kubeconfig', kube.kubeconfig()) },
    });
    const { id } = await api.launch(team, 'cluster', { image, entrypoint: ['train'] });
    await until(() => cluster.job(id) !== undefined, 'the Job');
    const job = cluster.job(id)!;
    const [first, second] = [
      cluster.addPod(job, undefined, 'train-a'),
      cluster.addPod(job, undefined, 'train-b'),
    ];
    cluster.status(second, (status) => {
      const message = '0/3 nodes are available: 3 Insufficient nvidia.com/gpu.';
      status['conditions'] = [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message }];
    });
    await page.goto(`/runs/${id}`);
    const pods = page.getByRole('list', { name: 'Pods' });
    await expect(pods.getByRole('listitem')).toHaveCount(2);
    await expect(page.getByRole('main')).toContainText('Insufficient nvidia.com/gpu');
    await expect(page.getByRole('main')).toContainText(`kubectl -n default describe job/${id}`);

    cluster.run(first);
    cluster.run(second);
    await expect(pods.getByRole('listitem').filter({ hasText: 'train-a' })).toContainText('Running');
    cluster.print(first, 'from the first');
    cluster.print(second, 'from the second');
    const log = page.getByRole('log');
    await expect(log).toContainText('from the second');
    await expect(log).toContainText('from the first');
    await expect(log).not.toContainText('[train-a]');
    await page.getByRole('button', { name: 'Filter the output' }).click();
    await page.getByRole('menuitemradio', { name: 'train-b' }).click();
    await expect(log).toContainText('from the second');
    await expect(log).not.toContainText('from the first');

    cluster.end(first, 0);
    cluster.end(second, 0);
    cluster.finishJob(id, 'Complete');
    await expect(page.getByRole('main').getByText('Finished', { exact: true }).first()).toBeVisible();
    await expect(pods.getByRole('listitem').filter({ hasText: 'train-a' })).toContainText('Succeeded');
  } finally {
    await kube.close();
  }
});

test('a training job: its instances with their states, and the page of the platform', async ({
  page,
  api,
  team,
  startAgent,
}) => {
  const aws = new TrainingJobs();
  await aws.start();
  try {
    const source = JSON.stringify({
      RoleArn: 'arn:aws:iam::123456789012:role/train',
      ResourceConfig: { InstanceType: 'ml.m5.xlarge', InstanceCount: 2, VolumeSizeInGB: 2 },
      OutputDataConfig: { S3OutputPath: 's3://bucket' },
      StoppingCondition: { MaxRuntimeInSeconds: 3600 },
    });
    await api.createQueue(team, { name: 'train', resource: 'sagemaker', config: { format: 'json', source } });
    await startAgent({
      entity: team,
      queues: ['train'],
      token: await api.agentToken(team, ['train']),
      args: [
        '-c',
        await file('launch-config.yaml', `environment:\n  type: aws\n  region: us-east-1\n${NOOP}`),
      ],
      env: { ...aws.env, AWS_EC2_METADATA_DISABLED: 'true' },
    });
    const { id } = await api.launch(team, 'train', { image });
    await until(() => aws.jobs.has(id), 'the training job');
    aws.move(id, 'Downloading', 'Downloading the training image');
    await page.goto(`/runs/${id}`);
    const instances = page.getByRole('list', { name: 'Instances' });
    await expect(instances.getByRole('listitem')).toHaveCount(2);
    await expect(instances).toContainText('algo-1');
    await expect(instances).toContainText('Downloading the training image');
    await expect(page.getByRole('link', { name: 'Open it at the platform' })).toHaveAttribute(
      'href',
      `https://us-east-1.console.aws.amazon.com/sagemaker/home?region=us-east-1#/jobs/${id}`,
    );
    aws.move(id, 'Training');
    aws.log(`${id}/algo-1-1700000000`, 1000, 'epoch 1');
    aws.log(`${id}/algo-2-1700000000`, 1000, 'epoch 1');
    await expect(page.getByRole('log')).toContainText('epoch 1');
    await page.getByRole('button', { name: 'Filter the output' }).click();
    await expect(page.getByRole('menuitemradio', { name: 'algo-2' })).toBeVisible();
  } finally {
    await aws.stop();
  }
});

test('a custom job: its worker pools with their states, and the page of the platform', async ({
  page,
  api,
  team,
  startAgent,
}) => {
  test.setTimeout(120_000);
  const gcp = new CustomJobs();
  await gcp.start();
  try {
    const source = JSON.stringify({
      spec: {
        worker_pool_specs: [
          { machine_spec: { machine_type: 'n1-standard-4' } },
          { machine_spec: { machine_type: 'n1-highmem-8' }, replica_count: 3 },
        ],
        staging_bucket: 'gs://bucket',
      },
    });
    await api.createQueue(team, {
      name: 'vertex',
      resource: 'gcp-vertex',
      config: { format: 'json', source },
    });
    const { HOME: _home, ...env } = gcp.env;
    await startAgent({
      entity: team,
      queues: ['vertex'],
      token: await api.agentToken(team, ['vertex']),
      args: [
        '-c',
        await file(
          'launch-config.yaml',
          `environment:\n  type: gcp\n  region: us-central1\n  project: my-project\n${NOOP}`,
        ),
      ],
      env: Object.fromEntries(
        Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined),
      ),
    });
    const { id } = await api.launch(team, 'vertex', { image });
    await until(() => gcp.jobs.length === 1, 'the custom job');
    gcp.move(0, 'RUNNING');
    await page.goto(`/runs/${id}`);
    const pools = page.getByRole('list', { name: 'Worker pools' });
    await expect(pools.getByRole('listitem')).toHaveCount(2);
    await expect(pools.getByRole('listitem').nth(1)).toContainText('workerpool1');
    await expect(pools.getByRole('listitem').nth(1)).toContainText('RUNNING');
    await expect(pools).toContainText('3 × n1-highmem-8');
    await expect(page.getByRole('link', { name: 'Open it at the platform' })).toHaveAttribute(
      'href',
      'https://console.cloud.google.com/vertex-ai/locations/us-central1/training/1000?project=my-project',
    );
    await expect(page.getByRole('main')).toContainText('gcloud ai custom-jobs list --project=my-project');
    gcp.move(0, 'SUCCEEDED');
    // The agent waits for what Cloud Logging is late with before it tells the end.
    await expect(page.getByRole('main').getByText('Finished', { exact: true }).first()).toBeVisible({
      timeout: 60_000,
    });
  } finally {
    await gcp.stop();
  }
});

test('a build: the image, the tag and the Dockerfile it was made of', async ({
  page,
  api,
  team,
  baseURL,
}) => {
  await api.createQueue(team, { name: 'lab' });
  const agent = await new BareAgent(baseURL!, await api.agentToken(team, ['lab'])).register(['lab']);
  const { id } = await api.launch(team, 'lab', { entrypoint: ['true'] });
  const [run] = await agent.lease();
  const reference = 'registry.example.com/team/train:0123456789ab';
  await agent.report(
    run!,
    { state: 'building' },
    {
      kind: 'image',
      image: reference,
      build: {
        tag: '0123456789ab',
        image: reference,
        dockerfile: 'FROM python:3.12\nCOPY . .\n',
        cached: true,
        contextFiles: 7,
      },
    },
  );
  await page.goto(`/runs/${id}`);
  await page.getByRole('link', { name: 'Build', exact: true }).click();
  const main = page.getByRole('main');
  await expect(main).toContainText(reference);
  await expect(main).toContainText('FROM python:3.12');
  await expect(main).toContainText('Not again: the same source was built before');
  await expect(main).toContainText('7 files');
});
