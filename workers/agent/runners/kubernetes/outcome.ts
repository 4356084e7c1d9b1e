import type { KubeObject } from '../../kube/types';
import { explainExit } from '../exit';
import type { Outcome } from '../types';
import { disruption, failureOf, podStatus } from './pods';
import type { Verdict } from './verdict';

type Category = Extract<Outcome, { result: 'failed' }>['failure']['category'];

export const failed = (category: Category, message: string, exitCode: number | null = null): Outcome => ({
  result: 'failed',
  failure: { phase: 'run', category, message, exitCode },
});

/** What is known of the end of a run. */
export interface Evidence {
  verdict: Verdict;
  /** All its pods that were seen, as they were last seen. */
  pods: KubeObject[];
  /** Names of pods that went away while their programs ran. */
  removed: string[];
}

/** Result, category and message of a run that has ended. */
export function outcomeOf({ verdict, pods, removed }: Evidence): Outcome {
  if (verdict.phase === 'succeeded') return { result: 'succeeded', exitCode: 0 };
  const taken = pods.map((pod) => disruption(pod)).find((reason) => reason !== undefined);
  if (taken !== undefined) return { result: 'preempted', reason: taken };

  const failures = pods.flatMap((pod) => failureOf(pod) ?? []).sort((a, b) => a.at.localeCompare(b.at));
  const oom = failures.find((one) => one.oom);
  if (oom) {
    const message = `The program used more memory than its limit allows and was killed (exit code ${oom.exitCode}) in ${oom.pod}. Raise resources.limits.memory of the queue, or use less.`;
    return failed('oom', message, oom.exitCode);
  }
  if (
    verdict.reason === 'DeadlineExceeded' ||
    pods.some((pod) => podStatus(pod).reason === 'DeadlineExceeded')
  )
    return failed(
      'user-error',
      `The run took longer than activeDeadlineSeconds of its configuration allows. ${verdict.message}`.trim(),
      failures[0]?.exitCode ?? null,
    );
  const evicted = pods.map(podStatus).find(({ reason }) => reason === 'Evicted');
  if (evicted)
    return failed(
      'user-error',
      `The pod was evicted: ${evicted.message ?? 'it used more than its limits allow'}.`,
    );
  const first = failures[0];
  if (first) {
    if (first.reason === 'ContainerCannotRun' || first.reason === 'StartError') {
      const message = `The container could not be started: ${first.message || explainExit(first.exitCode, 'image')} Check the entrypoint, and that the image holds the program.`;
      return failed('user-error', message, first.exitCode);
    }
    const where = pods.length > 1 ? ` The first to fail was ${first.pod}.` : '';
    return failed('user-error', `${explainExit(first.exitCode, 'image')}${where}`, first.exitCode);
  }
  if (removed.length > 0)
    return failed('deleted', `Its pod ${removed[0] ?? ''} was deleted from outside while it ran.`);
  const text = [verdict.reason, verdict.message].filter(Boolean).join(': ');
  return failed('platform', `The cluster says that the run failed: ${text || 'it gives no reason'}.`);
}
