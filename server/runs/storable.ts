import type { Json } from '@/core/wire';

/** What PostgreSQL's jsonb and text do not take: NUL, and halves of surrogate pairs. */
const UNSTORABLE = /\0|\p{Surrogate}/u;
const ALL_UNSTORABLE = /\0|\p{Surrogate}/gu;

/** Dotted path of the first text that cannot be stored; null when all can. */
export function unstorablePath(value: unknown, path = ''): string | null {
  if (typeof value === 'string') return UNSTORABLE.test(value) ? path : null;
  if (value === null || typeof value !== 'object') return null;
  for (const [key, each] of Object.entries(value)) {
    const here = path === '' ? key : `${path}.${key}`;
    if (UNSTORABLE.test(key)) return path === '' ? '(a key)' : path;
    const found = unstorablePath(each, here);
    if (found !== null) return found;
  }
  return null;
}

/** The same value with U+FFFD in place of what cannot be stored: for what programs print, which must not be refused. */
export function storable<T extends Json>(value: T): T;
export function storable(value: Json): Json {
  if (typeof value === 'string') return value.replace(ALL_UNSTORABLE, '\uFFFD');
  if (Array.isArray(value)) return value.map((each) => storable(each));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [storable(key), storable(each)]));
}
