import { fromPointer } from '@/core/config-tree';
import { permitsProtected, protectedDepth, protectedPaths } from '@/core/queue-config';
import type { Json, LaunchSpec } from '@/core/wire';
import type { RenderContext } from '../types';
import type { Problems } from '../shared/problems';

/**
 * The second look at what gives more rights than a program needs: overrides were checked when the run was enqueued, and are again where
 * it is submitted; with `secureMode` neither they nor the queue may. What only takes rights away is no harm.
 */
export function guardProblems(
  spec: LaunchSpec,
  { secureMode = false }: RenderContext,
  problems: Problems,
): void {
  if (secureMode) {
    for (const keys of protectedPaths(spec.config)) {
      if (!isHarmless(keys, valueAt(spec.config, keys)))
        problems.error('The agent runs in secure_mode, which does not allow this, whoever set it.', keys);
    }
    return;
  }
  for (const [pointer, origin] of Object.entries(spec.origins)) {
    if (origin !== 'override') continue;
    const keys = fromPointer(pointer) ?? [];
    const depth = protectedDepth(keys);
    if (depth !== null && !permitsProtected(spec.protectedAllow ?? [], keys, depth))
      problems.error('A launch cannot set this: the allow-list of the queue does not name it.', keys);
  }
}

/** Values that grant nothing: `hostNetwork: false`, a context that only drops rights. */
function isHarmless(keys: readonly string[], value: Json | undefined): boolean {
  const key = keys.at(-1) ?? '';
  if (value === undefined || value === null) return true;
  if (['hostNetwork', 'hostPID', 'hostIPC', 'automountServiceAccountToken', 'privileged'].includes(key))
    return value === false;
  if (key !== 'securityContext' || typeof value !== 'object' || Array.isArray(value)) return false;
  return Object.entries(value).every(([name, item]) => {
    switch (name) {
      case 'allowPrivilegeEscalation':
      case 'privileged':
        return item === false;
      case 'runAsNonRoot':
      case 'readOnlyRootFilesystem':
        return item === true;
      case 'runAsUser':
      case 'runAsGroup':
      case 'fsGroup':
        return typeof item === 'number' && item > 0;
      case 'fsGroupChangePolicy':
        return true;
      case 'capabilities':
        return typeof item === 'object' && item !== null && !('add' in item);
      case 'seccompProfile':
        return JSON.stringify(item) === '{"type":"RuntimeDefault"}';
      default:
        return false;
    }
  });
}

function valueAt(value: Json, keys: readonly string[]): Json | undefined {
  let current: Json | undefined = value;
  for (const key of keys) {
    if (Array.isArray(current)) current = current[Number(key)];
    else if (typeof current === 'object' && current !== null) current = current[key];
    else return undefined;
  }
  return current;
}
