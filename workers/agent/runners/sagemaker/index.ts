import { executionName, renderSubmission } from '@/core/render';
import { MAX_VALUE } from '@/core/render/sagemaker';
import { isJsonObject } from '@/core/config-tree';
import type { JsonObject } from '@/core/wire';
import type { AwsEnvironment } from '../../environments';
import { CloudError } from '../../environments';
import { Board, BOARD_TIMING, type BoardTiming } from '../remote/board';
import type { PaceOptions } from '../remote/pace';
import { persist } from '../remote/persist';
import { QUOTA_WAIT, persistThroughQuota } from '../remote/quota';
import { WATCH_TIMING, watchRemote, type WatchTiming } from '../remote/watch';
import { RunFailure, type Patience, type PreparedRun, type Runner, type RunnerJob } from '../types';
import { SageMakerApi, type TrainingJob } from './client';
import { CloudWatchTail } from './logs';
import { outcomeOf, viewOf } from './status';

const RUN_TAG = 'slipway.dev/run-id';
/** How far back from the latest change a listing begins: SageMaker shows changes late and not in order, milliseconds. */
const LIST_SLACK_MS = 60_000;

export interface SageMakerOptions {
  environment: AwsEnvironment;
  timing?: {
    board?: Partial<BoardTiming>;
    watch?: Partial<WatchTiming>;
    quotaMs?: number;
    paces?: { jobs: PaceOptions; logs: PaceOptions };
  };
}

/**
 * Runs jobs as training jobs of SageMaker. The name of the job is the run id (with the number of the execution from the second on, since
 * SageMaker never gives a name free), and is what makes the submission happen once only.
 */
export function createSageMakerRunner({ environment, timing = {} }: SageMakerOptions): Runner {
  const api = new SageMakerApi(environment, timing.paces);
  const region = environment.region ?? '';
  const quotaWait =
    timing.quotaMs === undefined ? QUOTA_WAIT : { baseMs: timing.quotaMs, maxMs: timing.quotaMs };
  const watchTiming = { ...WATCH_TIMING, ...timing.watch };
  /** Jobs that this process has tried to create. */
  const tried = new Set<string>();
  /** Time of the latest change that SageMaker has told of; the agent's own clock does not count. */
  let latest = 0;
  /** When each job had last changed as it was looked at. */
  const seen = new Map<string, number>();
  let mayList = true;

  const board = new Board<TrainingJob>(
    {
      async get(ref, signal) {
        const job = await api.describe(ref, signal);
        latest = Math.max(latest, job?.modifiedAt ?? 0);
        seen.set(ref, job?.modifiedAt ?? 0);
        return job;
      },
      isFinal: (job) => outcomeOf(job) !== null,
      async list(refs, signal) {
        if (!mayList || latest === 0) return null;
        try {
          const changed = await api.changedSince(latest - LIST_SLACK_MS, signal);
          latest = changed.latest;
          const news = changed.jobs.filter(({ name, at }) => refs.has(name) && at !== seen.get(name));
          return new Map(news.map(({ name }) => [name, 'changed']));
        } catch (error) {
          if (!(error instanceof CloudError) || error.reason !== 'denied') throw error;
          // Without the permission each is asked for, which is slower and needs no other right.
          mayList = false;
          return null;
        }
      },
    },
    { ...BOARD_TIMING, ...timing.board },
  );

  /** Whether a job of this name is the run's: two installations may share an account. */
  const isOurs = async (job: TrainingJob, runId: string, signal: AbortSignal): Promise<boolean> => {
    const known = job.Environment?.['SLIPWAY_RUN_ID'];
    if (known !== undefined) return known === runId;
    return (await api.tag(job.arn, RUN_TAG, signal)) === runId;
  };

  const create = async (name: string, runId: string, body: string, patience: Patience): Promise<void> => {
    const { signal } = patience;
    tried.add(name);
    const advice = 'Waiting until other jobs end; or ask AWS for a larger quota.';
    const result = await persistThroughQuota(
      () => api.create(name, body, signal),
      patience,
      advice,
      quotaWait,
    );
    if (result === 'created') return;
    const job = await persist(() => api.describe(name, signal), patience);
    if (!job || !(await persist(() => isOurs(job, runId, signal), patience))) throw foreign(name);
  };

  return {
    hostBound: false,

    async prepare(job, patience) {
      const account = await persist(() => environment.account(patience.signal), patience);
      return prepare(job, account, region, create);
    },

    async discard(name, { signal }) {
      // Earlier executions have names of their own. What a stop overtook while it was being created has to go.
      if (!tried.has(name)) return;
      const job = await api.describe(name, signal);
      if (job && outcomeOf(job) === null) await api.stop(name, signal);
    },

    async adopt(name, patience) {
      const job = await persist(() => api.describe(name, patience.signal), patience);
      if (job === null) return false;
      const runId = name.split('-')[0] ?? name;
      if (!(await persist(() => isOurs(job, runId, patience.signal), patience))) throw foreign(name);
      tried.add(name);
      return true;
    },

    watch: (name, options) =>
      watchRemote(
        {
          follower: board.follow(name),
          view: (job: TrainingJob) => viewOf(job, region),
          openTail: ({ instances }, cursor) => new CloudWatchTail(api, { name, instances }, cursor),
          timing: watchTiming,
          gone: 'The training job was deleted from outside.',
        },
        options,
      ),

    async stop(name, _graceSeconds, { signal }) {
      await persist(() => api.stop(name, signal), { signal });
      // SageMaker sends SIGTERM, waits two minutes, and then saves what there is.
      await board.untilOver(name, (job) => outcomeOf(job) !== null, watchTiming.maxLogMs, signal);
      return { forced: false };
    },

    release(name) {
      // Training jobs stay in the account's history.
      tried.delete(name);
      seen.delete(name);
      return Promise.resolve();
    },
  };
}

const foreign = (name: string) =>
  new RunFailure({
    phase: 'submit',
    category: 'config',
    message: `A training job called ${name} is there in this account that is not of this run. Launch the run again.`,
  });

function prepare(
  job: RunnerJob,
  awsAccountId: string,
  region: string,
  create: (name: string, runId: string, body: string, patience: Patience) => Promise<void>,
): PreparedRun {
  const { submission, problems } = renderSubmission(job.spec, {
    image: job.image,
    macroEnv: job.macroEnv,
    agentId: job.agentId,
    agentName: job.agentName,
    execution: job.execution,
    awsAccountId,
    awsPartition: partitionOf(region),
    secretNames: Object.keys(job.secrets),
  });
  const document = isJsonObject(submission.document) ? submission.document : {};
  const name = executionName(job.spec.runId, job.execution);
  for (const [secret, { length }] of Object.entries(job.secrets)) {
    if (length > MAX_VALUE) {
      const message = `SageMaker takes at most ${MAX_VALUE} characters a variable; the secret ${secret} has ${length}.`;
      problems.push({ severity: 'error', message });
    }
  }
  return {
    submission,
    problems,
    externalRef: name,
    removeAtEnd: false,
    submit: (patience) =>
      create(name, job.spec.runId, bodyOf(submission.text, document, job.secrets), patience),
  };
}

/** What is sent: the submission byte for byte as it is shown, or with secrets in their places. */
function bodyOf(text: string, document: JsonObject, secrets: Record<string, string>): string {
  const shown = document['Environment'];
  if (Object.keys(secrets).length === 0 || !isJsonObject(shown)) return text;
  const put = Object.fromEntries(Object.entries(secrets).filter(([name]) => Object.hasOwn(shown, name)));
  return JSON.stringify({ ...document, Environment: { ...shown, ...put } }, null, 2);
}

const partitionOf = (region: string): string =>
  region.startsWith('cn-') ? 'aws-cn' : region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
