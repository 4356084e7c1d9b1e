import type { ConfigTree, MapNode } from '@/core/config-tree';
import type { ResourceId } from '@/core/wire';
import { checkBuilder, checkTexts } from './checks/common';
import { checkDocker } from './checks/docker';
import { checkKubernetes } from './checks/kubernetes';
import { checkProcess } from './checks/process';
import { checkSageMaker } from './checks/sagemaker';
import { checkVertex } from './checks/vertex';
import { Findings } from './finding';
import type { Finding } from './finding';

const CHECKS: Record<ResourceId, (config: MapNode, findings: Findings) => void> = {
  'local-container': checkDocker,
  'local-process': checkProcess,
  kubernetes: checkKubernetes,
  sagemaker: checkSageMaker,
  'gcp-vertex': checkVertex,
};

/**
 * What can be said of a configuration before values are given. `tree` is normalized (`normalizeTree`). A placeholder counts as a
 * value of the right type.
 */
export function checkResource(resource: ResourceId, tree: ConfigTree): Finding[] {
  const findings = new Findings();
  checkTexts(tree, findings);
  if (tree.kind === 'map') {
    checkBuilder(tree, findings);
    const config: MapNode = { kind: 'map', entries: tree.entries.filter(([key]) => key !== 'builder') };
    // The guide shows a configuration that holds nothing but the builder's base image, whatever the resource.
    const onlyBuilder = config.entries.length === 0 && tree.entries.length > 0;
    if (!onlyBuilder) CHECKS[resource](config, findings);
  }
  return findings.all;
}
