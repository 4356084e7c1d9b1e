import { extendPointer, setOwn } from '@/core/config-tree';
import type { Json, JsonObject } from '@/core/wire';

/** Macros that Slipway itself gives a value. */
export const MACRO_NAMES = [
  'project_name',
  'entity_name',
  'run_id',
  'run_name',
  'image_uri',
  'queue_name',
  'author',
] as const;
export type MacroName = (typeof MACRO_NAMES)[number];

const MACRO = /\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g;

export const isMacroName = (name: string): name is MacroName =>
  (MACRO_NAMES as readonly string[]).includes(name);

export interface MacroMatch {
  name: string;
  /** Offset of `$` in the text, UTF-16 units. */
  start: number;
  /** Offset after `}`. */
  end: number;
}

/** Every `${name}` of a text, in order. */
export function findMacros(text: string): MacroMatch[] {
  return Array.from(text.matchAll(MACRO), (match) => ({
    name: match[1] ?? '',
    start: match.index,
    end: match.index + match[0].length,
  }));
}

/**
 * Replaces `${name}` in every text of `value` (never in keys). What `lookup` does not know stays as it is; what is put in is not
 * looked through again. `replaced` has the JSON pointer of each text that changed.
 */
export function replaceMacros(
  value: Json,
  lookup: (name: string) => string | undefined,
): { value: Json; replaced: string[] } {
  const replaced: string[] = [];
  const step = (current: Json, pointer: string): Json => {
    if (typeof current === 'string') {
      let hits = 0;
      const text = current.replace(MACRO, (whole, name: string) => {
        const found = lookup(name);
        if (found !== undefined) hits++;
        return found ?? whole;
      });
      if (hits > 0) replaced.push(pointer);
      return text;
    }
    if (Array.isArray(current)) return current.map((item, index) => step(item, `${pointer}/${index}`));
    if (typeof current === 'object' && current !== null) {
      const copy: JsonObject = {};
      for (const [key, item] of Object.entries(current))
        setOwn(copy, key, step(item, extendPointer(pointer, key)));
      return copy;
    }
    return current;
  };
  return { value: step(value, ''), replaced };
}
