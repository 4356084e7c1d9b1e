import { parsePath } from '@/core/config-tree';
import type { ResourceId, VariableType } from '@/core/wire';

const words = (text: string) => new Set(text.split(' '));

/** Keys whose values are numbers, by resource; from the reference of each. */
const INTEGERS: Record<ResourceId, ReadonlySet<string>> = {
  'local-container': words(
    'blkio-weight cpu-count cpu-percent cpu-period cpu-quota cpu-rt-period cpu-rt-runtime cpu-shares c health-retries memory-swappiness oom-score-adj pids-limit stop-timeout',
  ),
  'local-process': new Set(),
  kubernetes: words(
    'replicas parallelism completions backoffLimit backoffLimitPerIndex maxFailedIndexes ttlSecondsAfterFinished activeDeadlineSeconds terminationGracePeriodSeconds tolerationSeconds priority containerPort hostPort port targetPort runAsUser runAsGroup fsGroup minAvailable minMember maxRetry nprocPerNode minReplicas maxReplicas maxRestarts numSlices slots weight defaultMode mode initialDelaySeconds periodSeconds timeoutSeconds successThreshold failureThreshold maxSkew',
  ),
  sagemaker: words(
    'InstanceCount VolumeSizeInGB MaxRuntimeInSeconds MaxWaitTimeInSeconds MaxPendingTimeInSeconds KeepAlivePeriodInSeconds MaximumRetryAttempts ProfilingIntervalInMilliseconds ContainerEntryCount ShuffleSeed Seed',
  ),
  'gcp-vertex': words(
    'accelerator_count acceleratorCount replica_count replicaCount boot_disk_size_gb bootDiskSizeGb timeout',
  ),
};
const FLOATS: Partial<Record<ResourceId, ReadonlySet<string>>> = { 'local-container': words('cpus') };

/** Maps whose values are texts to the resource, whatever they are called. */
const TEXT_MAPS = words('env Environment HyperParameters labels annotations label Tags nodeSelector');

/**
 * The type that fits where a placeholder stands. `path` is dotted (or a JSON pointer); `siblings` are the plain values beside it in
 * the same list. A text is always safe, so it is what remains.
 */
export function suggestVariable(
  path: string,
  resource: ResourceId,
  siblings: readonly unknown[] = [],
): VariableType {
  const keys = parsePath(path) ?? [];
  const numbers = siblings.filter((value) => typeof value === 'number');
  if (numbers.length > 0 && numbers.length === siblings.length) {
    return numbers.every((value) => Number.isInteger(value)) ? 'integer' : 'float';
  }
  const key = keys.findLast((name) => !/^\d+$/.test(name)) ?? '';
  if (keys.slice(0, -1).some((name) => TEXT_MAPS.has(name))) return 'string';
  if (FLOATS[resource]?.has(key)) return 'float';
  // Extended resources (nvidia.com/gpu) are whole by definition, unlike cpu and memory.
  if (
    INTEGERS[resource].has(key) ||
    (resource === 'kubernetes' && /^[\w.-]+\/[\w.-]*(?:gpu|tpu|efa)\w*$/i.test(key))
  )
    return 'integer';
  return 'string';
}
