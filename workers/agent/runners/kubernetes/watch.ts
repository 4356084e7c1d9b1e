import { MAX_PARTS, type RunPart } from '@/core/wire';
import type { KubeClient } from '../../kube/client';
import type { KubeObject } from '../../kube/types';
import type { Outcome, Watch, WatchItem, WatchOptions } from '../types';
import { admissionReason } from './admission';
import { outcomeFromEvents } from './evidence';
import { failed, outcomeOf } from './outcome';
import { disruption, failureOf, hasStarted, imageTrouble, isTerminal, obstacles, podPart } from './pods';
import { RunLogs } from './run-logs';
import type { TrackedRun } from './tracked';
import { verdictOf, type Verdict } from './verdict';

/** Longest pause between two looks at what only time changes, milliseconds. */
const LOOK_MS = 15_000;
/** How long an image that cannot be had is waited for: the registry may be slow to know it, milliseconds. */
const IMAGE_PATIENCE_MS = 60_000;
/** How long the rest of a log, or the last word of a pod, is waited for after the end, milliseconds. */
const LAST_WORDS_MS = 15_000;
/** How much later than the object its pods may be heard of, milliseconds: each is watched on its own. */
const POD_LAG_MS = 5000;
/** Beyond its own grace time, how long a pod that is being deleted is waited for, milliseconds. */
const DELETION_SLACK_MS = 15_000;
/** How often a run that its admission holds back is asked for the reason, milliseconds. */
const ADMISSION_MS = 30_000;

export interface WatchedRun {
  client: KubeClient;
  namespace: string;
  tracked: TrackedRun;
  /** Removes the object: of a run that can never start. */
  remove: () => Promise<unknown>;
}

/** Follows one run: states, warnings, parts, the logs of all its pods, its end. */
export function watchRun(open: () => Promise<WatchedRun>, { cursor, signal }: WatchOptions): Watch {
  let logs: RunLogs | null = null;

  async function* items(): AsyncGenerator<WatchItem, void> {
    const ended = new AbortController();
    let tracked: TrackedRun | null = null;
    try {
      const watched = await open();
      tracked = watched.tracked;
      logs = new RunLogs(watched.client, tracked, cursor, AbortSignal.any([signal, ended.signal]));
      yield* follow(watched, logs, signal);
    } finally {
      ended.abort();
      tracked?.close();
    }
  }

  return {
    items: { [Symbol.asyncIterator]: items },
    cursor: ({ sources = {} }) => logs?.cursor(sources) ?? cursor ?? '',
  };
}

async function* follow(
  watched: WatchedRun,
  logs: RunLogs,
  signal: AbortSignal,
): AsyncGenerator<WatchItem, void> {
  const { tracked } = watched;
  let running = false;
  let held = false;
  let shown = '';
  let imageSince: number | null = null;
  let askedAdmission = -Infinity;
  let endedAt: number | null = null;
  while (!signal.aborted) {
    // What changes while this look is told of has to be looked at again.
    const { object, version } = tracked;
    const verdict = object ? verdictOf(object) : null;
    for (const pod of tracked.alive)
      for (const { reason, message } of obstacles(pod)) tracked.warn(reason, message);

    if (
      !running &&
      verdict?.phase === 'held' &&
      performance.now() - askedAdmission > ADMISSION_MS &&
      object
    ) {
      askedAdmission = performance.now();
      const reason = (await admissionReason(watched.client, watched.namespace, object, signal)) ?? verdict;
      tracked.warn(reason.reason, `Waiting to be let in: ${reason.message || reason.reason}`);
    }
    for (const { reason, message } of tracked.takeWarnings()) yield { type: 'warning', reason, message };
    if (verdict && held !== (verdict.phase === 'held')) {
      held = verdict.phase === 'held';
      yield { type: 'held', held };
    }
    const parts = partsOf(tracked);
    if (JSON.stringify(parts) !== shown) {
      shown = JSON.stringify(parts);
      yield { type: 'parts', parts };
    }
    if (!running && (verdict?.phase === 'running' || [...tracked.pods.values()].some(hasStarted))) {
      running = true;
      yield { type: 'running' };
    }
    logs.follow(object ? expectedPods(object) : 0);
    yield* logs.take();

    if (isOver(tracked, verdict)) {
      endedAt ??= performance.now();
      const since = performance.now() - endedAt;
      const late = since > LAST_WORDS_MS;
      if (lastWordsSaid(tracked) || late || (verdict?.phase === 'succeeded' && since > POD_LAG_MS)) {
        logs.follow(0);
        if (logs.done || late) {
          yield* logs.take();
          const outcome = await conclusion(watched, verdict, signal);
          if (shown !== JSON.stringify(partsOf(tracked))) yield { type: 'parts', parts: partsOf(tracked) };
          yield { type: 'ended', outcome };
          return;
        }
      }
    } else if (!running) {
      const trouble = tracked.alive
        .map(imageTrouble)
        .find((one) => one !== undefined && (one.final || one.message));
      imageSince = trouble ? (imageSince ?? performance.now()) : null;
      if (
        trouble &&
        imageSince !== null &&
        (trouble.final || performance.now() - imageSince > IMAGE_PATIENCE_MS)
      ) {
        await watched.remove();
        const message = `The image could not be had: ${trouble.message}. Check its name, and that the cluster may pull it (imagePullSecrets).`;
        yield { type: 'ended', outcome: failed('image-pull', message) };
        return;
      }
    }
    if (!logs.hasMore) await tracked.change(signal, endedAt === null ? LOOK_MS : 500, version);
  }
}

/** All that will be heard of the run has to be heard now. */
function isOver(tracked: TrackedRun, verdict: Verdict | null): boolean {
  if (tracked.object === null) return true;
  return verdict?.phase === 'succeeded' || verdict?.phase === 'failed';
}

/** Whether each pod has said how it ended: that the object has may be known before its pods are. */
function lastWordsSaid({ object, pods, alive }: TrackedRun): boolean {
  // Of an object that is gone there may never be pods again; one that ended has had some.
  if (object !== null && pods.size === 0) return false;
  return alive.every((pod) => {
    if (isTerminal(pod)) return true;
    const { deletionTimestamp } = pod.metadata;
    // A node that is dead never says that its pod has ended.
    return deletionTimestamp !== undefined && Date.parse(deletionTimestamp) + DELETION_SLACK_MS < Date.now();
  });
}

async function conclusion(
  { client, namespace, tracked }: WatchedRun,
  verdict: Verdict | null,
  signal: AbortSignal,
): Promise<Outcome> {
  const pods = [...tracked.pods.values()];
  const last = verdict ?? (tracked.lastObject ? verdictOf(tracked.lastObject) : null);
  if (last && (last.phase === 'succeeded' || last.phase === 'failed'))
    return outcomeOf({ verdict: last, pods, removed: tracked.removed });
  // It went between two looks: pods and events may still tell how it ended.
  const taken = pods.map(disruption).find((reason) => reason !== undefined);
  if (taken !== undefined) return { result: 'preempted', reason: taken };
  const deleted = tracked.lastObject?.metadata.deletionTimestamp !== undefined;
  const told = deleted ? null : await outcomeFromEvents(client, namespace, tracked, signal);
  if (told) return told;
  const exitCode = pods.map((pod) => failureOf(pod)?.exitCode).find((code) => code !== undefined) ?? null;
  const message = `The ${tracked.resource.kind} ${tracked.name} is no longer there: it was deleted from outside before its result was known.`;
  return failed('deleted', message, exitCode);
}

function partsOf(tracked: TrackedRun): RunPart[] {
  const pods = [...tracked.pods].map(([uid, pod]) => {
    const part = podPart(pod);
    return tracked.gone.has(uid) && !isTerminal(pod) ? { ...part, state: 'Deleted' } : part;
  });
  return pods.sort((a, b) => a.name.localeCompare(b.name)).slice(0, MAX_PARTS);
}

/** How many pods an object will have, as far as it says so: lines bear the name of their pod from the first one on then. */
function expectedPods({ kind, spec = {} }: KubeObject): number {
  if (kind !== 'Job') return 0;
  const number = (key: string) => (typeof spec[key] === 'number' ? spec[key] : 1);
  return Math.max(number('parallelism'), number('completions'));
}
