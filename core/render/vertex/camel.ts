import { isJsonObject, setOwn } from '@/core/config-tree';
import type { Json, JsonObject, Origins } from '@/core/wire';

/** Maps whose keys are the user's own words. */
const FREE_MAPS = new Set(['labels']);
const SNAKE = /^[a-z][a-z0-9]*(?:_[a-z0-9]+)+$/;

export const camelKey = (key: string): string =>
  SNAKE.test(key) ? key.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase()) : key;

/** The Python SDK's form of a name of the REST interface. */
export const snakeKey = (key: string): string =>
  key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

const escape = (key: string) => key.replaceAll('~', '~0').replaceAll('/', '~1');

/** The names of the Python SDK (`machine_type`) as those of the REST interface (`machineType`), and the origins with them. */
export function toCamel(value: Json, origins: Origins): { value: Json; origins: Origins } {
  const moved: Origins = {};
  const step = (current: Json, from: string, to: string, free: boolean): Json => {
    const origin = origins[from];
    if (origin !== undefined) moved[to] = origin;
    if (Array.isArray(current))
      return current.map((item, index) => step(item, `${from}/${index}`, `${to}/${index}`, false));
    if (!isJsonObject(current)) return current;
    const copy: JsonObject = {};
    for (const [key, item] of Object.entries(current)) {
      const name = free ? key : camelKey(key);
      setOwn(copy, name, step(item, `${from}/${escape(key)}`, `${to}/${escape(name)}`, FREE_MAPS.has(name)));
    }
    return copy;
  };
  return { value: step(value, '', '', false), origins: moved };
}
