import type { RunPart } from '@/core/wire';
import { explainExit } from '../exit';
import type { JobView } from '../remote/watch';
import type { Outcome } from '../types';
import type { CustomJob, Place } from './client';

/** `projects/P/locations/L/customJobs/ID` → `ID`. */
export const jobId = (name: string): string => name.split('/').at(-1) ?? '';

const consoleUrl = ({ project, location }: Place, name: string) =>
  `https://console.cloud.google.com/vertex-ai/locations/${location}/training/${jobId(name)}?project=${encodeURIComponent(project)}`;

/** A custom job as it is told on the run's page: Vertex AI knows one state for all pools. */
export function viewOf(job: CustomJob, place: Place): JobView {
  const state = job.state.replace('JOB_STATE_', '');
  const { workerPoolSpecs, scheduling } = job.jobSpec;
  const url = consoleUrl(place, job.name);
  const parts = workerPoolSpecs.map(({ replicaCount, machineSpec }, index): RunPart => {
    // An interactive shell of its first replica, where the queue asks for one.
    const shell = job.webAccessUris[`workerpool${index}-0`];
    return {
      name: `workerpool${index}`,
      kind: 'worker-pool',
      state,
      message: `${replicaCount} × ${machineSpec.machineType || 'machine'}`,
      ...(shell === undefined ? {} : { url: shell }),
    };
  });
  const waits = state === 'QUEUED' || (state === 'PENDING' && scheduling?.strategy === 'FLEX_START');
  return {
    running: job.startTime !== undefined || state === 'RUNNING',
    held: waits,
    parts,
    url,
    // What is wrong while it goes on (a machine that is not to be had).
    warnings:
      job.error?.message && outcomeOf(job) === null
        ? [{ reason: 'Platform', message: job.error.message }]
        : [],
    outcome: outcomeOf(job),
  };
}

/** How many machines write logs. */
export const replicas = (job: CustomJob): number =>
  job.jobSpec.workerPoolSpecs.reduce((sum, { replicaCount }) => sum + replicaCount, 0);

/** Null while it goes on. */
export function outcomeOf(job: CustomJob): Outcome | null {
  switch (job.state) {
    case 'JOB_STATE_SUCCEEDED':
    case 'JOB_STATE_PARTIALLY_SUCCEEDED':
      return { result: 'succeeded', exitCode: 0 };
    case 'JOB_STATE_CANCELLED':
      return { result: 'stopped' };
    case 'JOB_STATE_EXPIRED':
      return failed('user-error', `The job ran longer than its timeout allows. ${said(job)}`.trim());
    case 'JOB_STATE_FAILED':
      return failureOf(job);
    default:
      return null;
  }
}

const said = ({ error }: CustomJob) => (error?.message ? `Vertex AI says: ${error.message}` : '');

type Category = Extract<Outcome, { result: 'failed' }>['failure']['category'];
const failed = (category: Category, message: string, exitCode: number | null = null): Outcome => ({
  result: 'failed',
  failure: { phase: 'run', category, message, exitCode },
});

/** Codes are those of google.rpc: 3 invalid argument, 7 permission denied, 8 resource exhausted, 13 internal, 14 unavailable. */
function failureOf(job: CustomJob): Outcome {
  const { code = 0, message = '' } = job.error ?? {};
  const words = said(job) || 'Vertex AI gave no reason.';
  const status = /(?:non-zero )?(?:exit )?(?:status|code)(?: of)?:? (\d{1,3})\b/i.exec(message)?.[1];
  const exitCode = status === undefined ? null : Number(status);
  if (/preempt/i.test(message)) return { result: 'preempted', reason: words };
  if (/out of memory|OOM|memory limit/i.test(message) || exitCode === 137) {
    return failed('oom', `The program needed more memory than the machine has. ${words}`, exitCode);
  }
  if (code === 8 || /quota|insufficient|stockout|resources are not available/i.test(message)) {
    return failed('quota', `There are no such machines for the project at the moment. ${words}`, exitCode);
  }
  if (/image/i.test(message) && /pull|not found|denied|permission|unable/i.test(message)) {
    return failed('image-pull', `The image could not be had. ${words}`, exitCode);
  }
  if (exitCode === null && (code === 3 || code === 7)) return failed('config', words, exitCode);
  if (code === 13 || code === 14) return failed('platform', words, exitCode);
  const explained = exitCode === null ? '' : `${explainExit(exitCode, 'image')} `;
  return failed('user-error', `${explained}${words}`, exitCode);
}
