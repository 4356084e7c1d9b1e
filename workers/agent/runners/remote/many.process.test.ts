import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { AgentProgram, until } from '../../testing/child';
import { CustomJobs } from '../../testing/custom-jobs';
import { FakeServer, type FakeRun } from '../../testing/fake-server';
import { eventsOf } from '../../testing/kube-agent';
import { testSpec } from '../../testing/spec';
import { TrainingJobs } from '../../testing/training-jobs';

const RUNS = 500;
const image = '123456789012.dkr.ecr.us-east-1.amazonaws.com/train:1';

let program: AgentProgram;
let folder: string;
beforeAll(async () => {
  program = await AgentProgram.build(
    `import { runManyAgent } from '@/workers/agent/testing/many-agent'; process.exitCode = await runManyAgent(process.env);`,
  );
  folder = await mkdtemp(join(tmpdir(), 'slipway-many-clouds-'));
});
afterAll(async () => {
  await program.remove();
  await rm(folder, { recursive: true, force: true });
});

/** What a cloud of the tests does to a run that is there. */
interface Cloud {
  start: () => Promise<void>;
  stop: () => Promise<void>;
  env: () => Record<string, string | undefined>;
  created: () => number;
  begin: (run: FakeRun) => void;
  end: (run: FakeRun) => void;
}

/**
 * An agent takes all runs at once and is killed while they run; one on another host, with nothing of the first one's disk, takes them over
 * and sees them to their end. @returns the most memory that each agent had, MiB
 */
async function takeOver(cloud: Cloud, spec: Parameters<typeof testSpec>[0]): Promise<number[]> {
  const server = new FakeServer();
  await Promise.all([server.start(), cloud.start()]);
  try {
    const runs = Array.from({ length: RUNS }, () => server.enqueue(testSpec({ image, ...spec })));
    const of = (condition: (run: FakeRun) => boolean) => runs.filter(condition).length;
    const start = async (name: string) =>
      program.start(server, {
        ...cloud.env(),
        TEST_AGENT: name,
        SLIPWAY_STATE_DIR: await mkdtemp(join(folder, `${name}-`)),
      });
    const all = (condition: (run: FakeRun) => boolean, what: string, agent: { log: () => string }) =>
      until(
        () => of(condition) === RUNS,
        () => `${what}: ${of(condition)} of ${RUNS}\n${agent.log().slice(-2000)}`,
        120_000,
      );

    const first = await start('one');
    await until(() => cloud.created() === RUNS, () => `${cloud.created()} jobs\n${first.log().slice(-2000)}`, 120_000); // prettier-ignore
    for (const run of runs) cloud.begin(run);
    await all((run) => run.state === 'running' && run.log.length > 0, 'running with a log', first);
    const peaks = [await peakMemory(first.pid)];
    first.kill('SIGKILL');
    await first.ended;

    const second = await start('two');
    await all((run) => eventsOf(run, 'adopted').length === 1, 'adopted', second);
    for (const run of runs) cloud.end(run);
    await all((run) => run.state === 'finished', 'finished', second);
    for (const run of runs) expect(run.log.toString()).toBe('begin\nend\n');
    expect(cloud.created()).toBe(RUNS);
    peaks.push(await peakMemory(second.pid));
    second.kill('SIGTERM');
    await second.ended;
    return peaks;
  } finally {
    await Promise.all([server.stop(), cloud.stop()]);
  }
}

const peakMemory = async (pid = 0): Promise<number> =>
  Number(/VmHWM:\s+(\d+)/.exec(await readFile(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;

it(`adopts ${RUNS} training jobs from an agent of another host, with few requests and little memory`, async () => {
  const aws = new TrainingJobs();
  const stream = ({ id }: FakeRun) => `${id}/algo-1-1700000000`;
  const peaks = await takeOver(
    {
      start: () => aws.start(),
      stop: () => aws.stop(),
      env: () => aws.env,
      created: () => aws.jobs.size,
      begin: (run) => {
        aws.log(stream(run), 1000, 'begin');
        aws.move(run.id, 'Training');
      },
      end: (run) => {
        aws.log(stream(run), 2000, 'end');
        aws.move(run.id, 'Completed');
      },
    },
    {
      resource: 'sagemaker',
      config: {
        RoleArn: 'arn:aws:iam::123456789012:role/train',
        ResourceConfig: { InstanceType: 'ml.m5.xlarge', InstanceCount: 1, VolumeSizeInGB: 2 },
        OutputDataConfig: { S3OutputPath: 's3://bucket' },
        StoppingCondition: { MaxRuntimeInSeconds: 3600 },
      },
    },
  );
  expect(aws.count('CreateTrainingJob')).toBe(RUNS);
  // Two when each agent meets with the job, one for each of two changes, and one more for the agent that adopts.
  expect(aws.count('DescribeTrainingJob') / RUNS).toBeLessThan(6);
  expect(aws.count('ListTrainingJobs')).toBeLessThan(RUNS);
  // Streams are listed once an agent; a log that does not grow is read more and more rarely (9 readings a run on a quiet machine).
  expect(aws.count('DescribeLogStreams') / RUNS).toBeLessThan(4);
  expect(aws.count('GetLogEvents') / RUNS).toBeLessThan(25);
  for (const peak of peaks) expect(peak).toBeLessThan(400);
}, 480_000);

it(`adopts ${RUNS} custom jobs from an agent of another host, with few requests and little memory`, async () => {
  const gcp = new CustomJobs();
  gcp.pages = { jobs: 100, entries: 1000 };
  const index = new Map<string, number>();
  const at = ({ id }: FakeRun) => {
    for (let next = index.size; next < gcp.jobs.length; next++)
      index.set(gcp.jobs[next]!.body.labels['slipway-run-id'] ?? '', next);
    return index.get(id) ?? -1;
  };
  const peaks = await takeOver(
    {
      start: () => gcp.start(),
      stop: () => gcp.stop(),
      env: () => gcp.env,
      created: () => gcp.jobs.length,
      begin: (run) => {
        gcp.log(at(run), 1, 'begin');
        gcp.move(at(run), 'RUNNING');
      },
      end: (run) => {
        gcp.log(at(run), 2, 'end');
        gcp.move(at(run), 'SUCCEEDED');
      },
    },
    {
      resource: 'gcp-vertex',
      config: {
        spec: {
          worker_pool_specs: [{ machine_spec: { machine_type: 'n1-standard-4' } }],
          staging_bucket: 'gs://b',
        },
      },
    },
  );
  expect(gcp.count('create')).toBe(RUNS);
  expect((gcp.count('get') + gcp.count('list')) / RUNS).toBeLessThan(6);
  // Each reading of the log is for fifty jobs.
  expect(gcp.count('entries')).toBeLessThan(RUNS);
  for (const peak of peaks) expect(peak).toBeLessThan(400);
}, 480_000);
