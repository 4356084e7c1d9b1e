import type { RunPart } from '@/core/wire';
import { explainExit } from '../exit';
import type { JobView } from '../remote/watch';
import type { Outcome } from '../types';
import type { TrainingJob } from './client';

/** The program has begun, or had. */
const BEGUN = new Set(['Training', 'Uploading', 'Completed']);
/** What SageMaker says while it waits for machines, or has lost them. */
const WORTH_TELLING = /insufficient|capacity|retry|interrupt|unable|error|fail/i;

/** Where the job is seen in the console of AWS. */
export function consoleUrl(region: string, name: string): string {
  const domain = region.startsWith('cn-')
    ? 'console.amazonaws.cn'
    : region.startsWith('us-gov-')
      ? 'console.amazonaws-us-gov.com'
      : 'console.aws.amazon.com';
  return `https://${region}.${domain}/sagemaker/home?region=${region}#/jobs/${encodeURIComponent(name)}`;
}

/** A training job as it is told on the run's page: SageMaker knows one state for all instances. */
export function viewOf(job: TrainingJob, region: string): JobView {
  const state = job.SecondaryStatus ?? job.TrainingJobStatus ?? 'unknown';
  const last = job.transitions.at(-1);
  const url = consoleUrl(region, job.TrainingJobName ?? '');
  const parts = Array.from({ length: job.instances }, (_, index): RunPart => ({
    name: `algo-${index + 1}`,
    kind: 'instance',
    state: state.slice(0, 100),
    ...(last?.status === state && last.message ? { message: last.message.slice(0, 1000) } : {}),
  }));
  const warnings = job.transitions
    .filter(
      ({ status, message }) => status === 'Interrupted' || (isActive(status) && WORTH_TELLING.test(message)),
    )
    .map(({ status, message }) => ({
      reason: status === 'Interrupted' ? 'SpotInterrupted' : 'Capacity',
      message: message || 'SageMaker has taken the spot instances back; it goes on when there are others.',
    }));
  return {
    running: BEGUN.has(state) || job.startedAt !== null,
    held: state === 'Pending',
    parts,
    url,
    warnings,
    outcome: outcomeOf(job),
  };
}

const isActive = (status: string) => !['Completed', 'Failed', 'Stopped', 'Stopping'].includes(status);

/** Null while it goes on. */
export function outcomeOf(job: TrainingJob): Outcome | null {
  switch (job.TrainingJobStatus) {
    case 'Completed':
      return { result: 'succeeded', exitCode: 0 };
    case 'Failed':
      return wasInterrupted(job) ? preempted(job) : failureOf(job.FailureReason ?? '');
    case 'Stopped':
      return stoppedOutcome(job);
    default:
      return null;
  }
}

function stoppedOutcome(job: TrainingJob): Outcome {
  const spot = job.EnableManagedSpotTraining === true;
  if (job.SecondaryStatus === 'MaxRuntimeExceeded') {
    return failed(
      'user-error',
      'The job ran longer than StoppingCondition.MaxRuntimeInSeconds allows, and SageMaker stopped it.',
    );
  }
  if (spot && wasInterrupted(job)) return preempted(job);
  if (job.SecondaryStatus === 'MaxWaitTimeExceeded') {
    return failed('quota', 'SageMaker found no spot instances within StoppingCondition.MaxWaitTimeInSeconds. Allow a longer wait, another type of instance, or no spot.'); // prettier-ignore
  }
  return { result: 'stopped' };
}

/** The machines were taken away, and it has not gone on since. */
function wasInterrupted({ SecondaryStatus, FailureReason = '', transitions }: TrainingJob): boolean {
  if (SecondaryStatus === 'Interrupted' || /spot.*interrupt|interrupt.*spot/i.test(FailureReason))
    return true;
  const before = transitions.filter(({ status }) => isActive(status) && status !== 'MaxWaitTimeExceeded');
  const interrupted = before.findLastIndex(({ status }) => status === 'Interrupted');
  return interrupted >= 0 && !before.slice(interrupted).some(({ status }) => BEGUN.has(status));
}

const preempted = ({ FailureReason }: TrainingJob): Outcome => ({
  result: 'preempted',
  reason: FailureReason || 'SageMaker took the spot instances back.',
});

type Category = Extract<Outcome, { result: 'failed' }>['failure']['category'];
const failed = (category: Category, message: string, exitCode: number | null = null): Outcome => ({
  result: 'failed',
  failure: { phase: 'run', category, message, exitCode },
});

/** `FailureReason` begins with whose fault it is, and names the exit code of the container when there is one. */
function failureOf(reason: string): Outcome {
  const code = /exit code:?\s*(-?\d+)/i.exec(reason)?.[1];
  const exitCode = code === undefined ? null : Number(code);
  const said = reason === '' ? 'SageMaker gave no reason.' : `SageMaker says: ${reason}`;
  if (/out of memory|OutOfMemory|more memory|\bOOM\b/i.test(reason) || exitCode === 137) {
    return failed('oom', `The program needed more memory than the instance has. ${said}`, exitCode);
  }
  if (/^CapacityError|InsufficientCapacity|unable to provision/i.test(reason)) {
    return failed('quota', `There are no such instances in the region at the moment. ${said}`, exitCode);
  }
  if (/image/i.test(reason) && /pull|not found|cannot find|does not exist|denied|authoriz/i.test(reason)) {
    return failed('image-pull', `The image could not be had. ${said}`, exitCode);
  }
  if (/^InternalServerError|^InternalError/i.test(reason)) return failed('platform', said, exitCode);
  if (/^ClientError/i.test(reason)) return failed('config', said, exitCode);
  const explained = exitCode === null ? '' : `${explainExit(exitCode, 'image')} `;
  return failed('user-error', `${explained}${said}`, exitCode);
}
