import type { KubeResource } from '../../kube/discovery';
import type { KubeObject } from '../../kube/types';
import { sleep } from '../../support/timing';
import { isTerminal } from './pods';

export const RUN_LABEL = 'slipway.dev/run-id';
/** Least time between two warnings of one reason with different words, milliseconds. */
const SAME_REASON_MS = 30_000;
/** Warnings that are kept for who has not read them yet. */
const MAX_WARNINGS = 50;

interface Identity {
  resource: KubeResource;
  name: string;
  /** Path of the collection that the object is in. */
  path: string;
  /** By which its pods are known. */
  podLabel: string;
}

/** One run as the watches of its namespace see it. */
export class TrackedRun {
  /** Undefined: not known yet. Null: it is not there. */
  object: KubeObject | null | undefined;
  /** As it was when it was last seen. */
  lastObject: KubeObject | null = null;
  /** By uid, as they were last seen, also those that are gone. */
  readonly pods = new Map<string, KubeObject>();
  readonly gone = new Set<string>();
  /** Names of pods that went while their programs ran. */
  readonly removed: string[] = [];
  private warnings: { reason: string; message: string }[] = [];
  private readonly told = new Map<string, { at: number; messages: Set<string> }>();
  private waiters: (() => void)[] = [];

  constructor(
    private readonly identity: Identity,
    private readonly onClose: () => void,
  ) {}

  get resource(): KubeResource {
    return this.identity.resource;
  }
  get name(): string {
    return this.identity.name;
  }
  get path(): string {
    return this.identity.path;
  }
  get podLabel(): string {
    return this.identity.podLabel;
  }

  close(): void {
    this.onClose();
    this.changed();
  }

  /** Whether a pod is of this run, and not of an earlier one of the same name, whose last pods may still be there. */
  owns({ metadata }: KubeObject): boolean {
    const { podLabel, name } = this.identity;
    // Pods come after the object: before it is known none is.
    const value = podLabel === RUN_LABEL ? this.lastObject?.metadata.labels?.[RUN_LABEL] : name;
    if (value === undefined || metadata.labels?.[podLabel] !== value) return false;
    const since = this.lastObject?.metadata.creationTimestamp;
    return (
      since === undefined || metadata.creationTimestamp === undefined || metadata.creationTimestamp >= since
    );
  }

  concerns({ kind, name, uid }: { kind?: string; name?: string; uid?: string }): boolean {
    if (uid !== undefined && (this.pods.has(uid) || uid === this.lastObject?.metadata.uid)) return true;
    // Admission keeps books of its own: a Workload of Kueue, a PodGroup of Volcano, named after the object.
    return (kind === 'Workload' || kind === 'PodGroup') && (name?.includes(this.name) ?? false);
  }

  setObject(object: KubeObject | null): void {
    if (object === null) {
      this.object = null;
      this.changed();
      return;
    }
    if (this.lastObject && this.lastObject.metadata.uid !== object.metadata.uid) {
      // Another execution under the same name: nothing of the earlier one counts.
      this.pods.clear();
      this.gone.clear();
      this.removed.length = 0;
    }
    this.object = object;
    this.lastObject = object;
    this.changed();
  }

  removeObject(last: KubeObject): void {
    if (this.object && this.object.metadata.uid !== last.metadata.uid) return;
    this.object = null;
    this.lastObject = last;
    this.changed();
  }

  setPod(pod: KubeObject): void {
    this.pods.set(pod.metadata.uid ?? '', pod);
    this.changed();
  }

  removePod(pod: KubeObject): void {
    const uid = pod.metadata.uid ?? '';
    // The last event bears the last status, which a watch that was broken may not have shown.
    this.pods.set(uid, pod);
    this.gone.add(uid);
    if (!isTerminal(pod)) this.removed.push(pod.metadata.name);
    this.changed();
  }

  /** Pods that are still there. */
  get alive(): KubeObject[] {
    return [...this.pods].filter(([uid]) => !this.gone.has(uid)).map(([, pod]) => pod);
  }

  trouble(message: string, status: number | undefined): void {
    const advice =
      status === 401
        ? ' Its credentials are not accepted: has the token run out?'
        : status === 403
          ? ' Give its service account the Role of the guide "Kubernetes".'
          : '';
    // Of its own kind, so that it is told also right after a connection that broke.
    const reason = status === 401 || status === 403 ? 'ClusterAccess' : 'ClusterUnreadable';
    this.warn(reason, `The agent cannot read the cluster: ${message}.${advice}`);
  }

  /** Tells each thing once, and of what keeps changing its words only now and then. */
  warn(reason: string, message: string): void {
    const known = this.told.get(reason) ?? { at: -Infinity, messages: new Set<string>() };
    if (known.messages.has(message) || performance.now() - known.at < SAME_REASON_MS) return;
    known.at = performance.now();
    known.messages.add(message);
    this.told.set(reason, known);
    if (this.warnings.length < MAX_WARNINGS) this.warnings.push({ reason, message });
    this.changed();
  }

  takeWarnings(): { reason: string; message: string }[] {
    return this.warnings.splice(0);
  }

  /** Raised by each change. */
  version = 0;

  /** Resolves when there has been a change after `since`, after `ms`, or when `signal` is aborted. */
  change(signal: AbortSignal, ms: number, since = this.version): Promise<void> {
    if (this.version !== since) return Promise.resolve();
    const over = new AbortController();
    this.waiters.push(() => over.abort());
    return sleep(ms, AbortSignal.any([over.signal, signal]));
  }

  changed(): void {
    this.version += 1;
    for (const wake of this.waiters.splice(0)) wake();
  }
}
