import { formatPath, isJsonObject, isStorableText, parsePath } from '@/core/config-tree';
import { wrapperOf } from '@/core/queue-config';
import type { FieldError, Json, JsonObject, ResourceId } from '@/core/wire';
import { MAX_DEPTH, MAX_KEY_LENGTH, MAX_NODES, MAX_PATH_TEXT } from './limits';

/** Which paths overrides may set. */
export interface AllowList {
  /** Whether the value at `keys`, and all below it, may be set. */
  permits: (keys: readonly string[]) => boolean;
  /** For messages. */
  shown: string;
}

export function readAllowList(overrideAllow: readonly string[]): AllowList {
  const patterns = overrideAllow
    .map(parsePath)
    .filter((keys) => keys !== undefined && keys.length > 0) as string[][];
  return {
    permits: (keys) =>
      patterns.some(
        (pattern) =>
          pattern.length <= keys.length &&
          pattern.every((part, index) => part === '*' || part === keys[index]),
      ),
    shown:
      overrideAllow.length === 0
        ? 'this queue allows no overrides'
        : `allowed are ${overrideAllow.slice(0, 20).join(', ')}`,
  };
}

/** Entries of an allow-list that are no paths. Error paths are `overrideAllow.INDEX`. */
export function checkAllowList(overrideAllow: readonly string[]): FieldError[] {
  return overrideAllow.flatMap((entry, index) => {
    const keys = parsePath(entry);
    if (keys !== undefined && keys.length > 0) return [];
    const message =
      'must be a path such as spec.template.spec.nodeSelector, or a JSON pointer such as /resources/limits/*';
    return [{ path: `overrideAllow.${index}`, message }];
  });
}

/** `resourceArgs` without the resource's wrapper (any resource's when none is named), which launches may keep. */
export function unwrapOverrides(resourceArgs: JsonObject, resource?: ResourceId): JsonObject {
  const wrapper = wrapperOf(Object.keys(resourceArgs));
  if (wrapper === undefined || (resource !== undefined && wrapper.resource !== resource)) return resourceArgs;
  const inner = resourceArgs[wrapper.key];
  if (!isJsonObject(inner)) return resourceArgs;
  const rest = Object.entries(resourceArgs).filter(([key]) => key !== wrapper.key);
  return Object.fromEntries([...Object.entries(inner), ...rest]);
}

/** Overrides that the allow-list does not permit. Error paths are `resourceArgs.PATH`. */
export function checkOverrides(
  resourceArgs: JsonObject | undefined,
  overrideAllow: readonly string[],
  resource?: ResourceId,
): FieldError[] {
  if (resourceArgs === undefined) return [];
  const args = unwrapOverrides(resourceArgs, resource);
  const tooLarge = measure(args);
  if (tooLarge !== undefined) return [{ path: 'resourceArgs', message: tooLarge }];
  const allow = readAllowList(overrideAllow);
  const errors: FieldError[] = [];
  const step = (value: Json, keys: readonly string[]): void => {
    if (keys.length > 0 && allow.permits(keys)) return;
    if (isJsonObject(value) && (keys.length === 0 || Object.keys(value).length > 0)) {
      for (const [key, item] of Object.entries(value)) step(item, [...keys, key]);
    } else errors.push(overrideError(keys, `"${formatPath(keys)}" cannot be overridden: ${allow.shown}.`));
  };
  step(args, []);
  return errors.slice(0, 100);
}

export function overrideError(keys: readonly string[], message: string): FieldError {
  const path = formatPath(keys);
  return { path: path.startsWith('[') ? `resourceArgs${path}` : `resourceArgs.${path}`, message };
}

/** Why overrides are too large or hold what no resource can take; undefined when they are fine. */
function measure(args: JsonObject): string | undefined {
  const stack: { value: Json; depth: number; path: number }[] = [{ value: args, depth: 0, path: 0 }];
  let nodes = 0;
  let paths = 0;
  for (let top = stack.pop(); top !== undefined; top = stack.pop()) {
    const { value, depth, path } = top;
    paths += path;
    if (++nodes > MAX_NODES || paths > MAX_PATH_TEXT) return 'The overrides hold too many values.';
    if (depth > MAX_DEPTH) return `The overrides are nested deeper than ${MAX_DEPTH} levels.`;
    if (typeof value === 'string' && !isStorableText(value))
      return 'The overrides hold a NUL character or half of a surrogate pair.';
    if (typeof value !== 'object' || value === null) continue;
    for (const [key, item] of Object.entries(value)) {
      if (key.length > MAX_KEY_LENGTH || !isStorableText(key))
        return 'The overrides hold a key that is too long or no text.';
      stack.push({ value: item, depth: depth + 1, path: path + key.length + 1 });
    }
  }
  return undefined;
}
