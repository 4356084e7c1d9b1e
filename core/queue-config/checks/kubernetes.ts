import { descend, didYouMean, literalText, mayBeText } from '@/core/config-tree';
import type { ConfigTree, MapNode } from '@/core/config-tree';
import type { Findings } from '../finding';

const JOB_KEYS = ['apiVersion', 'kind', 'metadata', 'spec', 'namespace'];

export function checkKubernetes(config: MapNode, findings: Findings): void {
  for (const key of ['metadata', 'spec']) {
    const value = descend(config, key);
    if (value !== undefined && value.kind !== 'map') findings.error(`"${key}" must be a map.`, value, key);
  }
  for (const key of ['apiVersion', 'kind', 'namespace']) {
    const value = descend(config, key);
    if (value !== undefined && !mayBeText(value)) findings.error(`"${key}" must be a text.`, value, key);
  }
  if (isJob(config)) checkJob(config, findings);
  else if (descend(config, 'apiVersion') === undefined) {
    const kind = descend(config, 'kind');
    findings.error('A custom resource needs its "apiVersion", for example kubeflow.org/v1.', kind, 'kind');
  } else if (descend(config, 'kind') === undefined) {
    const version = descend(config, 'apiVersion');
    findings.error('A custom resource needs its "kind", for example PyTorchJob.', version, 'apiVersion');
  }
}

/** The plain Job that is meant when nothing else is said. */
function isJob(config: MapNode): boolean {
  const kind = literalText(descend(config, 'kind')) ?? 'Job';
  const version = literalText(descend(config, 'apiVersion')) ?? 'batch/v1';
  return kind === 'Job' && version === 'batch/v1';
}

function checkJob(config: MapNode, findings: Findings): void {
  for (const [key, value] of config.entries) {
    if (!JOB_KEYS.includes(key)) {
      findings.warning(
        `A Job has no "${key}"${didYouMean(key, JOB_KEYS, ': its keys are "metadata", "spec" and "namespace"')}.`,
        value,
        key,
      );
    }
  }
  const pod = ['spec', 'template', 'spec'];
  const containers = descend(config, ...pod, 'containers');
  if (containers !== undefined && containers.kind !== 'list') {
    findings.error('"containers" must be a list.', containers, ...pod, 'containers');
  } else if (containers?.kind === 'list') checkContainers(containers.items, pod, findings);
  const restart = descend(config, ...pod, 'restartPolicy');
  if (literalText(restart) === 'Always') {
    findings.error('The "restartPolicy" of a Job is Never or OnFailure.', restart, ...pod, 'restartPolicy');
  }
}

function checkContainers(items: readonly ConfigTree[], pod: readonly string[], findings: Findings): void {
  items.forEach((item, index) => {
    if (item.kind !== 'map')
      findings.error('A container is a map.', item, ...pod, 'containers', String(index));
  });
}
