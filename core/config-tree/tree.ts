import type { Json } from '@/core/wire';

/** A value that holds no other value. */
export type Scalar = null | boolean | number | string;

/** A piece of a text with placeholders: literal text, or the variable that is put in. */
export type TextPart = string | { variable: string };

/**
 * A parsed configuration, as it is stored and resolved. It is plain JSON. Placeholders are leaves of their own (`variable`: the whole
 * value, `text`: inside a longer one), so that a value can never become structure. Maps are lists of pairs: that keeps the order of
 * keys in any store and makes `__proto__` a key like every other.
 */
export type ConfigTree =
  | { kind: 'value'; value: Scalar }
  | { kind: 'variable'; name: string }
  | { kind: 'text'; parts: TextPart[] }
  | { kind: 'list'; items: ConfigTree[] }
  | { kind: 'map'; entries: [string, ConfigTree][] };

export type MapNode = Extract<ConfigTree, { kind: 'map' }>;
export type ListNode = Extract<ConfigTree, { kind: 'list' }>;

/** The value under `key`, or undefined when `node` is no map or has no such key. */
export function child(node: ConfigTree | undefined, key: string): ConfigTree | undefined {
  if (node?.kind === 'map') return node.entries.find(([name]) => name === key)?.[1];
  if (node?.kind === 'list') return /^(?:0|[1-9]\d*)$/.test(key) ? node.items[Number(key)] : undefined;
  return undefined;
}

/** The value at a path of keys and list positions. */
export function descend(node: ConfigTree | undefined, ...keys: string[]): ConfigTree | undefined {
  return keys.reduce<ConfigTree | undefined>(child, node);
}

/** The text of a leaf that is known before values are given; undefined for everything else. */
export function literalText(node: ConfigTree | undefined): string | undefined {
  return node?.kind === 'value' && typeof node.value === 'string' ? node.value : undefined;
}

/** Whether a leaf will be text or can be text once values are put in. */
export function mayBeText(node: ConfigTree): boolean {
  return (
    node.kind === 'text' ||
    node.kind === 'variable' ||
    (node.kind === 'value' && typeof node.value === 'string')
  );
}

/** Calls `visit` for every node, parents first. `keys` is reused between calls: copy it to keep it. */
export function walk(node: ConfigTree, visit: (node: ConfigTree, keys: readonly string[]) => void): void {
  const keys: string[] = [];
  const step = (current: ConfigTree): void => {
    visit(current, keys);
    if (current.kind === 'map') {
      for (const [key, value] of current.entries) {
        keys.push(key);
        step(value);
        keys.pop();
      }
    } else if (current.kind === 'list') {
      current.items.forEach((item, index) => {
        keys.push(String(index));
        step(item);
        keys.pop();
      });
    }
  };
  step(node);
}

/** A tree without placeholders. */
export function treeFromJson(value: Json): ConfigTree {
  if (Array.isArray(value)) return { kind: 'list', items: value.map(treeFromJson) };
  if (typeof value === 'object' && value !== null) {
    return { kind: 'map', entries: Object.entries(value).map(([key, item]) => [key, treeFromJson(item)]) };
  }
  return { kind: 'value', value };
}
