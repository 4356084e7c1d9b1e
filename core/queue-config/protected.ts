import { isJsonObject, parsePath } from '@/core/config-tree';
import type { Json } from '@/core/wire';

/**
 * What would give a program more rights than programs have: settings of a cluster that submitters never reach by overrides, whatever
 * the allow-list says, unless it names that very key.
 */
const PROTECTED_KEYS = new Set([
  'securityContext',
  'hostPath',
  'hostNetwork',
  'hostPID',
  'hostIPC',
  'hostUsers',
  'hostPort',
  'serviceAccountName',
  'serviceAccount',
  'automountServiceAccountToken',
  'nodeName',
  'seccompProfile',
  'appArmorProfile',
  'windowsOptions',
  'privileged',
  'ephemeralContainers',
]);
/** Annotations by which older clusters set profiles. */
const PROFILE_ANNOTATION =
  /^(container\.apparmor\.security\.beta\.kubernetes\.io\/|(container\.)?seccomp\.security\.alpha\.kubernetes\.io\/)/;

/** How many of the keys lead to what is protected, the protected one included; null when nothing on the way is. */
export function protectedDepth(keys: readonly string[]): number | null {
  const index = keys.findIndex((key) => PROTECTED_KEYS.has(key) || PROFILE_ANNOTATION.test(key));
  return index < 0 ? null : index + 1;
}

/** Whether an entry of the allow-list names the protected key on the way itself, and does not merely stand above it or match anything. */
export function permitsProtected(allow: readonly string[], keys: readonly string[], depth: number): boolean {
  return allow.some((entry) => {
    const pattern = parsePath(entry);
    if (!pattern || pattern.length < depth || pattern.length > keys.length) return false;
    if (pattern[depth - 1] !== keys[depth - 1]) return false;
    return pattern.every((part, index) => part === '*' || part === keys[index]);
  });
}

/** Keys of every protected setting in a document, each to the outermost one. */
export function protectedPaths(value: Json, keys: readonly string[] = []): string[][] {
  if (protectedDepth(keys) !== null) return value === null ? [] : [[...keys]];
  const inner = Array.isArray(value)
    ? value.map((item, index) => [String(index), item] as const)
    : isJsonObject(value)
      ? Object.entries(value)
      : [];
  return inner.flatMap(([key, item]) => protectedPaths(item, [...keys, key]));
}
