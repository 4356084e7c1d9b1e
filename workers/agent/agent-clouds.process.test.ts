import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { AgentProgram, until } from './testing/child';
import { CustomJobs } from './testing/custom-jobs';
import { FakeServer } from './testing/fake-server';
import { testSpec } from './testing/spec';
import { TrainingJobs } from './testing/training-jobs';

const image = '123456789012.dkr.ecr.us-east-1.amazonaws.com/train:1';
const CONFIG = {
  RoleArn: 'arn:aws:iam::123456789012:role/train',
  ResourceConfig: { InstanceType: 'ml.m5.xlarge', InstanceCount: 1, VolumeSizeInGB: 2 },
  OutputDataConfig: { S3OutputPath: 's3://bucket' },
  StoppingCondition: { MaxRuntimeInSeconds: 3600 },
};
const trainingSpec = (changes = {}) => testSpec({ resource: 'sagemaker', image, config: CONFIG, ...changes });
const customSpec = () =>
  testSpec({
    resource: 'gcp-vertex',
    image,
    config: {
      spec: {
        worker_pool_specs: [{ machine_spec: { machine_type: 'n1-standard-4' } }],
        staging_bucket: 'gs://b',
      },
    },
  });

let agents: AgentProgram;
let folder: string;
let running: ReturnType<AgentProgram['start']> | undefined;
const server = new FakeServer();
const aws = new TrainingJobs();
const gcp = new CustomJobs();
beforeAll(async () => {
  agents = await AgentProgram.build();
  folder = await mkdtemp(join(tmpdir(), 'slipway-clouds-'));
});
afterAll(async () => {
  await agents.remove();
  await rm(folder, { recursive: true, force: true });
});
beforeEach(async () => {
  server.runs.length = 0;
  aws.jobs.clear();
  aws.intercept = () => undefined;
  gcp.jobs.length = 0;
  await Promise.all([server.start(), aws.start(), gcp.start()]);
});
afterEach(async () => {
  running?.kill('SIGKILL');
  await running?.ended;
  await Promise.all([server.stop(), aws.stop(), gcp.stop()]);
});

const AWS = 'environment:\n  type: aws\n  region: us-east-1\n';
const GCP = 'environment:\n  type: gcp\n  region: us-central1\n  project: my-project\n';

/** An agent with this in its file. */
async function start(file: string, env: Record<string, string | undefined> = {}) {
  const path = join(folder, 'launch-config.yaml');
  await writeFile(path, `${file}builder:\n  type: noop\n`);
  const all = {
    ...aws.env,
    ...gcp.env,
    SLIPWAY_LAUNCH_CONFIG: path,
    AWS_EC2_METADATA_DISABLED: 'true',
    ...env,
  };
  return (running = agents.start(server, all));
}

it('submits once, and another agent after a kill goes on with job, log and result', async () => {
  const run = server.enqueue(trainingSpec());
  const first = await start(AWS);
  await until(() => aws.jobs.has(run.id), first.log);
  aws.move(run.id, 'Training');
  const stream = `${run.id}/algo-1-1700000000`;
  aws.log(stream, 1000, 'one', 'two');
  await until(() => run.log.toString() === 'one\ntwo\n', first.log);
  first.kill('SIGKILL');
  await first.ended;

  const second = await start(AWS);
  aws.log(stream, 1001, 'three');
  aws.move(run.id, 'Completed');
  await until(() => run.state === 'finished', second.log, 40_000);
  expect(run.log.toString()).toBe('one\ntwo\nthree\n');
  expect(aws.count('CreateTrainingJob')).toBe(1);
  const parts = run.events.findLast(({ data }) => data['kind'] === 'parts')?.data;
  expect(parts).toMatchObject({
    parts: [{ name: 'algo-1', kind: 'instance', state: 'Completed' }],
    url: expect.stringContaining('console.aws'),
  });
  second.kill('SIGTERM');
  expect(await second.ended).toBe(0);
});

it('stops a run, and one that does not start in time', async () => {
  const asked = server.enqueue(trainingSpec());
  const late = server.enqueue(trainingSpec({ startTimeoutSeconds: 6 }));
  const agent = await start(AWS);
  await until(() => aws.jobs.size === 2, agent.log);
  aws.move(asked.id, 'Training');
  await until(() => asked.state === 'running', agent.log);
  server.stopRun(asked);
  for (const run of [asked, late]) {
    await until(() => aws.jobs.get(run.id)!.status === 'Stopping', agent.log);
    aws.move(run.id, 'Stopped');
  }
  await until(() => asked.state === 'stopped' && late.state === 'failed', agent.log, 40_000);
  expect(late.events.at(-1)!.data).toMatchObject({ category: 'start-timeout' });
  agent.kill('SIGTERM');
  await agent.ended;
});

it('runs custom jobs of Vertex AI', async () => {
  const run = server.enqueue(customSpec());
  const agent = await start(GCP);
  await until(() => gcp.jobs.length === 1, agent.log);
  gcp.move(0, 'RUNNING');
  gcp.log(0, 2, 'hello');
  await until(() => run.log.toString() === 'hello\n', agent.log);
  gcp.move(0, 'SUCCEEDED');
  await until(() => run.state === 'finished', agent.log, 40_000);
  expect(run.externalRef).toBe(`my-project/us-central1/${run.id}`);
  agent.kill('SIGTERM');
  await agent.ended;
});

it('ends at the start without credentials, and says what to set', async () => {
  const agent = await start(AWS, {
    AWS_ENDPOINT_URL: '',
    AWS_ACCESS_KEY_ID: '',
    AWS_SECRET_ACCESS_KEY: '',
    HOME: folder,
  });
  expect(await agent.ended).toBe(2);
  expect(agent.log()).toMatch(/environment\.type is aws: .*no AWS credentials were found.*AWS_ACCESS_KEY_ID/);
});

it('says on the run what an agent without the right environment lacks', async () => {
  const training = server.enqueue(trainingSpec());
  const custom = server.enqueue(customSpec());
  const agent = await start(GCP);
  await until(() => training.state === 'failed' && gcp.jobs.length === 1, agent.log);
  expect(training.events.at(-1)!.data).toMatchObject({
    phase: 'agent',
    category: 'config',
    message: expect.stringMatching(/"environment: \{type: aws, region: .*this agent has "type: gcp"/),
  });
  expect(custom.state).toBe('starting');
  agent.kill('SIGTERM');
  await agent.ended;
});
