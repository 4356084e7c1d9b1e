import { KUBERNETES, checkApi } from '@/core/api-schemas';
import { descend, didYouMean, formatPath, literalText, mayBeText, walk } from '@/core/config-tree';
import type { ConfigTree, MapNode } from '@/core/config-tree';
import { MOVED_SETTINGS } from '@/core/render/kubernetes/job';
import type { Findings } from '../finding';
import { isOpenText } from './common';

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
  checkFields(config, ['metadata'], 'ObjectMeta', findings);
  if (isJob(config)) checkFields(config, ['spec'], 'JobSpec', findings);
  else for (const keys of podTemplates(config)) checkFields(config, keys, 'PodTemplateSpec', findings);
}

/** Where the pod templates of a custom resource stand: maps with `spec.containers`. */
function podTemplates(config: MapNode): string[][] {
  const found: string[][] = [];
  walk(config, (node, keys) => {
    if (descend(node, 'spec', 'containers')?.kind === 'list') found.push([...keys]);
  });
  return found;
}

/**
 * All fields of a part of the object, by the description that Kubernetes gives of itself. A field that is not in it is a warning
 * only: the cluster may be newer.
 */
function checkFields(config: MapNode, keys: readonly string[], definition: string, findings: Findings): void {
  const part = descend(config, ...keys);
  const schema = KUBERNETES.definitions[definition];
  if (part === undefined || schema === undefined) return;
  const options = { document: KUBERNETES, isOpen: isOpenText, makesTexts: true };
  for (const { keys: at, node, message, unknown } of checkApi(part, schema, options, keys)) {
    const path = formatPath(at);
    // Spoken of already.
    if (findings.all.some((known) => formatPath(known.keys) === path)) continue;
    if (unknown !== undefined) {
      if (isMoved(at)) continue;
      findings.warning(`"${path}" is not a field of Kubernetes${unknown.hint}.`, node, ...at);
    } else findings.error(`"${path}" ${message}.`, node, ...at);
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

/** A setting of a security context that the renderer moves from the pod to its containers, or the other way. */
const isMoved = (keys: readonly string[]) =>
  keys.at(-2) === 'securityContext' && MOVED_SETTINGS.includes(keys.at(-1) ?? '');
