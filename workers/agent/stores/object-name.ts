const KEY = /^[A-Za-z0-9_-][A-Za-z0-9._-]*(\/[A-Za-z0-9_-][A-Za-z0-9._-]*)*$/;

/** `prefix/key`. @throws Error for a key that could leave its place */
export function objectName(prefix: string, key: string): string {
  if (!KEY.test(key)) throw new Error(`"${key}" is not a key of a store`);
  return prefix === '' ? key : `${prefix}/${key}`;
}
