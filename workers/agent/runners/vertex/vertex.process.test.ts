import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { renderSubmission } from '@/core/render';
import type { JsonObject } from '@/core/wire';
import { createGcpEnvironment } from '../../environments/gcp';
import { until } from '../../testing/child';
import { setEnv } from '../../testing/clouds/http';
import { CustomJobs } from '../../testing/custom-jobs';
import { runnerJob, TestPatience, Watched } from '../../testing/watching';
import { createVertexRunner } from '.';

const image = 'us-docker.pkg.dev/p/r/train:1';
const pool = (replicas: number): JsonObject => ({
  machine_spec: {
    machine_type: 'n1-standard-4',
    accelerator_type: 'ACCELERATOR_TYPE_UNSPECIFIED',
    accelerator_count: 0,
  },
  replica_count: replicas,
  container_spec: { image_uri: '${image_uri}' },
});
const spec = (changes: JsonObject = {}, replicas = 1) => ({
  resource: 'gcp-vertex' as const,
  image,
  args: ['--lr', '1'],
  config: {
    spec: { worker_pool_specs: [pool(replicas)], staging_bucket: 'gs://bucket', ...changes },
    run: { restart_job_on_worker_restart: false, timeout: 3600 },
  },
});
const fast = { perSecond: 200, burst: 20 };
const timing = {
  board: { pollMs: 30 },
  watch: { logMs: 20, maxLogMs: 50, settleMs: 50, maxSettleMs: 5000 },
  quotaMs: 20,
  logPollMs: 20,
  paces: { jobs: fast, logs: fast },
};

const gcp = new CustomJobs();
let restore: () => void;
beforeEach(async () => {
  gcp.jobs.length = 0;
  gcp.entries.length = 0;
  gcp.calls.length = 0;
  gcp.intercept = () => undefined;
  await gcp.start();
  restore = setEnv(gcp.env);
});
afterEach(async () => {
  restore();
  await gcp.stop();
});

const newRunner = () =>
  createVertexRunner({ environment: createGcpEnvironment('us-central1', 'my-project'), timing });
async function submit(runner = newRunner(), run: Parameters<typeof runnerJob>[0] = spec(), changes = {}) {
  const job = runnerJob(run, changes);
  const patience = new TestPatience();
  const prepared = await runner.prepare(job, patience);
  await prepared.submit(patience);
  return { runner, job, prepared, patience, ref: prepared.externalRef };
}

describe('submission', () => {
  it('is byte for byte what the preview shows, sent to the regional interface', async () => {
    const { job, ref } = await submit();
    const preview = renderSubmission(job.spec, { image });
    expect(gcp.jobs[0]!.raw).toBe(preview.submission.text);
    expect(gcp.jobs[0]!.name).toBe('projects/my-project/locations/us-central1/customJobs/1000');
    expect(ref).toBe(`my-project/us-central1/${job.spec.runId}`);
    expect(gcp.jobs[0]!.body).toMatchObject({
      labels: { 'slipway-run-id': job.spec.runId },
      jobSpec: {
        workerPoolSpecs: [{ replicaCount: 1, containerSpec: { imageUri: image, args: ['--lr', '1'] } }],
        scheduling: { timeout: '3600s', restartJobOnWorkerRestart: false },
        baseOutputDirectory: { outputUriPrefix: `gs://bucket/${job.spec.runId}` },
      },
    });
  });

  it('goes to the project and region that the queue names, and carries secrets only on the way', async () => {
    const run = spec({ project: 'other-project', location: 'europe-west4' });
    const { prepared } = await submit(newRunner(), run, { secrets: { TOKEN: 'hunter2' } });
    expect(gcp.jobs[0]!.name).toBe('projects/other-project/locations/europe-west4/customJobs/1000');
    expect(prepared.submission.text).not.toContain('hunter2');
    expect(gcp.jobs[0]!.raw).toContain('"value": "hunter2"');
  });

  it('happens once, whatever becomes of the answer, and is found again by its labels', async () => {
    let drops = 1;
    gcp.intercept = (call) => (call === 'create' && drops-- > 0 ? 'drop' : undefined);
    const { ref, job, runner, prepared } = await submit();
    expect(gcp.jobs).toHaveLength(1);
    await prepared.submit(new TestPatience());
    await (await newRunner().prepare(job, new TestPatience())).submit(new TestPatience());
    expect(gcp.jobs).toHaveLength(1);
    expect(await newRunner().adopt(ref, new TestPatience())).toBe(true);
    expect(await runner.adopt('my-project/us-central1/abcdefgh', new TestPatience())).toBe(false);
    await (await runner.prepare({ ...job, execution: 2 }, new TestPatience())).submit(new TestPatience());
    expect(gcp.jobs.map(({ body }) => body.labels['slipway-execution'])).toEqual(['1', '2']);
  });

  it('waits while a quota is used up, which holds the run back', async () => {
    const refusals = [
      { code: 503, status: 'UNAVAILABLE', message: 'Try again.' },
      {
        code: 429,
        status: 'RESOURCE_EXHAUSTED',
        message:
          'The following quota metrics exceed quota limits: aiplatform.googleapis.com/custom_model_training_cpus',
      },
    ];
    gcp.intercept = (call) => (call === 'create' ? refusals.shift() : undefined);
    const { patience } = await submit();
    expect(gcp.jobs).toHaveLength(1);
    expect(patience.holds).toEqual([true, false]);
    expect(patience.warnings).toEqual([
      expect.stringMatching(/QuotaExceeded: .*custom_model_training_cpus.*larger quota/),
    ]);
  });

  it.each([
    [
      'a permission',
      {
        code: 403,
        status: 'PERMISSION_DENIED',
        message: "Permission 'iam.serviceAccounts.actAs' denied on service account x",
      },
      'needs iam.serviceAccounts.actAs',
    ],
    [
      'a wrong value',
      { code: 400, status: 'INVALID_ARGUMENT', message: 'Machine type "n9" is not supported.' },
      'refused the request: Machine type "n9" is not supported.',
    ],
    [
      'a project',
      { code: 404, status: 'NOT_FOUND', message: 'Project my-project not found.' },
      'Project my-project not found.',
    ],
    [
      'credentials',
      { code: 401, status: 'UNAUTHENTICATED', message: 'expired' },
      "does not accept the agent's credentials",
    ],
  ])('says what is wrong with %s', async (_what, refusal, words) => {
    gcp.intercept = (call) => (call === 'create' ? refusal : undefined);
    await expect(submit()).rejects.toMatchObject({
      failure: { phase: 'submit', category: 'config', message: expect.stringContaining(words) },
    });
  });
});

describe('watching', () => {
  it('tells states as worker pools, then the log with the names of the replicas, then the end', async () => {
    const { runner, ref } = await submit(newRunner(), spec({}, 2));
    const run = new Watched(runner, ref);
    await until(() => run.of('parts').length > 0, 'parts');
    expect(run.of('running')).toEqual([]);
    gcp.move(0, 'RUNNING');
    gcp.log(0, 1, 'one');
    gcp.log(0, 2, 'two', { task: 'workerpool0-1' });
    await run.logs('[workerpool0-0] one\n[workerpool0-1] two\n');
    gcp.log(0, 3, 'three');
    gcp.move(0, 'SUCCEEDED');
    expect(await run.ended()).toEqual({ result: 'succeeded', exitCode: 0 });
    expect(run.log).toMatch(/\[workerpool0-0\] three\n$/);
    expect(run.sources).toEqual(['workerpool0-0', 'workerpool0-1']);
    expect(run.of('parts').map(({ parts }) => parts)).toEqual(
      ['PENDING', 'RUNNING', 'SUCCEEDED'].map((state) => [
        { name: 'workerpool0', kind: 'worker-pool', state, message: '2 × n1-standard-4' },
      ]),
    );
    expect(run.of('parts')[0]!.url).toBe(
      'https://console.cloud.google.com/vertex-ai/locations/us-central1/training/1000?project=my-project',
    );
  });

  it('takes entries that arrive late, each once', async () => {
    const { runner, ref } = await submit();
    gcp.move(0, 'RUNNING');
    gcp.log(0, 10, 'ten');
    const run = new Watched(runner, ref);
    await run.logs('ten\n');
    gcp.log(0, 8, 'eight');
    await run.logs('eight\n');
    gcp.log(0, 12, 'twelve');
    await run.logs('twelve\n');
    expect(run.log).toBe('ten\neight\ntwelve\n');
    await run.leave();
  });

  it('goes on in the log exactly where the agent before was cut off', async () => {
    const { runner, ref } = await submit();
    gcp.move(0, 'RUNNING');
    const lines = ['a', 'bb', 'ccc', 'dddd'];
    lines.forEach((line, index) => gcp.log(0, 2 + Math.floor(index / 2), line));
    const whole = lines.map((line) => `${line}\n`).join('');
    for (let bytes = 0; bytes <= whole.length; bytes++) {
      const first = new Watched(runner, ref);
      await first.logs('dddd\n');
      const cursor = await first.leave(bytes);
      const next = new Watched(newRunner(), ref, cursor);
      gcp.log(0, 20, 'new');
      await next.logs('new\n');
      expect(next.log).toBe(`${whole.slice(bytes)}new\n`);
      await next.leave();
      gcp.entries.pop();
    }
  });

  it('goes on in the log of each replica on its own', async () => {
    const { runner, ref } = await submit(newRunner(), spec({}, 2));
    gcp.move(0, 'RUNNING');
    gcp.log(0, 2, 'one');
    gcp.log(0, 4, 'two', { task: 'workerpool0-1' });
    const whole = '[workerpool0-0] one\n[workerpool0-1] two\n';
    const first = new Watched(runner, ref);
    await first.logs(whole);
    // The server took the first line only; then the other replica is late with an earlier one.
    const cursor = await first.leave('[workerpool0-0] one\n'.length);
    gcp.log(0, 1, 'late', { task: 'workerpool0-1' });
    const next = new Watched(newRunner(), ref, cursor);
    await next.logs('two\n');
    expect(next.log).toBe('[workerpool0-1] late\n[workerpool0-1] two\n');
    await next.leave();
  });

  it.each<[string, string, { code: number; message: string } | undefined, unknown]>([
    [
      'an exit code',
      'FAILED',
      { code: 3, message: 'The replica workerpool0-0 exited with a non-zero status of 3.' },
      { result: 'failed', failure: { category: 'user-error', exitCode: 3 } },
    ],
    [
      'too little memory',
      'FAILED',
      { code: 9, message: 'Replicas low on memory: workerpool0-0. Out of memory.' },
      { result: 'failed', failure: { category: 'oom' } },
    ],
    [
      'no machines',
      'FAILED',
      { code: 8, message: 'Resources are insufficient in region: us-central1.' },
      { result: 'failed', failure: { category: 'quota' } },
    ],
    [
      'a fault of the service',
      'FAILED',
      { code: 13, message: 'Internal error.' },
      { result: 'failed', failure: { category: 'platform' } },
    ],
    [
      'a spot machine taken away',
      'FAILED',
      { code: 10, message: 'The VM was preempted.' },
      { result: 'preempted' },
    ],
    ['too long a run', 'EXPIRED', undefined, { result: 'failed', failure: { category: 'user-error' } }],
    ['a stop in the console', 'CANCELLED', undefined, { result: 'stopped' }],
  ])('tells %s apart', async (_what, state, error, outcome) => {
    const { runner, ref } = await submit();
    gcp.move(0, 'RUNNING');
    gcp.move(0, state, error);
    expect(await new Watched(runner, ref).ended()).toMatchObject(outcome as object);
  });

  it('holds the run back while it is queued, survives lost connections, and tells of a deleted job', async () => {
    const { runner, ref } = await submit();
    gcp.move(0, 'QUEUED');
    const run = new Watched(runner, ref);
    await until(() => run.of('held').length > 0, 'held');
    let troubles = 0;
    gcp.intercept = () => (troubles++ < 3 ? 'drop' : undefined);
    gcp.move(0, 'RUNNING');
    await until(() => run.of('running').length > 0, 'running');
    gcp.jobs.length = 0;
    expect(await run.ended()).toMatchObject({ result: 'failed', failure: { category: 'deleted' } });
  });

  it('goes on without the log when it may not be read, and says which permission is missing', async () => {
    const { runner, ref } = await submit();
    gcp.intercept = (call) =>
      call === 'entries'
        ? { code: 403, status: 'PERMISSION_DENIED', message: 'Permission denied.' }
        : undefined;
    gcp.move(0, 'RUNNING');
    const run = new Watched(runner, ref);
    await until(() => run.of('warning').length > 0, 'a warning');
    gcp.move(0, 'SUCCEEDED');
    expect(await run.ended()).toMatchObject({ result: 'succeeded' });
    expect(run.of('warning')[0]!.message).toContain('needs logging.logEntries.list');
  });
});

it('stops by cancelling and resolves when the job has ended', async () => {
  const { runner, ref } = await submit();
  gcp.move(0, 'RUNNING');
  const stopped = runner.stop(ref, 60, new TestPatience());
  await until(() => gcp.jobs[0]!.state === 'JOB_STATE_CANCELLING', 'the cancellation');
  gcp.move(0, 'CANCELLED');
  expect(await stopped).toEqual({ forced: false });
  await runner.discard(ref, new TestPatience());
  expect(gcp.count('cancel')).toBe(1);
});

it('asks for many runs together', async () => {
  const runner = newRunner();
  const refs: string[] = [];
  for (let index = 0; index < 12; index++) refs.push((await submit(runner)).ref);
  const runs = refs.map((ref) => new Watched(runner, ref));
  refs.forEach((_, index) => gcp.move(index, 'RUNNING'));
  refs.forEach((_, index) => gcp.log(index, 2, `hello ${index}`));
  await Promise.all(runs.map((run, index) => run.logs(`hello ${index}\n`)));
  refs.forEach((_, index) => gcp.move(index, 'SUCCEEDED'));
  await Promise.all(runs.map((run) => run.ended()));
  expect(gcp.count('get')).toBeLessThanOrEqual(4 * refs.length);
  expect(runs.map((run) => run.log)).toEqual(refs.map((_, index) => `hello ${index}\n`));
});
