import { isJsonObject, setOwn, toPointer } from '@/core/config-tree';
import type { Json, JsonObject, Origin, Origins } from '@/core/wire';

export type Keys = readonly (string | number)[];

const pointerOf = (keys: Keys) => toPointer(keys.map(String));

/** A document that is built up from a configuration, with the origin of each of its leaves. */
export class SubmissionDocument {
  readonly root: JsonObject;
  private readonly known: Map<string, Origin>;

  constructor(config: JsonObject, origins: Origins = {}) {
    this.root = structuredClone(config);
    this.known = new Map(Object.entries(origins));
  }

  get(keys: Keys): Json | undefined {
    let current: Json | undefined = this.root;
    for (const key of keys) {
      if (Array.isArray(current)) current = typeof key === 'number' ? current[key] : undefined;
      else if (isJsonObject(current)) current = Object.hasOwn(current, key) ? current[key] : undefined;
      else return undefined;
    }
    return current;
  }

  object(keys: Keys): JsonObject | undefined {
    const value = this.get(keys);
    return isJsonObject(value) ? value : undefined;
  }

  list(keys: Keys): Json[] | undefined {
    const value = this.get(keys);
    return Array.isArray(value) ? value : undefined;
  }

  /** Whether nothing, or null, stands there. */
  absent(keys: Keys): boolean {
    const value = this.get(keys);
    return value === undefined || value === null;
  }

  /** Sets a value; maps on the way are made. Something else on the way is replaced, which callers check before. */
  set(keys: Keys, value: Json, origin: Origin = 'default'): void {
    const last = keys[keys.length - 1];
    if (last === undefined) return;
    const parent = this.parent(keys);
    if (Array.isArray(parent)) parent[Number(last)] = value;
    else setOwn(parent, String(last), value);
    this.forget(pointerOf(keys));
    this.mark(value, pointerOf(keys), origin);
  }

  setIfAbsent(keys: Keys, value: Json, origin: Origin = 'default'): void {
    if (this.absent(keys)) this.set(keys, value, origin);
  }

  remove(keys: Keys): void {
    const parent = this.get(keys.slice(0, -1));
    if (isJsonObject(parent)) Reflect.deleteProperty(parent, String(keys[keys.length - 1]));
    this.forget(pointerOf(keys));
  }

  /** Moves a value of a map, origins and all; what stands at the new place is replaced. */
  move(from: Keys, to: Keys): void {
    const value = this.get(from);
    if (value === undefined) return;
    const source = pointerOf(from);
    const moved = [...this.known].filter(
      ([pointer]) => pointer === source || pointer.startsWith(`${source}/`),
    );
    this.remove(from);
    this.set(to, value, 'queue');
    for (const [pointer, origin] of moved)
      this.known.set(pointerOf(to) + pointer.slice(source.length), origin);
  }

  /** Origin of a leaf; of what nobody said anything about: `queue`. */
  origin(keys: Keys): Origin {
    return this.known.get(pointerOf(keys)) ?? 'queue';
  }

  /** The origin of each leaf that there is; empty maps and lists are leaves. */
  origins(): Origins {
    const result: Origins = {};
    this.eachLeaf(this.root, '', (pointer) => {
      result[pointer] = this.known.get(pointer) ?? 'queue';
    });
    return result;
  }

  /** Every map in the document with its keys, outer ones first. */
  *objects(keys: Keys = []): Generator<{ keys: Keys; value: JsonObject }> {
    const value = this.get(keys);
    if (isJsonObject(value)) {
      yield { keys, value };
      for (const key of Object.keys(value)) yield* this.objects([...keys, key]);
    } else if (Array.isArray(value)) {
      for (const index of value.keys()) yield* this.objects([...keys, index]);
    }
  }

  private parent(keys: Keys): JsonObject | Json[] {
    let current: JsonObject | Json[] = this.root;
    for (const key of keys.slice(0, -1)) {
      const next: Json | undefined = Array.isArray(current)
        ? current[Number(key)]
        : Object.hasOwn(current, String(key))
          ? current[String(key)]
          : undefined;
      if (Array.isArray(next) || isJsonObject(next)) current = next;
      else {
        const made: JsonObject = {};
        if (Array.isArray(current)) current[Number(key)] = made;
        else setOwn(current, String(key), made);
        current = made;
      }
    }
    return current;
  }

  private forget(pointer: string): void {
    for (const known of this.known.keys()) {
      if (known === pointer || known.startsWith(`${pointer}/`)) this.known.delete(known);
    }
  }

  private mark(value: Json, pointer: string, origin: Origin): void {
    this.eachLeaf(value, pointer, (leaf) => this.known.set(leaf, origin));
  }

  private eachLeaf(value: Json, pointer: string, visit: (pointer: string) => void): void {
    const entries: [string, Json][] = Array.isArray(value)
      ? value.map((item, index) => [String(index), item])
      : isJsonObject(value)
        ? Object.entries(value)
        : [];
    if (entries.length === 0) visit(pointer);
    for (const [key, item] of entries) this.eachLeaf(item, pointer + toPointer([key]), visit);
  }
}
