import {
  child,
  extendPointer,
  formatPath,
  isJsonObject,
  literalText,
  setOwn,
  treeFromJson,
} from '@/core/config-tree';
import type { ConfigTree, ListNode, MapNode } from '@/core/config-tree';
import { checkResource } from '@/core/queue-config';
import type { FieldError, Json, JsonObject, Origin, Origins } from '@/core/wire';
import { checkProtected, strategicOverrides } from './kubernetes-overrides';
import { checkOverrides, overrideError, readAllowList, unwrapOverrides } from './overrides';
import type { AllowList } from './overrides';
import type { BuilderSettings, CheckedValues, ResolveInput, ResolveResult } from './types';
import { checkValues } from './values';

/**
 * Puts values and permitted overrides into a parsed configuration. Values go into leaves only, so the structure stays what the queue
 * says; overrides merge maps deeply and replace everything else. All errors at once.
 */
export function resolveConfig(input: ResolveInput): ResolveResult {
  const values = checkValues(input.templates, input.values);
  const errors = values.ok ? [] : [...values.errors];
  const overrides = input.resourceArgs && readOverrides(input, input.resourceArgs);
  errors.push(...checkOverrides(overrides, input.overrideAllow, input.resource));
  if (overrides && input.resource === 'kubernetes')
    errors.push(...fresh(errors, checkProtected(input.tree, overrides, input.overrideAllow)));
  if (!values.ok || errors.length > 0) return { ok: false, errors };

  const resolver = new Resolver(values.values, readAllowList(input.overrideAllow));
  const whole = resolver.resolve(input.tree, overrides, [], '');
  errors.push(...resolver.errors);
  if (errors.length === 0 && overrides !== undefined) errors.push(...checkResult(input, whole));
  if (errors.length > 0) return { ok: false, errors };
  const { config, builder } = takeBuilder(whole);
  const origins: Origins = {};
  for (const [pointer, origin] of resolver.origins) {
    if (pointer !== '/builder' && !pointer.startsWith('/builder/')) origins[pointer] = origin;
  }
  return { ok: true, config, origins, builder };
}

/** Without those of a path that is refused already. */
const fresh = (known: readonly FieldError[], others: FieldError[]) =>
  others.filter(({ path }) => !known.some((error) => error.path === path));

function readOverrides({ resource, tree }: ResolveInput, resourceArgs: JsonObject): JsonObject {
  const args = unwrapOverrides(resourceArgs, resource);
  return resource === 'kubernetes' ? strategicOverrides(tree, args) : args;
}

/** What overrides made of the configuration has to pass the checks that the configuration itself has passed at its save. */
function checkResult({ resource, tree }: ResolveInput, whole: Json): FieldError[] {
  const message = ({ message: text }: { message: string }) => text;
  const known = new Set(checkResource(resource, tree).map(message));
  return checkResource(resource, treeFromJson(whole))
    .filter((finding) => finding.severity === 'error' && !known.has(finding.message))
    .map((finding) => overrideError(finding.keys, finding.message));
}

function takeBuilder(whole: Json): { config: Json; builder: BuilderSettings } {
  if (!isJsonObject(whole) || !Object.hasOwn(whole, 'builder')) return { config: whole, builder: {} };
  const image = literalText(child(child(treeFromJson(whole.builder ?? null), 'accelerator'), 'base_image'));
  const config: JsonObject = {};
  for (const [key, value] of Object.entries(whole)) if (key !== 'builder') setOwn(config, key, value);
  return { config, builder: image === undefined || image === '' ? {} : { acceleratorBaseImage: image } };
}

class Resolver {
  readonly errors: FieldError[] = [];
  readonly origins: [string, Origin][] = [];

  constructor(
    private readonly values: CheckedValues,
    private readonly allow: AllowList,
  ) {}

  resolve(node: ConfigTree, override: Json | undefined, keys: readonly string[], pointer: string): Json {
    if (isJsonObject(override)) {
      if (node.kind === 'map') return this.#map(node, override, keys, pointer);
      if (node.kind === 'list') return this.#list(node, override, keys, pointer);
      if (!this.allow.permits(keys)) {
        this.errors.push(
          overrideError(keys, `"${formatPath(keys)}" is a single value in the configuration of the queue.`),
        );
        return null;
      }
    }
    if (override !== undefined) return this.#overridden(override, pointer);
    switch (node.kind) {
      case 'map':
        return this.#map(node, {}, keys, pointer);
      case 'list':
        return this.#list(node, {}, keys, pointer);
      case 'value':
        return this.#leaf(node.value, 'queue', pointer);
      case 'variable':
        return this.#leaf(this.#value(node.name), 'template', pointer);
      case 'text': {
        const text = node.parts.map((part) =>
          typeof part === 'string' ? part : String(this.#value(part.variable)),
        );
        return this.#leaf(text.join(''), 'template', pointer);
      }
    }
  }

  #map(node: MapNode, override: JsonObject, keys: readonly string[], pointer: string): Json {
    const result: JsonObject = {};
    const known = new Set<string>();
    for (const [key, value] of node.entries) {
      known.add(key);
      const inner = Object.hasOwn(override, key) ? override[key] : undefined;
      setOwn(result, key, this.resolve(value, inner, [...keys, key], extendPointer(pointer, key)));
    }
    for (const [key, value] of Object.entries(override)) {
      if (!known.has(key)) setOwn(result, key, this.#overridden(value, extendPointer(pointer, key)));
    }
    if (Object.keys(result).length === 0) this.origins.push([pointer, 'queue']);
    return result;
  }

  /** Items can be overridden one by one, by a map of their positions. */
  #list(node: ListNode, override: JsonObject, keys: readonly string[], pointer: string): Json {
    const added: Json[] = [];
    for (const [key, value] of Object.entries(override)) {
      if (child(node, key) !== undefined) continue;
      // Items of another name than those of the queue come after them, where the whole list may be set.
      if (key === String(node.items.length + added.length) && this.allow.permits(keys)) {
        added.push(this.#overridden(value, extendPointer(pointer, key)));
        continue;
      }
      this.errors.push(
        overrideError(
          [...keys, key],
          `"${formatPath(keys)}" is a list of ${node.items.length} items in the configuration of the queue.`,
        ),
      );
    }
    if (node.items.length === 0) this.origins.push([pointer, 'queue']);
    const own = node.items.map((item, index) => {
      const key = String(index);
      const inner = Object.hasOwn(override, key) ? override[key] : undefined;
      return this.resolve(item, inner, [...keys, key], extendPointer(pointer, key));
    });
    return [...own, ...added];
  }

  #overridden(value: Json, pointer: string): Json {
    if (Array.isArray(value) && value.length > 0) {
      return value.map((item, index) => this.#overridden(item, `${pointer}/${index}`));
    }
    if (isJsonObject(value) && Object.keys(value).length > 0) {
      const result: JsonObject = {};
      for (const [key, item] of Object.entries(value)) {
        setOwn(result, key, this.#overridden(item, extendPointer(pointer, key)));
      }
      return result;
    }
    return this.#leaf(value, 'override', pointer);
  }

  #leaf<T extends Json>(value: T, origin: Origin, pointer: string): T {
    this.origins.push([pointer, origin]);
    return value;
  }

  /** A variable without a tile (an old version with an error) is an error of the launch. */
  #value(name: string): string | number {
    const value = Object.hasOwn(this.values, name) ? this.values[name] : undefined;
    if (value !== undefined) return value;
    const path = `templateValues.${name}`;
    if (!this.errors.some((error) => error.path === path)) {
      this.errors.push({
        path,
        message: `The variable "${name}" has no tile in this version of the queue: an admin must save it again.`,
      });
    }
    return '';
  }
}
