import { isJsonObject, setOwn } from '@/core/config-tree';
import type { Json, JsonObject } from '@/core/wire';

/** A field of a job's inputs, drawn from its JSON Schema; what is too rich for a control is typed as JSON. */
export interface InputField {
  /** Keys from the outermost object. */
  path: string[];
  label: string;
  description: string | undefined;
  required: boolean;
  control: 'text' | 'number' | 'integer' | 'switch' | 'select' | 'json';
  options: Json[];
  min: number | undefined;
  max: number | undefined;
  default: Json | undefined;
}

/** Objects inside of objects that become fields of their own. */
const MAX_DEPTH = 4;
const MAX_FIELDS = 200;

const text = (value: Json | undefined): string | undefined => (typeof value === 'string' ? value : undefined);
const number = (value: Json | undefined): number | undefined =>
  typeof value === 'number' ? value : undefined;

/** The fields of a schema (the subset that forms can draw: type, title, description, enum, minimum, maximum, default, properties). */
export function inputFields(schema: JsonObject, path: readonly string[] = []): InputField[] {
  const properties = isJsonObject(schema.properties) ? schema.properties : {};
  const required = Array.isArray(schema.required) ? schema.required : [];
  return Object.entries(properties)
    .flatMap(([key, property]): InputField[] => {
      if (!isJsonObject(property)) return [];
      const at = [...path, key];
      if (isJsonObject(property.properties) && at.length < MAX_DEPTH) return inputFields(property, at);
      return [
        {
          path: at,
          label: text(property.title) ?? at.join('.'),
          description: text(property.description),
          required: required.includes(key),
          control: controlOf(property),
          options: Array.isArray(property.enum) ? property.enum : [],
          min: number(property.minimum) ?? number(property.exclusiveMinimum),
          max: number(property.maximum) ?? number(property.exclusiveMaximum),
          default: property.default,
        },
      ];
    })
    .slice(0, MAX_FIELDS);
}

function controlOf(property: JsonObject): InputField['control'] {
  if (Array.isArray(property.enum)) return 'select';
  switch (property.type) {
    case 'string':
      return 'text';
    case 'integer':
    case 'number':
      return property.type;
    case 'boolean':
      return 'switch';
    default:
      return 'json';
  }
}

/** The value at a path; undefined where there is none. */
export function valueAt(config: JsonObject, path: readonly string[]): Json | undefined {
  let at: Json | undefined = config;
  for (const key of path) at = isJsonObject(at) && Object.hasOwn(at, key) ? at[key] : undefined;
  return at;
}

/** The config with the value at a path changed; undefined takes it out, and objects that are empty then. */
export function withValue(config: JsonObject, path: readonly string[], value: Json | undefined): JsonObject {
  const [key, ...rest] = path;
  if (key === undefined) return config;
  const copy: JsonObject = {};
  for (const [name, item] of Object.entries(config)) if (name !== key) setOwn(copy, name, item);
  const before = Object.hasOwn(config, key) ? config[key] : undefined;
  const next = rest.length === 0 ? value : withValue(isJsonObject(before) ? before : {}, rest, value);
  if (next !== undefined && !(rest.length > 0 && isJsonObject(next) && Object.keys(next).length === 0)) {
    // In the place where it was, so that typing does not move lines about.
    const ordered: JsonObject = {};
    let placed = false;
    for (const name of Object.keys(config)) {
      if (name === key) {
        setOwn(ordered, key, next);
        placed = true;
      } else setOwn(ordered, name, copy[name] ?? null);
    }
    if (!placed) setOwn(ordered, key, next);
    return ordered;
  }
  return copy;
}
