import type { KubeClient } from '../../kube/client';
import { objectPath } from '../../kube/discovery';
import { isPassing } from '../../kube/errors';
import type { KubeList, KubeObject } from '../../kube/types';
import { sleep } from '../../support/timing';
import type { BuildLog } from '../types';
import { BUILD_LABEL, CONTAINER } from './job';

const POD = { apiVersion: 'v1', plural: 'pods', namespaced: true };
const AGAIN_MS = 500;

interface ContainerState {
  waiting?: { reason?: string; message?: string };
  running?: object;
  terminated?: { exitCode?: number; reason?: string };
}

const statusOf = (pod: KubeObject) =>
  (pod.status ?? {}) as {
    phase?: string;
    conditions?: { type: string; status: string; reason?: string; message?: string }[];
    containerStatuses?: { name: string; state?: ContainerState }[];
  };
export const stateOf = (pod: KubeObject): ContainerState =>
  statusOf(pod).containerStatuses?.find(({ name }) => name === CONTAINER)?.state ?? {};

/** The pod of a build; null while there is none. */
export async function findPod(
  client: KubeClient,
  namespace: string,
  build: string,
  signal: AbortSignal,
): Promise<KubeObject | null> {
  const { items } = await client.request<KubeList>(objectPath(POD, namespace), {
    query: { labelSelector: `${BUILD_LABEL}=${build}` },
    signal,
  });
  return items.find(({ metadata }) => metadata.deletionTimestamp === undefined) ?? null;
}

/** Why a pod does not start, for people; null when nothing is said of it. */
export function obstacle(pod: KubeObject): { reason: string; message: string } | null {
  const { waiting } = stateOf(pod);
  if (waiting?.reason !== undefined && !/^(ContainerCreating|PodInitializing)$/.test(waiting.reason))
    return { reason: waiting.reason, message: waiting.message ?? waiting.reason };
  const unscheduled = statusOf(pod).conditions?.find(
    ({ type, status }) => type === 'PodScheduled' && status === 'False',
  );
  return unscheduled === undefined
    ? null
    : { reason: 'FailedScheduling', message: unscheduled.message ?? 'No node takes the build.' };
}

/** Follows the log of a pod's container from its beginning to its end; after a broken connection it goes on where it was. */
export async function followLog(
  client: KubeClient,
  pod: KubeObject,
  log: BuildLog,
  signal: AbortSignal,
): Promise<void> {
  const path = `${objectPath(POD, pod.metadata.namespace ?? 'default', pod.metadata.name)}/log`;
  let written = 0;
  for (;;) {
    let read = 0;
    try {
      const stream = await client.stream(path, { query: { container: CONTAINER, follow: true }, signal });
      for await (const data of stream) {
        const fresh = data.subarray(Math.min(data.length, Math.max(0, written - read)));
        read += data.length;
        if (fresh.length === 0) continue;
        written += fresh.length;
        await log(fresh);
      }
      return;
    } catch (error) {
      if (!isPassing(error)) return;
    }
    await sleep(AGAIN_MS, signal);
    if (isEnded(signal)) return;
  }
}

const isEnded = (signal: AbortSignal): boolean => signal.aborted;
