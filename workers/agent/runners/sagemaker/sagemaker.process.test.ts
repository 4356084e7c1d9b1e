import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { renderSubmission } from '@/core/render';
import type { JsonObject } from '@/core/wire';
import { createAwsEnvironment } from '../../environments/aws';
import { until } from '../../testing/child';
import { setEnv } from '../../testing/clouds/http';
import { TrainingJobs } from '../../testing/training-jobs';
import { runnerJob, TestPatience, Watched } from '../../testing/watching';
import { createSageMakerRunner } from '.';

const CONFIG: JsonObject = {
  RoleArn: 'arn:aws:iam::123456789012:role/train',
  ResourceConfig: { InstanceType: 'ml.m5.xlarge', InstanceCount: 1, VolumeSizeInGB: 2 },
  OutputDataConfig: { S3OutputPath: 's3://bucket' },
  StoppingCondition: { MaxRuntimeInSeconds: 3600 },
};
const image = '123456789012.dkr.ecr.us-east-1.amazonaws.com/train:1';
const spec = (config: JsonObject = {}) => ({
  resource: 'sagemaker' as const,
  image,
  config: { ...CONFIG, ...config },
});
const timing = {
  board: { pollMs: 30 },
  watch: { logMs: 20, maxLogMs: 50, settleMs: 50, maxSettleMs: 5000 },
  quotaMs: 20,
  paces: { jobs: { perSecond: 200, burst: 20 }, logs: { perSecond: 200, burst: 20 } },
};

const aws = new TrainingJobs();
let restore: () => void;
beforeEach(async () => {
  aws.jobs.clear();
  aws.streams.clear();
  aws.calls.length = 0;
  aws.intercept = () => undefined;
  await aws.start();
  restore = setEnv(aws.env);
});
afterEach(async () => {
  restore();
  await aws.stop();
});

const newRunner = () => createSageMakerRunner({ environment: createAwsEnvironment('us-east-1'), timing });
/** Submits a run and gives its name. */
async function submit(runner = newRunner(), config: JsonObject = {}, changes = {}) {
  const job = runnerJob(spec(config), changes);
  const patience = new TestPatience();
  const prepared = await runner.prepare(job, patience);
  await prepared.submit(patience);
  return { runner, job, prepared, patience, name: prepared.externalRef };
}

describe('submission', () => {
  it('is byte for byte what the preview shows, also fields that the SDK does not know', async () => {
    const { job, prepared, name } = await submit(undefined, { QuantumTraining: { Qubits: 3 } });
    const preview = renderSubmission(job.spec, { image });
    expect(aws.jobs.get(name)!.raw).toBe(preview.submission.text);
    expect(prepared.submission.text).toBe(preview.submission.text);
    expect(name).toBe(job.spec.runId);
  });

  it('puts secrets in only on the way, and refuses those that are too long without a word of them', async () => {
    const { prepared, name } = await submit(undefined, {}, { secrets: { TOKEN: 'hunter2' } });
    expect(prepared.submission.text).not.toContain('hunter2');
    expect((aws.jobs.get(name)!.body['Environment'] as JsonObject)['TOKEN']).toBe('hunter2');
    const long = await newRunner().prepare(
      runnerJob(spec(), { secrets: { KEY: 's'.repeat(600) } }),
      new TestPatience(),
    );
    expect(long.problems.filter(({ severity }) => severity === 'error')).toEqual([
      {
        severity: 'error',
        message: 'SageMaker takes at most 512 characters a variable; the secret KEY has 600.',
      },
    ]);
  });

  it('makes an ARN of a bare role name, and names later executions apart', async () => {
    const { name, job } = await submit(undefined, { RoleArn: 'train' }, { execution: 3 });
    expect(aws.jobs.get(name)!.body['RoleArn']).toBe('arn:aws:iam::123456789012:role/train');
    expect(name).toBe(`${job.spec.runId}-3`);
  });

  it('happens once, whatever becomes of the answer, and leaves jobs of others alone', async () => {
    let drops = 2;
    aws.intercept = (action) => (action === 'CreateTrainingJob' && drops-- > 0 ? 'drop' : undefined);
    const { name, job, runner, prepared } = await submit();
    expect(aws.jobs.size).toBe(1);
    await prepared.submit(new TestPatience());
    expect(await newRunner().adopt(name, new TestPatience())).toBe(true);
    expect(await runner.adopt('abcdefgh', new TestPatience())).toBe(false);

    aws.jobs.get(name)!.body['Environment'] = { SLIPWAY_RUN_ID: 'other' };
    const again = await newRunner().prepare({ ...job }, new TestPatience());
    await expect(again.submit(new TestPatience())).rejects.toThrow('not of this run');
  });

  it('waits out throttling and a used-up quota, which holds the run back', async () => {
    const refusals = [
      { type: 'ThrottlingException', message: 'Rate exceeded' },
      {
        type: 'ResourceLimitExceeded',
        message: 'The account-level service limit ml.m5.xlarge is 0 Instances',
      },
    ];
    aws.intercept = (action) => (action === 'CreateTrainingJob' ? refusals.shift() : undefined);
    const { patience, name } = await submit();
    expect(refusals).toEqual([]);
    expect(aws.jobs.has(name)).toBe(true);
    expect(patience.holds).toEqual([true, false]);
    expect(patience.warnings).toEqual([
      expect.stringMatching(/QuotaExceeded: .*ml\.m5\.xlarge is 0 Instances.*larger quota/),
    ]);
  });

  it.each([
    [
      'a permission',
      {
        type: 'AccessDeniedException',
        message: 'User: x is not authorized to perform: iam:PassRole on resource: r',
      },
      'needs iam:PassRole',
    ],
    [
      'a wrong value',
      { type: 'ValidationException', message: 'RoleArn is not valid' },
      'SageMaker refused the request: RoleArn is not valid',
    ],
    ['credentials', { type: 'ExpiredTokenException', message: 'expired', status: 403 }, 'have expired'],
  ])('says what is wrong with %s', async (_what, refusal, words) => {
    aws.intercept = (action) => (action === 'CreateTrainingJob' ? refusal : undefined);
    await expect(submit()).rejects.toMatchObject({
      failure: { phase: 'submit', category: 'config', message: expect.stringContaining(words) },
    });
  });
});

describe('watching', () => {
  it('tells phases as parts, then the log of all instances with their names, then the end', async () => {
    const { runner, name } = await submit(undefined, {
      ResourceConfig: { InstanceType: 'ml.m5.xlarge', InstanceCount: 2, VolumeSizeInGB: 2 },
    });
    const run = new Watched(runner, name);
    await until(() => run.of('parts').length > 0, 'parts');
    expect(run.of('running')).toEqual([]);
    aws.move(name, 'Training', 'Training image download completed.');
    aws.log(`${name}/algo-1-1700000000`, 1000, 'one', 'two', 'three');
    aws.log(`${name}/algo-2-1700000000`, 1000, 'eins');
    await run.logs('[algo-2] eins\n');
    await run.logs('[algo-1] one\n[algo-1] two\n[algo-1] three\n');
    aws.move(name, 'Completed');
    aws.log(`${name}/algo-1-1700000000`, 1001, 'last');
    expect(await run.ended()).toEqual({ result: 'succeeded', exitCode: 0 });
    expect(run.log).toMatch(/last\n$/);
    expect(run.sources).toEqual(['algo-1', 'algo-2']);
    expect(run.of('running')).toHaveLength(1);
    expect(
      run.of('parts').map(({ parts }) => parts.map(({ name: part, state }) => `${part} ${state}`)),
    ).toEqual([
      ['algo-1 Starting', 'algo-2 Starting'],
      ['algo-1 Training', 'algo-2 Training'],
      ['algo-1 Completed', 'algo-2 Completed'],
    ]);
    expect(run.of('parts')[0]!.url).toBe(
      `https://us-east-1.console.aws.amazon.com/sagemaker/home?region=us-east-1#/jobs/${name}`,
    );
  });

  it('goes on in the log exactly where the agent before was cut off', async () => {
    const { runner, name } = await submit();
    aws.move(name, 'Training');
    const lines = ['a', 'bb', 'ccc', 'dddd', 'eeeee'];
    aws.log(`${name}/algo-1-1700000000`, 1000, ...lines);
    const whole = lines.map((line) => `${line}\n`).join('');
    for (let bytes = 0; bytes <= whole.length; bytes++) {
      const first = new Watched(runner, name);
      await first.logs('eeeee\n');
      const cursor = await first.leave(bytes);
      const next = new Watched(newRunner(), name, cursor);
      aws.log(`${name}/algo-1-1700000000`, 1000 + bytes, 'new');
      await next.logs('new\n');
      expect(next.log).toBe(`${whole.slice(bytes)}new\n`);
      await next.leave();
      aws.streams.get(`${name}/algo-1-1700000000`)!.pop();
    }
  });

  it('starts again from its place when a token is no longer good, and survives throttling and lost connections', async () => {
    const { runner, name } = await submit();
    aws.move(name, 'Training');
    const stream = `${name}/algo-1-1700000000`;
    aws.log(stream, 1000, 'a', 'b', 'c');
    const run = new Watched(runner, name);
    await run.logs('c\n');
    let troubles = 0;
    aws.intercept = (action, body) => {
      if (action === 'GetLogEvents' && body['nextToken'] && troubles++ === 0)
        return { type: 'InvalidParameterException', message: 'The specified nextToken is invalid.' };
      if (action === 'DescribeTrainingJob' && troubles++ < 4) return 'drop';
      return undefined;
    };
    aws.log(stream, 1001, 'd');
    await run.logs('d\n');
    aws.move(name, 'Completed');
    expect(await run.ended()).toMatchObject({ result: 'succeeded' });
    expect(run.log).toBe('a\nb\nc\nd\n');
  });

  it.each<[string, [string, string, string?, string?][], unknown]>([
    [
      'an exit code',
      [
        ['Training', ''],
        ['Failed', '', 'Failed', 'AlgorithmError: ExecuteUserScriptError, exit code: 3'],
      ],
      { result: 'failed', failure: { category: 'user-error', exitCode: 3 } },
    ],
    [
      'too little memory',
      [
        ['Training', ''],
        ['Failed', '', 'Failed', 'AlgorithmError: , exit code: 137'],
      ],
      { result: 'failed', failure: { category: 'oom', exitCode: 137 } },
    ],
    [
      'no machines',
      [['Failed', '', 'Failed', 'CapacityError: Unable to provision requested ML compute capacity.']],
      { result: 'failed', failure: { category: 'quota' } },
    ],
    [
      'an image that is not there',
      [['Failed', '', 'Failed', 'ClientError: Cannot find repository: image not found in ECR']],
      { result: 'failed', failure: { category: 'image-pull' } },
    ],
    [
      'a fault of the service',
      [['Failed', '', 'Failed', 'InternalServerError: We encountered an internal error.']],
      { result: 'failed', failure: { category: 'platform' } },
    ],
    [
      'too long a run',
      [
        ['Training', ''],
        ['MaxRuntimeExceeded', ''],
      ],
      {
        result: 'failed',
        failure: { category: 'user-error', message: expect.stringContaining('MaxRuntimeInSeconds') },
      },
    ],
    [
      'a stop in the console',
      [
        ['Training', ''],
        ['Stopped', ''],
      ],
      { result: 'stopped' },
    ],
    [
      'a spot interruption that lasted',
      [
        ['Training', ''],
        ['Interrupted', 'Spot capacity reclaimed'],
        ['MaxWaitTimeExceeded', ''],
      ],
      { result: 'preempted' },
    ],
    [
      'a wait for spot in vain',
      [['MaxWaitTimeExceeded', '']],
      { result: 'failed', failure: { category: 'quota' } },
    ],
  ])('tells %s apart', async (_what, moves, outcome) => {
    const { runner, name } = await submit(undefined, { EnableManagedSpotTraining: true });
    for (const [secondary, message, status, reason] of moves)
      aws.move(name, secondary, message, status, reason);
    expect(await new Watched(runner, name).ended()).toMatchObject(outcome as object);
  });

  it('tells of an interruption while SageMaker looks for other machines, and of a deleted job', async () => {
    const { runner, name } = await submit(undefined, { EnableManagedSpotTraining: true });
    aws.move(name, 'Training');
    aws.move(name, 'Interrupted', 'Spot instances were interrupted');
    const run = new Watched(runner, name);
    await until(() => run.of('warning').length > 0, 'a warning');
    expect(run.of('warning')).toEqual([
      { type: 'warning', reason: 'SpotInterrupted', message: 'Spot instances were interrupted' },
    ]);
    aws.jobs.delete(name);
    expect(await run.ended()).toMatchObject({ result: 'failed', failure: { category: 'deleted' } });
  });

  it('goes on without the log when it may not be read, and says which permission is missing', async () => {
    const { runner, name } = await submit();
    aws.intercept = (action) =>
      action === 'DescribeLogStreams'
        ? {
            type: 'AccessDeniedException',
            message: 'User: x is not authorized to perform: logs:DescribeLogStreams on resource: r',
          }
        : undefined;
    aws.move(name, 'Training');
    aws.move(name, 'Completed');
    const run = new Watched(runner, name);
    expect(await run.ended()).toMatchObject({ result: 'succeeded' });
    expect(run.of('warning')[0]!.message).toContain('needs logs:DescribeLogStreams');
  });
});

describe('stopping', () => {
  it('asks SageMaker and resolves when the job has ended', async () => {
    const { runner, name } = await submit();
    aws.move(name, 'Training');
    let over = false;
    const stopped = runner.stop(name, 60, { signal: new TestPatience().signal }).then((result) => {
      over = true;
      return result;
    });
    await until(() => aws.jobs.get(name)!.status === 'Stopping', 'the stop');
    expect(over).toBe(false);
    aws.move(name, 'Stopped');
    expect(await stopped).toEqual({ forced: false });
    expect(await runner.stop(name, 60, new TestPatience())).toEqual({ forced: false });
  });

  it('takes back what was created while the stop came', async () => {
    const { runner, name } = await submit();
    await runner.discard(name, new TestPatience());
    expect(aws.jobs.get(name)!.status).toBe('Stopping');
    await newRunner().discard('never-tried', new TestPatience());
    expect(aws.count('StopTrainingJob')).toBe(1);
  });
});

describe('many runs', () => {
  const many = async (runner = newRunner()) => {
    const names = await Promise.all(Array.from({ length: 12 }, async () => (await submit(runner)).name));
    const runs = names.map((name) => new Watched(runner, name));
    for (const name of names) aws.move(name, 'Training');
    await until(() => runs.every((run) => run.of('running').length > 0), 'all running');
    return { names, runs };
  };

  it('are listed together: a change costs one look at the job', async () => {
    const { names, runs } = await many();
    const before = aws.count('DescribeTrainingJob');
    for (const name of names) aws.move(name, 'Completed');
    await Promise.all(runs.map((run) => run.ended()));
    expect(aws.count('DescribeTrainingJob') - before).toBeLessThanOrEqual(3 * names.length);
    expect(aws.count('ListTrainingJobs')).toBeGreaterThan(0);
  });

  it('are asked for one by one where listing is not allowed', async () => {
    aws.intercept = (action) =>
      action === 'ListTrainingJobs' ? { type: 'AccessDeniedException', message: 'no' } : undefined;
    const { names, runs } = await many();
    for (const name of names) aws.move(name, 'Completed');
    await Promise.all(runs.map((run) => run.ended()));
    expect(aws.count('ListTrainingJobs')).toBe(1);
  });
});
