import type { Json, JsonObject } from '@/core/wire';

/** Sets a key as plain data, also `__proto__`, which an assignment would take for the prototype. */
export function setOwn(target: JsonObject, key: string, value: Json): void {
  if (key === '__proto__') {
    Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true });
  } else target[key] = value;
}

export const isJsonObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** NUL and lone surrogates: no command line, environment or JSON store can hold them. */
// eslint-disable-next-line no-control-regex -- the control character is what is looked for
const UNSTORABLE = /\u0000|\p{Surrogate}/u;
export const isStorableText = (text: string): boolean => !UNSTORABLE.test(text);
