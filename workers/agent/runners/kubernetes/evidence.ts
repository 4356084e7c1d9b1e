import type { KubeClient } from '../../kube/client';
import { objectPath } from '../../kube/discovery';
import type { KubeList } from '../../kube/types';
import type { Outcome } from '../types';
import { failed } from './outcome';
import type { TrackedRun } from './tracked';

const EVENT = { apiVersion: 'v1', plural: 'events', namespaced: true };
/** How far the clocks of cluster and server may be apart, milliseconds. */
const CLOCK_SLACK_MS = 2000;
/** Reasons of events that controllers give at the end of a Job; those of other kinds have the kind before the word. */
const SUCCEEDED = /(Completed|Succeeded)$/;
const FAILED =
  /^(BackoffLimitExceeded|PodFailurePolicy|FailedIndexes|MaxFailedIndexesExceeded|DeadlineExceeded)$|Failed$/;

interface ClusterEvent {
  involvedObject?: { uid?: string; kind?: string };
  reason?: string;
  message?: string;
  lastTimestamp?: string | null;
  eventTime?: string | null;
}

/**
 * How an object ended that is gone already: events outlive it (an hour, if the cluster keeps the default). So a result is not lost when
 * `ttlSecondsAfterFinished` has passed while no agent looked. Null: they do not say, or may not be read.
 */
export async function outcomeFromEvents(
  client: KubeClient,
  namespace: string,
  { name, resource, lastObject }: Pick<TrackedRun, 'name' | 'resource' | 'lastObject'>,
  signal: AbortSignal,
): Promise<Outcome | null> {
  const events = await eventsOf(client, namespace, resource.kind, name, signal);
  const uid = lastObject?.metadata.uid;
  for (const { reason = '', message = '', involvedObject } of events.toReversed()) {
    if (uid !== undefined && involvedObject?.uid !== uid) continue;
    if (SUCCEEDED.test(reason)) return { result: 'succeeded', exitCode: 0 };
    if (FAILED.test(reason)) {
      const text = `The ${resource.kind} failed (${reason}: ${message}) and was removed before its exit code was read.`;
      return failed('user-error', text);
    }
  }
  return null;
}

/** Whether there was an object of this name after `since` (a time stamp), as far as events tell. */
export async function wasThere(
  client: KubeClient,
  namespace: string,
  kind: string,
  name: string,
  since: string | null,
  signal: AbortSignal,
): Promise<boolean> {
  const from = since === null ? 0 : Date.parse(since) - CLOCK_SLACK_MS;
  const events = await eventsOf(client, namespace, kind, name, signal);
  return events.some(({ lastTimestamp, eventTime }) => Date.parse(eventTime ?? lastTimestamp ?? '') >= from);
}

async function eventsOf(
  client: KubeClient,
  namespace: string,
  kind: string,
  name: string,
  signal: AbortSignal,
): Promise<ClusterEvent[]> {
  try {
    const fieldSelector = `involvedObject.kind=${kind},involvedObject.name=${name}`;
    const list = await client.request<KubeList>(objectPath(EVENT, namespace), {
      query: { fieldSelector },
      signal,
    });
    return list.items as unknown as ClusterEvent[];
  } catch {
    return [];
  }
}
