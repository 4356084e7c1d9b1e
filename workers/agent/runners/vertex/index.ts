import { isJsonObject } from '@/core/config-tree';
import { renderSubmission, SECRET_PLACEHOLDER } from '@/core/render';
import type { Json, JsonObject } from '@/core/wire';
import type { GcpEnvironment } from '../../environments';
import { Board, BOARD_TIMING, type BoardTiming } from '../remote/board';
import type { PaceOptions } from '../remote/pace';
import { persist } from '../remote/persist';
import { QUOTA_WAIT, persistThroughQuota } from '../remote/quota';
import { WATCH_TIMING, watchRemote, type WatchTiming } from '../remote/watch';
import type { Patience, Runner, RunnerJob } from '../types';
import { VertexApi, type CustomJob, type Place } from './client';
import { CloudLoggingTail, LogHub } from './logs';
import { jobId, outcomeOf, replicas, viewOf } from './status';

/** The last lines of a job arrive late at Cloud Logging. */
const SETTLE_MS = 10_000;
const LOG_POLL_MS = 3000;
const ACTIVE = ['QUEUED', 'PENDING', 'RUNNING', 'CANCELLING', 'PAUSED', 'UPDATING'];

export interface VertexOptions {
  environment: GcpEnvironment;
  timing?: {
    board?: Partial<BoardTiming>;
    watch?: Partial<WatchTiming>;
    quotaMs?: number;
    logPollMs?: number;
    paces?: { jobs: PaceOptions; logs: PaceOptions };
  };
}

/**
 * A job's place and the labels by which it is found: Vertex AI gives names itself, so the labels are what is known beforehand. Written
 * as `PROJECT/LOCATION/RUN` with `-N` for the execution from the second on.
 */
interface Reference extends Place {
  runId: string;
  execution: number;
}

const writeRef = ({ project, location, runId, execution }: Reference): string =>
  `${project}/${location}/${runId}${execution > 1 ? `-${execution}` : ''}`;

function readRef(ref: string): Reference {
  const [project = '', location = '', name = ''] = ref.split('/');
  const [runId = '', execution = '1'] = name.split('-');
  return { project, location, runId, execution: Number(execution) };
}

/**
 * Runs jobs as custom jobs of Vertex AI. It is looked for by its labels before it is created, also after an answer that did not arrive,
 * so that it is created once only.
 */
export function createVertexRunner({ environment, timing = {} }: VertexOptions): Runner {
  const api = new VertexApi(environment, timing.paces);
  const hub = new LogHub(api, timing.logPollMs ?? LOG_POLL_MS);
  const quotaWait =
    timing.quotaMs === undefined ? QUOTA_WAIT : { baseMs: timing.quotaMs, maxMs: timing.quotaMs };
  const watchTiming = { ...WATCH_TIMING, settleMs: SETTLE_MS, ...timing.watch };
  /** Names that Vertex AI gave to the jobs of this process, by reference. */
  const names = new Map<string, string>();
  /** Jobs that this process has tried to create. */
  const tried = new Set<string>();

  const find = async (ref: string, signal: AbortSignal): Promise<CustomJob | null> => {
    const name = names.get(ref);
    const place = readRef(ref);
    if (name !== undefined) return api.get(name, place.location, signal);
    const jobs = await api.list(place, `labels.slipway-run-id=${place.runId}`, signal);
    const found = jobs.find(({ labels }) => Number(labels['slipway-execution'] ?? 1) === place.execution);
    if (found) names.set(ref, found.name);
    return found ?? null;
  };

  const board = new Board<CustomJob>(
    {
      get: find,
      isFinal: (job) => outcomeOf(job) !== null,
      async list(refs, signal) {
        const places = new Map([...refs].map((ref) => [ref.split('/').slice(0, 2).join('/'), readRef(ref)]));
        const active = new Map<string, CustomJob>();
        const states = ACTIVE.map((state) => `state="JOB_STATE_${state}"`).join(' OR ');
        for (const place of places.values()) {
          for (const job of await api.list(place, `labels.slipway-run-id:* AND (${states})`, signal))
            active.set(job.name, job);
        }
        // What is no longer among the active ones has ended.
        return new Map(
          [...refs].map((ref) => [ref, active.get(names.get(ref) ?? '') ?? ('changed' as const)]),
        );
      },
    },
    { ...BOARD_TIMING, ...timing.board },
  );

  const create = async (ref: string, body: string, patience: Patience): Promise<void> => {
    const { signal } = patience;
    const attemptOnce = async (): Promise<void> => {
      if (tried.has(ref) && (await find(ref, signal))) return;
      tried.add(ref);
      const job = await api.create(readRef(ref), body, signal);
      names.set(ref, job.name);
    };
    // Somebody may have created it under an earlier lease.
    if (await persist(() => find(ref, signal), patience)) return;
    const advice = 'Waiting until other jobs end; or ask Google for a larger quota.';
    await persistThroughQuota(attemptOnce, patience, advice, quotaWait);
  };

  return {
    hostBound: false,

    prepare(job) {
      const { submission, problems } = render(job);
      const document = isJsonObject(submission.document) ? submission.document : {};
      const place = placeOf(job, environment);
      const ref = writeRef({ ...place, runId: job.spec.runId, execution: job.execution });
      return {
        submission,
        problems,
        externalRef: ref,
        removeAtEnd: false,
        submit: (patience) => create(ref, bodyOf(submission.text, document, job.secrets), patience),
      };
    },

    async discard(ref, { signal }) {
      // Earlier executions have labels of their own. What a stop overtook while it was being created has to go.
      if (!tried.has(ref)) return;
      const job = await find(ref, signal);
      if (job && outcomeOf(job) === null) await api.cancel(job.name, readRef(ref).location, signal);
    },

    adopt: async (ref, patience) => (await persist(() => find(ref, patience.signal), patience)) !== null,

    watch: (ref, options) =>
      watchRemote(
        {
          follower: board.follow(ref),
          view: (job: CustomJob) => viewOf(job, readRef(ref)),
          openTail: (job, cursor) =>
            new CloudLoggingTail(
              hub,
              { id: jobId(job.name), project: readRef(ref).project, replicas: replicas(job) },
              cursor,
            ),
          timing: watchTiming,
          gone: 'The custom job was deleted from outside.',
        },
        options,
      ),

    async stop(ref, _graceSeconds, { signal }) {
      const job = await persist(() => find(ref, signal), { signal });
      if (job === null) return { forced: false };
      await persist(() => api.cancel(job.name, readRef(ref).location, signal), { signal });
      await board.untilOver(ref, (state) => outcomeOf(state) !== null, watchTiming.maxLogMs, signal);
      return { forced: false };
    },

    release(ref) {
      // Custom jobs stay in the project's history.
      names.delete(ref);
      tried.delete(ref);
      return Promise.resolve();
    },
  };
}

const render = (job: RunnerJob) =>
  renderSubmission(job.spec, {
    image: job.image,
    macroEnv: job.macroEnv,
    agentId: job.agentId,
    agentName: job.agentName,
    execution: job.execution,
    secretNames: Object.keys(job.secrets),
  });

/** Project and region of the queue, else those of the agent's environment. */
function placeOf({ spec }: RunnerJob, { project, region }: GcpEnvironment): Place {
  const written = isJsonObject(spec.config) ? spec.config['spec'] : undefined;
  const own = (key: string) => {
    const value = isJsonObject(written) ? written[key] : undefined;
    return typeof value === 'string' && /^[\w.:-]+$/.test(value) ? value : undefined;
  };
  return { project: own('project') ?? project ?? '', location: own('location') ?? region ?? '' };
}

/** What is sent: the submission byte for byte as it is shown, or with secrets in the places of their marks. */
function bodyOf(text: string, document: JsonObject, secrets: Record<string, string>): string {
  if (Object.keys(secrets).length === 0) return text;
  const step = (value: Json): Json => {
    if (Array.isArray(value)) return value.map(step);
    if (!isJsonObject(value)) return value;
    const { name } = value;
    // The renderer leaves each of these names to the secret alone, so an entry of it is the secret's.
    if (typeof name === 'string' && 'value' in value && Object.hasOwn(secrets, name)) {
      return {
        ...value,
        value: value['value'] === SECRET_PLACEHOLDER ? (secrets[name] ?? '') : (value['value'] ?? null),
      };
    }
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, step(item)]));
  };
  return JSON.stringify(step(document), null, 2);
}
