import type { RunPart } from '@/core/wire';
import type { KubeObject } from '../../kube/types';

interface Terminated {
  exitCode: number;
  signal?: number;
  reason?: string;
  message?: string;
  finishedAt?: string;
}
export interface ContainerStatus {
  name: string;
  restartCount: number;
  state?: { waiting?: { reason?: string; message?: string }; running?: object; terminated?: Terminated };
  lastState?: { terminated?: Terminated };
}
interface Condition {
  type: string;
  status: string;
  reason?: string;
  message?: string;
}
interface PodStatus {
  phase?: string;
  reason?: string;
  message?: string;
  conditions?: Condition[];
  containerStatuses?: ContainerStatus[];
  initContainerStatuses?: ContainerStatus[];
}

export const podStatus = (pod: KubeObject): PodStatus => pod.status ?? {};
export const isTerminal = (pod: KubeObject): boolean =>
  ['Succeeded', 'Failed'].includes(podStatus(pod).phase ?? '');
export const containerStatus = (pod: KubeObject, container: string): ContainerStatus | undefined =>
  podStatus(pod).containerStatuses?.find(({ name }) => name === container);
export const containerNames = (pod: KubeObject): string[] =>
  ((pod.spec?.['containers'] ?? []) as unknown as { name: string }[]).map(({ name }) => name);

/** Whether a program of the pod runs or has run. */
export const hasStarted = (pod: KubeObject): boolean =>
  (podStatus(pod).containerStatuses ?? []).some(
    ({ state, restartCount }) =>
      state?.running !== undefined || state?.terminated !== undefined || restartCount > 0,
  );

/** Why the platform took a pod away; undefined when it did not. */
export function disruption(pod: KubeObject): string | undefined {
  const { conditions = [], reason, message = '' } = podStatus(pod);
  // A pod that outgrew its own limits has itself to blame; one on a node that ran short has not.
  const own = /exceeds the total limit|exceeded its local ephemeral storage limit|usage exceeds/i.test(
    message,
  );
  const target = conditions.find(({ type, status }) => type === 'DisruptionTarget' && status === 'True');
  if (own) return undefined;
  if (target) return [target.reason, target.message].filter(Boolean).join(': ') || 'DisruptionTarget';
  if (
    ['Evicted', 'Preempting', 'NodeLost', 'NodeShutdown', 'Shutdown', 'Terminated', 'NodeAffinity'].includes(
      reason ?? '',
    )
  )
    return [reason, message].filter(Boolean).join(': ');
  return undefined;
}

export interface PodEnding {
  pod: string;
  container: string;
  exitCode: number;
  oom: boolean;
  /** Of the status: `Error`, `ContainerCannotRun`, `DeadlineExceeded`. */
  reason: string;
  message: string;
  at: string;
}

/** How a container of the pod failed, the first one to do so. */
export function failureOf(pod: KubeObject): PodEnding | undefined {
  const { containerStatuses = [], initContainerStatuses = [] } = podStatus(pod);
  const ended = [...initContainerStatuses, ...containerStatuses].flatMap(({ name, state, lastState }) => {
    const terminated = state?.terminated ?? lastState?.terminated;
    if (!terminated || (terminated.exitCode === 0 && terminated.reason !== 'OOMKilled')) return [];
    const { exitCode, reason = '', message = '', finishedAt = '' } = terminated;
    const oom = reason === 'OOMKilled';
    return [{ pod: pod.metadata.name, container: name, exitCode, oom, reason, message, at: finishedAt }];
  });
  return ended.sort((a, b) => a.at.localeCompare(b.at))[0];
}

/** What keeps a pod from starting, as warnings. */
export function obstacles(pod: KubeObject): { reason: string; message: string }[] {
  const {
    conditions = [],
    containerStatuses = [],
    initContainerStatuses = [],
    reason,
    message,
  } = podStatus(pod);
  const found: { reason: string; message: string }[] = [];
  const scheduled = conditions.find(({ type }) => type === 'PodScheduled');
  if (scheduled?.status === 'False' && scheduled.reason === 'Unschedulable')
    found.push({ reason: 'FailedScheduling', message: scheduled.message ?? 'The pod cannot be scheduled.' });
  for (const { name, state } of [...initContainerStatuses, ...containerStatuses]) {
    const waiting = state?.waiting;
    if (waiting?.reason === undefined || ['ContainerCreating', 'PodInitializing'].includes(waiting.reason))
      continue;
    found.push({
      reason: waiting.reason,
      message: `${pod.metadata.name}/${name}: ${waiting.message ?? waiting.reason}`,
    });
  }
  if (reason === 'Evicted') found.push({ reason, message: `${pod.metadata.name}: ${message ?? 'evicted'}` });
  return found;
}

const NEVER_PULLED =
  /not found|manifest unknown|unauthorized|denied|forbidden|no such host|invalid reference|pull access/i;

/** An image that cannot be had: `final` means that no patience helps. */
export function imageTrouble(pod: KubeObject): { final: boolean; message: string } | undefined {
  const { containerStatuses = [], initContainerStatuses = [] } = podStatus(pod);
  for (const { state } of [...initContainerStatuses, ...containerStatuses]) {
    const { reason = '', message = '' } = state?.waiting ?? {};
    if (reason === 'InvalidImageName' || reason === 'ErrImageNeverPull') return { final: true, message };
    if (reason === 'ErrImagePull' || reason === 'ImagePullBackOff')
      return { final: false, message: NEVER_PULLED.test(message) ? message : '' };
  }
  return undefined;
}

/** A pod as the run page shows it. */
export function podPart(pod: KubeObject): RunPart {
  const { phase = 'Pending', reason, message, containerStatuses = [] } = podStatus(pod);
  const failure = failureOf(pod);
  const waiting = containerStatuses
    .map(({ state }) => state?.waiting)
    .find((one) => one?.reason !== undefined);
  const text =
    message ?? waiting?.message ?? (failure && isTerminal(pod) ? `exit code ${failure.exitCode}` : undefined);
  const gone = pod.metadata.deletionTimestamp !== undefined && !isTerminal(pod);
  const state = gone
    ? 'Terminating'
    : (reason ?? (failure && isTerminal(pod) ? failure.reason || phase : (waiting?.reason ?? phase)));
  return {
    name: pod.metadata.name.slice(0, 300),
    kind: 'pod',
    state: state.slice(0, 100),
    ...(text ? { message: text.slice(0, 1000) } : {}),
  };
}
