import type { Json, JsonObject } from '@/core/wire';

const isMap = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Lists whose entries are told apart by a field, as Kubernetes itself merges them. */
const KEYS: Readonly<Record<string, string>> = {
  env: 'name',
  volumes: 'name',
  volumeMounts: 'mountPath',
  imagePullSecrets: 'name',
};

/** Names that mean the container that builds; one without a name means it too. */
const MAIN = new Set<unknown>([undefined, 'kaniko', 'wandb-container-build']);

/**
 * `kaniko-config` over the build Job: maps key by key, containers by name, `--key=value` arguments by key, variables, volumes and mounts by
 * what names them. Anything else of the configuration takes the place of what was there.
 */
export function mergeKanikoConfig(job: JsonObject, config: JsonObject | null): JsonObject {
  if (config === null) return job;
  return mergeMaps(job, tolerate(config));
}

/** `backOffLimit` means `backoffLimit`. */
function tolerate(config: JsonObject): JsonObject {
  const { spec } = config;
  if (!isMap(spec) || !('backOffLimit' in spec)) return config;
  const { backOffLimit, ...rest } = spec;
  return {
    ...config,
    spec: { backoffLimit: backOffLimit ?? 0, ...rest },
  };
}

function mergeMaps(base: JsonObject, over: JsonObject): JsonObject {
  const merged: JsonObject = { ...base };
  for (const [key, value] of Object.entries(over)) merged[key] = mergeValue(key, base[key], value);
  return merged;
}

function mergeValue(key: string, base: Json | undefined, over: Json): Json {
  if (isMap(base) && isMap(over)) return mergeMaps(base, over);
  if (!Array.isArray(base) || !Array.isArray(over)) return over;
  if (key === 'containers') return mergeContainers(base, over);
  if (key === 'args') return mergeArguments(base, over);
  const named = KEYS[key];
  return named === undefined ? over : mergeNamed(base, over, named);
}

function mergeContainers(base: Json[], over: Json[]): Json[] {
  const merged = [...base];
  for (const container of over) {
    if (!isMap(container)) continue;
    const main = MAIN.has(container['name']);
    const at = main ? 0 : merged.findIndex((one) => isMap(one) && one['name'] === container['name']);
    const known = merged[at];
    if (isMap(known)) merged[at] = { ...mergeMaps(known, container), name: known['name'] ?? null };
    else merged.push(container);
  }
  return merged;
}

function mergeNamed(base: Json[], over: Json[], field: string): Json[] {
  const nameOf = (item: Json | undefined) => (isMap(item) ? item[field] : undefined);
  const merged = [...base];
  for (const item of over) {
    const name = nameOf(item);
    const at = name === undefined ? -1 : merged.findIndex((one) => nameOf(one) === name);
    if (at === -1) merged.push(item);
    else merged[at] = item;
  }
  return merged;
}

const keyOf = (argument: Json): string =>
  typeof argument === 'string' ? (argument.split('=')[0] ?? '') : JSON.stringify(argument);

/** An argument takes the place of those with its key; `--build-arg` and what else may be repeated is added. */
function mergeArguments(base: Json[], over: Json[]): Json[] {
  const replaced = new Set(over.map(keyOf));
  const places = new Map<string, Json[]>();
  const added: Json[] = [];
  for (const argument of over) {
    const key = keyOf(argument);
    if (!base.some((one) => keyOf(one) === key)) added.push(argument);
    else places.set(key, [...(places.get(key) ?? []), argument]);
  }
  const kept = base.flatMap((argument) => {
    const key = keyOf(argument);
    if (!replaced.has(key)) return [argument];
    const own = places.get(key) ?? [];
    places.delete(key);
    return own;
  });
  return [...kept, ...added];
}
