import { descend, didYouMean, mayBeText } from '@/core/config-tree';
import type { MapNode } from '@/core/config-tree';
import type { Findings } from '../finding';

const RUN_KEYS = [
  'timeout',
  'service_account',
  'network',
  'enable_web_access',
  'tensorboard',
  'restart_job_on_worker_restart',
];

export function checkVertex(config: MapNode, findings: Findings): void {
  for (const [key, value] of config.entries) {
    if (key !== 'spec' && key !== 'run') {
      findings.error(
        `"${key}" is not known: a Vertex configuration has "spec" and "run"${didYouMean(key, ['spec', 'run'])}.`,
        value,
        key,
      );
    }
  }
  const spec = descend(config, 'spec');
  const pools = descend(spec, 'worker_pool_specs');
  if (pools?.kind !== 'list' || pools.items.length === 0) {
    const message = '"spec.worker_pool_specs" is required: a list of at least one worker pool.';
    findings.error(message, pools ?? spec ?? config, 'spec', 'worker_pool_specs');
  } else {
    pools.items.forEach((pool, index) => {
      if (pool.kind !== 'map')
        findings.error('A worker pool is a map.', pool, 'spec', 'worker_pool_specs', String(index));
    });
  }
  const bucket = descend(spec, 'staging_bucket');
  if (bucket === undefined || !mayBeText(bucket) || (bucket.kind === 'value' && bucket.value === '')) {
    const message = '"spec.staging_bucket" is required: the gs:// bucket for what Vertex stores.';
    findings.error(message, bucket ?? spec ?? config, 'spec', 'staging_bucket');
  }
  checkRun(config, findings);
}

function checkRun(config: MapNode, findings: Findings): void {
  const run = descend(config, 'run');
  if (run === undefined || (run.kind === 'value' && run.value === null)) return;
  if (run.kind !== 'map') {
    findings.error('"run" must be a map.', run, 'run');
    return;
  }
  for (const [key, value] of run.entries) {
    if (!RUN_KEYS.includes(key)) {
      findings.error(
        `"run.${key}" is not known: "run" may hold ${RUN_KEYS.join(', ')}${didYouMean(key, RUN_KEYS)}.`,
        value,
        'run',
        key,
      );
    }
  }
}
