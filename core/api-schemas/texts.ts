import { isJsonObject } from '@/core/config-tree';
import type { Json } from '@/core/wire';
import { resolve } from './check';
import type { ApiDocument, ApiSchema } from './types';

export type Path = readonly (string | number)[];

/** Where numbers and truth values stand in `value` although the schema has a text there: a variable `0.1`, an argument `true`. */
export function scalarsForTexts(document: ApiDocument, reference: ApiSchema, value: Json): Path[] {
  const schema = resolve(document, reference);
  const within = (key: string | number, inner: ApiSchema | undefined, item: Json): Path[] =>
    inner === undefined ? [] : scalarsForTexts(document, inner, item).map((path) => [key, ...path]);
  if (Array.isArray(value)) return value.flatMap((item, index) => within(index, schema.items, item));
  if (isJsonObject(value)) {
    const { properties = {}, additionalProperties: others } = schema;
    return Object.entries(value).flatMap(([key, item]) =>
      within(
        key,
        Object.hasOwn(properties, key) ? properties[key] : typeof others === 'object' ? others : undefined,
        item,
      ),
    );
  }
  return schema.type === 'string' && (typeof value === 'number' || typeof value === 'boolean') ? [[]] : [];
}
