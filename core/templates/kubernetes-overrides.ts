import { child, formatPath, isJsonObject, literalText, setOwn } from '@/core/config-tree';
import type { ConfigTree, ListNode } from '@/core/config-tree';
import { permitsProtected, protectedDepth } from '@/core/queue-config';
import type { FieldError, Json, JsonObject } from '@/core/wire';

/** Lists of Kubernetes that are merged item by item, and the key that tells items apart. */
const MERGE_KEYS: Record<string, string> = {
  containers: 'name',
  initContainers: 'name',
  env: 'name',
  volumes: 'name',
  imagePullSecrets: 'name',
  volumeMounts: 'mountPath',
  volumeDevices: 'devicePath',
  ports: 'containerPort',
  topologySpreadConstraints: 'topologyKey',
  hostAliases: 'ip',
};

/**
 * Overrides with their lists told apart as a strategic merge does it: items of the same name are merged, others are added. Such a list
 * becomes a map of positions, those after the last item of the queue's own list being new.
 */
export function strategicOverrides(tree: ConfigTree, args: JsonObject): JsonObject {
  const result = merge(tree, args, '');
  return isJsonObject(result) ? result : args;
}

function merge(node: ConfigTree | undefined, value: Json, key: string): Json {
  if (isJsonObject(value)) {
    const result: JsonObject = {};
    for (const [name, item] of Object.entries(value))
      setOwn(result, name, merge(node && child(node, name), item, name));
    return result;
  }
  const mergeKey = MERGE_KEYS[key];
  if (!Array.isArray(value) || node?.kind !== 'list' || mergeKey === undefined || value.length === 0)
    return value;
  return mergeList(node, value, key, mergeKey) ?? value;
}

/** Undefined when an item has nothing to be told by: then the list replaces the queue's. */
function mergeList(node: ListNode, value: Json[], key: string, mergeKey: string): JsonObject | undefined {
  const result: JsonObject = {};
  let next = node.items.length;
  for (const item of value) {
    const name = isJsonObject(item) ? item[mergeKey] : undefined;
    if (!isJsonObject(item) || (typeof name !== 'string' && typeof name !== 'number')) return undefined;
    const index = node.items.findIndex((own, at) => nameOf(own, key, mergeKey, at) === String(name));
    if (index < 0) {
      setOwn(result, String(next++), item);
      continue;
    }
    const rest = Object.fromEntries(Object.entries(item).filter(([one]) => one !== mergeKey));
    setOwn(result, String(index), merge(node.items[index], rest, ''));
  }
  return result;
}

/** A container without a name is called as the renderer calls it. */
function nameOf(node: ConfigTree, key: string, mergeKey: string, index: number): string | undefined {
  const own = child(node, mergeKey);
  if (own === undefined && key === 'containers') return index === 0 ? 'run' : `run-${index}`;
  if (own?.kind === 'value' && typeof own.value === 'number') return String(own.value);
  return literalText(own);
}

/**
 * Overrides that reach for more rights than a program needs, or that would remove what the queue sets there. Error paths are
 * `resourceArgs.PATH`.
 */
export function checkProtected(tree: ConfigTree, args: JsonObject, allow: readonly string[]): FieldError[] {
  const errors: FieldError[] = [];
  const refuse = (keys: readonly string[], message: string) =>
    errors.push({ path: `resourceArgs.${formatPath(keys)}`, message });
  const step = (node: ConfigTree | undefined, value: Json, keys: readonly string[]): void => {
    const depth = protectedDepth(keys);
    if (depth !== null) {
      if (!permitsProtected(allow, keys, depth) && !looksInside(value, keys, step, node))
        refuse(
          keys,
          `"${formatPath(keys)}" gives a program more rights than it needs; no launch may set it unless the allow-list of the queue names that very path.`,
        );
      return;
    }
    if (isJsonObject(value)) {
      for (const [key, item] of Object.entries(value)) step(node && child(node, key), item, [...keys, key]);
      return;
    }
    if (Array.isArray(value)) value.forEach((item, index) => step(undefined, item, [...keys, String(index)]));
    const lost = node && firstProtected(node, keys);
    if (lost)
      refuse(
        keys,
        `This would remove "${formatPath(lost)}", which the queue sets. Override single values, or items of lists by their names.`,
      );
  };
  step(tree, args, []);
  return errors.slice(0, 100);
}

/** A map under a protected key is looked at value by value, since the allow-list may name single ones. */
function looksInside(
  value: Json,
  keys: readonly string[],
  step: (node: ConfigTree | undefined, value: Json, keys: readonly string[]) => void,
  node: ConfigTree | undefined,
): boolean {
  if (!isJsonObject(value) || Object.keys(value).length === 0) return false;
  for (const [key, item] of Object.entries(value)) step(node && child(node, key), item, [...keys, key]);
  return true;
}

function firstProtected(node: ConfigTree, keys: readonly string[]): readonly string[] | undefined {
  if (protectedDepth(keys) !== null) return keys;
  const entries: [string, ConfigTree][] =
    node.kind === 'map'
      ? [...node.entries]
      : node.kind === 'list'
        ? node.items.map((item, index) => [String(index), item])
        : [];
  for (const [key, item] of entries) {
    const found = firstProtected(item, [...keys, key]);
    if (found) return found;
  }
  return undefined;
}
