const PLAIN_KEY = /^[^\s.[\]"'*/~]+$/;
const MAX_SHOWN = 1000;

/**
 * A path as people read it: `spec.containers.0.image`. A key that holds a dot or the like stands in brackets and quotes:
 * `limits["nvidia.com/gpu"]`. Paths beyond 1000 characters are cut, so that a hostile configuration cannot blow up an answer.
 */
export function formatPath(keys: readonly string[]): string {
  let path = '';
  for (const key of keys) {
    if (PLAIN_KEY.test(key)) path += path === '' ? key : `.${key}`;
    else path += `[${JSON.stringify(key)}]`;
    if (path.length > MAX_SHOWN) return `${path.slice(0, MAX_SHOWN)}…`;
  }
  return path;
}

const escapeKey = (key: string) => key.replaceAll('~', '~0').replaceAll('/', '~1');

/** A JSON pointer (RFC 6901); `''` is the whole document. */
export function toPointer(keys: readonly string[]): string {
  return keys.map((key) => `/${escapeKey(key)}`).join('');
}

/** `pointer` and one more key. */
export function extendPointer(pointer: string, key: string): string {
  return `${pointer}/${escapeKey(key)}`;
}

/** The keys of a JSON pointer; undefined when it is not one. */
export function fromPointer(pointer: string): string[] | undefined {
  if (pointer === '') return [];
  if (!pointer.startsWith('/') || /~(?![01])/.test(pointer)) return undefined;
  return pointer
    .slice(1)
    .split('/')
    .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'));
}

const STEP = /\.?([^\s.[\]"]+)|\[("(?:[^"\\]|\\.)*")\]|\[(\d+)\]/y;

/** The keys of a path as `formatPath` writes it, or of a JSON pointer; undefined when it is neither. */
export function parsePath(path: string): string[] | undefined {
  if (path.startsWith('/')) return fromPointer(path);
  if (path === '' || path.startsWith('.')) return undefined;
  const keys: string[] = [];
  STEP.lastIndex = 0;
  while (STEP.lastIndex < path.length) {
    const first = STEP.lastIndex === 0;
    const match = STEP.exec(path);
    if (match === null) return undefined;
    const [whole, plain, quoted, index] = match;
    if (plain !== undefined && !first && !whole.startsWith('.')) return undefined;
    if (quoted !== undefined) {
      const key = unquote(quoted);
      if (key === undefined) return undefined;
      keys.push(key);
    } else keys.push(plain ?? index ?? '');
  }
  return keys;
}

function unquote(text: string): string | undefined {
  try {
    return JSON.parse(text) as string;
  } catch {
    return undefined;
  }
}
