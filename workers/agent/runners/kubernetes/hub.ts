import type { KubeClient } from '../../kube/client';
import { objectPath, type KubeResource } from '../../kube/discovery';
import { kubeStatus } from '../../kube/errors';
import { reflect, REFLECTOR_BACKOFF } from '../../kube/reflector';
import type { KubeObject, Query } from '../../kube/types';
import { backoffDelay, errorMessage, sleep } from '../../support/timing';
import { unlessMissing } from './failures';
import { RUN_LABEL, TrackedRun } from './tracked';

const POD = { apiVersion: 'v1', plural: 'pods', namespaced: true };
const EVENT = { apiVersion: 'v1', plural: 'events', namespaced: true };
/** How long the watches stay when no run needs them, milliseconds: runs one after the other share them too. */
const LINGER_MS = 30_000;

/** How long a watch that works may be behind, milliseconds. */
const WATCH_LAG_MS = 250;

/** Kinds whose pods do not bear the labels of the object: the label by which they are known, whose value is the object's name. */
const POD_LABELS: Record<string, string> = { TrainJob: 'jobset.sigs.k8s.io/jobset-name' };

interface InvolvedEvent {
  involvedObject?: { kind?: string; name?: string; uid?: string };
  reason?: string;
  message?: string;
}

/**
 * What happens to the runs of one namespace: one watch for its objects of each kind, one for pods, one for warnings, however many runs
 * there are. Each run reads from it what concerns it.
 */
export class NamespaceHub {
  private readonly runs = new Set<TrackedRun>();
  private readonly sources = new Map<string, AbortController>();
  private readonly objects = new Map<string, Map<string, KubeObject>>();
  private readonly pods = new Map<string, KubeObject>();
  private readonly listed = new Set<string>();
  private idle = new AbortController();

  constructor(
    private readonly client: KubeClient,
    private readonly namespace: string,
  ) {}

  /** Follows an object and its pods, until the result is closed. */
  track(resource: KubeResource, name: string): TrackedRun {
    this.idle.abort();
    const podLabel = POD_LABELS[resource.kind] ?? RUN_LABEL;
    const path = objectPath(resource, this.namespace);
    const run = new TrackedRun({ resource, name, path, podLabel }, () => this.drop(run));
    this.runs.add(run);
    this.watchObjects(path);
    this.watchPods(podLabel);
    this.watchEvents();
    if (this.listed.has(path)) this.setFromWatch(run);
    return run;
  }

  /** An object that the watch does not show may only be too new for it, or for a list that was under way. */
  private setFromWatch(run: TrackedRun): void {
    const object = this.objects.get(run.path)?.get(run.name);
    if (object) this.setObject(run, object);
    else void this.lookFor(run);
  }

  /** Asks for the object itself if the watch has nothing to say of it for a moment: a run whose job was just created is not over. */
  private async lookFor(run: TrackedRun): Promise<void> {
    const always = new AbortController().signal;
    for (let failures = 0; ; failures += 1) {
      const { version } = run;
      await run.change(always, WATCH_LAG_MS);
      if (!this.runs.has(run)) return;
      if (run.version !== version) {
        if (this.objects.get(run.path)?.has(run.name) || run.object === null) return;
        continue;
      }
      try {
        const path = `${run.path}/${encodeURIComponent(run.name)}`;
        const object = await unlessMissing(this.client.request<KubeObject>(path));
        // What the watch has said meanwhile is newer.
        if (run.version !== version) continue;
        this.setObject(run, object);
        return;
      } catch (error) {
        run.trouble(errorMessage(error), kubeStatus(error));
        await sleep(backoffDelay(failures, REFLECTOR_BACKOFF), always);
      }
    }
  }

  /** With a new object come the pods of it that are known already. */
  private setObject(run: TrackedRun, object: KubeObject | null): void {
    const before = run.lastObject?.metadata.uid;
    run.setObject(object);
    if (object === null || object.metadata.uid === before) return;
    for (const pod of this.pods.values()) if (run.owns(pod)) run.setPod(pod);
  }

  close(): void {
    this.idle.abort();
    for (const source of this.sources.values()) source.abort();
    this.sources.clear();
    this.objects.clear();
    this.pods.clear();
    this.listed.clear();
  }

  private drop(run: TrackedRun): void {
    this.runs.delete(run);
    if (this.runs.size > 0) return;
    this.idle = new AbortController();
    const { signal } = this.idle;
    void sleep(LINGER_MS, signal).then(() => {
      if (!signal.aborted) this.close();
    });
  }

  private watchObjects(path: string): void {
    const all = this.objects.get(path) ?? new Map<string, KubeObject>();
    this.objects.set(path, all);
    const concerned = (name: string) =>
      [...this.runs].filter((run) => run.name === name && run.path === path);
    this.source(
      path,
      path,
      { labelSelector: RUN_LABEL },
      {
        onList: (objects) => {
          all.clear();
          for (const object of objects) all.set(object.metadata.name, slim(object));
          this.listed.add(path);
          for (const run of this.runs) if (run.path === path) this.setFromWatch(run);
        },
        onChange: (object) => {
          all.set(object.metadata.name, slim(object));
          for (const run of concerned(object.metadata.name)) this.setObject(run, object);
        },
        onDelete: (object) => {
          all.delete(object.metadata.name);
          for (const run of concerned(object.metadata.name)) run.removeObject(object);
        },
      },
    );
  }

  private watchPods(label: string): void {
    const path = objectPath(POD, this.namespace);
    const mine = (pod: KubeObject) => [...this.runs].filter((run) => run.podLabel === label && run.owns(pod));
    const set = (pod: KubeObject) => {
      this.pods.set(pod.metadata.uid ?? '', slim(pod));
      for (const run of mine(pod)) run.setPod(pod);
    };
    const remove = (pod: KubeObject) => {
      this.pods.delete(pod.metadata.uid ?? '');
      for (const run of mine(pod)) run.removePod(pod);
    };
    this.source(
      label,
      path,
      { labelSelector: label },
      {
        onList: (pods) => {
          const there = new Set(pods.map(({ metadata }) => metadata.uid));
          for (const pod of [...this.pods.values()])
            if (pod.metadata.labels?.[label] !== undefined && !there.has(pod.metadata.uid)) remove(pod);
          this.listed.add(label);
          for (const pod of pods) set(pod);
        },
        onChange: set,
        onDelete: remove,
      },
    );
  }

  private watchEvents(): void {
    const path = objectPath(EVENT, this.namespace);
    const tell = (event: KubeObject) => {
      const { involvedObject, reason = 'Warning', message = '' } = event as InvolvedEvent;
      for (const run of this.runs) if (run.concerns(involvedObject ?? {})) run.warn(reason, message);
    };
    const handlers = {
      onList: (events: KubeObject[]) => events.forEach(tell),
      onChange: tell,
      onDelete: () => undefined,
    };
    this.source('events', path, { fieldSelector: 'type=Warning' }, handlers);
  }

  private source(
    key: string,
    path: string,
    query: Query,
    handlers: {
      onList(objects: KubeObject[]): void;
      onChange(object: KubeObject): void;
      onDelete(object: KubeObject): void;
    },
  ): void {
    if (this.sources.has(key)) return;
    const stop = new AbortController();
    this.sources.set(key, stop);
    const onTrouble = (error: unknown) => {
      // Without events the obstacles are still read from the pods themselves.
      if (key === 'events' && kubeStatus(error) === 403) return;
      for (const run of this.runs) run.trouble(errorMessage(error), kubeStatus(error));
    };
    void reflect(this.client, path, query, { ...handlers, onTrouble }, stop.signal);
  }
}

/** Without what is never read and large: who set which field when. */
function slim(object: KubeObject): KubeObject {
  Reflect.deleteProperty(object.metadata, 'managedFields');
  return object;
}
