import type { KubeClient } from '../../kube/client';
import { kubeStatus } from '../../kube/errors';
import { objectPath, type KubeResource } from '../../kube/discovery';
import type { Patience } from '../types';
import type { RunCluster } from './cluster';
import { persist, unlessMissing } from './failures';
import { isTerminal, podStatus } from './pods';
import type { ObjectRef } from './ref';

const POD = { apiVersion: 'v1', plural: 'pods', namespaced: true };
/** Beyond the grace time, how long the cluster may take to end what it was told to, milliseconds. */
const SLACK_MS = 20_000;

/**
 * Deletes an object; the cluster gives its pods SIGTERM and after their grace time SIGKILL. Resolves when they have ended, or the time for
 * it is over: a node that is dead says nothing. `uid`: only this object, see `removeObject`.
 */
export async function stopObject(
  cluster: RunCluster,
  resource: KubeResource,
  ref: ObjectRef,
  graceSeconds: number,
  patience: Patience,
  uid?: string,
): Promise<{ forced: boolean }> {
  const { client } = cluster;
  const tracked = cluster.hub(ref.namespace).track(resource, ref.name);
  try {
    const path = objectPath(resource, ref.namespace, ref.name);
    await persist((signal) => removeObject(client, path, 'Foreground', uid, signal), patience);
    const shortened = new Set<string>();
    const end = performance.now() + graceSeconds * 1000 + SLACK_MS;
    for (;;) {
      const { version } = tracked;
      const open = tracked.alive.filter((pod) => !isTerminal(pod));
      const left = end - performance.now();
      const known = tracked.object !== undefined;
      const gone = tracked.object === null || tracked.object?.metadata.deletionTimestamp !== undefined;
      if ((known && gone && open.length === 0) || left <= 0 || patience.signal.aborted) break;
      for (const { metadata, spec } of open) {
        const own =
          metadata.deletionGracePeriodSeconds ??
          (spec?.['terminationGracePeriodSeconds'] as number | undefined) ??
          30;
        if (shortened.has(metadata.name) || own <= Math.max(1, graceSeconds)) continue;
        shortened.add(metadata.name);
        const query = { gracePeriodSeconds: Math.max(1, graceSeconds) };
        const pod = objectPath(POD, ref.namespace, metadata.name);
        await persist(
          (signal) => unlessMissing(client.request(pod, { method: 'DELETE', query, signal })),
          patience,
        );
      }
      await tracked.change(patience.signal, left, version);
    }
    const killed = [...tracked.pods.values()].flatMap((pod) => podStatus(pod).containerStatuses ?? []);
    return { forced: killed.some(({ state }) => state?.terminated?.exitCode === 137) };
  } finally {
    tracked.close();
  }
}

/** Deletes what is at the path. `uid`: an object with another one, which has taken over the name, stays. */
export async function removeObject(
  client: KubeClient,
  path: string,
  propagationPolicy: 'Foreground' | 'Background',
  uid: string | undefined,
  signal: AbortSignal,
): Promise<void> {
  const body = uid === undefined ? {} : { body: { preconditions: { uid } } };
  try {
    await unlessMissing(
      client.request(path, { method: 'DELETE', query: { propagationPolicy }, ...body, signal }),
    );
  } catch (error) {
    if (uid === undefined || kubeStatus(error) !== 409) throw error;
  }
}
