import { randomUUID } from 'node:crypto';
import type { KubeObject } from '../../kube/types';

export interface StoredEvent {
  version: number;
  type: 'ADDED' | 'MODIFIED' | 'DELETED';
  object: KubeObject;
}

/** A refusal as the API words it. */
export class Refusal extends Error {
  constructor(
    readonly code: number,
    readonly reason: string,
    message: string,
    readonly extra: object = {},
  ) {
    super(message);
  }
}

export const clone = <T>(value: T): T => structuredClone(value);

/** What identifies a collection: `apis/batch/v1/jobs`. */
export type Collection = string;

/** Objects with resource versions and the history that watches are served from. */
export class Store {
  version = 100;
  readonly history: { collection: Collection; event: StoredEvent }[] = [];
  /** Watches from before this version are answered with 410. */
  compacted = 0;
  private readonly objects = new Map<Collection, Map<string, KubeObject>>();
  private readonly listeners = new Set<() => void>();

  onChange(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  list(collection: Collection): KubeObject[] {
    return [...(this.objects.get(collection)?.values() ?? [])];
  }

  collections(): Collection[] {
    return [...this.objects.keys()];
  }

  get(collection: Collection, namespace: string, name: string): KubeObject | undefined {
    return this.objects.get(collection)?.get(`${namespace}/${name}`);
  }

  create(collection: Collection, namespace: string, object: KubeObject): KubeObject {
    const { name } = object.metadata;
    if (this.get(collection, namespace, name))
      throw new Refusal(
        409,
        'AlreadyExists',
        `${collection.split('/').pop() ?? ''} "${name}" already exists`,
      );
    const stored = clone(object);
    stored.metadata = {
      ...stored.metadata,
      ...(namespace ? { namespace } : {}),
      uid: randomUUID(),
      creationTimestamp: new Date().toISOString().replace(/\.\d+/, ''),
    };
    return this.put(collection, namespace, stored, 'ADDED');
  }

  /** Changes an object; `change` gets a copy. One without finalizers that is being deleted goes. */
  update(
    collection: Collection,
    namespace: string,
    name: string,
    change: (object: KubeObject) => void,
  ): KubeObject {
    const known = this.get(collection, namespace, name);
    if (!known)
      throw new Refusal(404, 'NotFound', `${collection.split('/').pop() ?? ''} "${name}" not found`);
    const next = clone(known);
    change(next);
    if (next.metadata.deletionTimestamp && (next.metadata.finalizers ?? []).length === 0)
      return this.remove(collection, namespace, name);
    return this.put(collection, namespace, next, 'MODIFIED');
  }

  remove(collection: Collection, namespace: string, name: string): KubeObject {
    const known = this.get(collection, namespace, name);
    if (!known)
      throw new Refusal(404, 'NotFound', `${collection.split('/').pop() ?? ''} "${name}" not found`);
    this.objects.get(collection)?.delete(`${namespace}/${name}`);
    this.version += 1;
    const last = clone(known);
    last.metadata.resourceVersion = String(this.version);
    this.record(collection, 'DELETED', last);
    return last;
  }

  private put(
    collection: Collection,
    namespace: string,
    object: KubeObject,
    type: 'ADDED' | 'MODIFIED',
  ): KubeObject {
    this.version += 1;
    object.metadata.resourceVersion = String(this.version);
    const all = this.objects.get(collection) ?? new Map<string, KubeObject>();
    all.set(`${namespace}/${object.metadata.name}`, object);
    this.objects.set(collection, all);
    this.record(collection, type, object);
    return object;
  }

  private record(collection: Collection, type: StoredEvent['type'], object: KubeObject): void {
    this.history.push({ collection, event: { version: this.version, type, object } });
    for (const listener of [...this.listeners]) listener();
  }
}
