import { TRAINING_JOB, checkApi } from '@/core/api-schemas';
import { descend, formatPath, mayBeText } from '@/core/config-tree';
import type { ConfigTree, MapNode } from '@/core/config-tree';
import { TEXT_MAPS } from '@/core/render/sagemaker/texts';
import type { Findings } from '../finding';
import { isOpenText } from './common';

const FILLED_IN = ['AlgorithmSpecification.TrainingInputMode', 'OutputDataConfig.S3OutputPath'];

export function checkSageMaker(config: MapNode, findings: Findings): void {
  requireText(
    config,
    ['RoleArn'],
    'the ARN (or the name) of the role that SageMaker runs the job as',
    findings,
  );
  requireText(config, ['OutputDataConfig', 'S3OutputPath'], 'the s3:// address for results', findings);
  requireMap(config, 'ResourceConfig', 'instance type, instance count and volume size', findings);
  requireMap(config, 'StoppingCondition', 'for example MaxRuntimeInSeconds: 3600', findings);
  for (const [key, value] of config.entries) {
    if (key === 'TrainingJobName') {
      findings.error(
        '"TrainingJobName" cannot be set: the job is named after the run, so that an agent finds it again.',
        value,
        key,
      );
    }
  }
  checkFields(config, findings);
}

/** All fields, nested ones too, by the service's own description. */
function checkFields(config: MapNode, findings: Findings): void {
  const options = { document: TRAINING_JOB, isOpen: isOpenText };
  for (const { severity, keys, node, message } of checkApi(withTexts(config), TRAINING_JOB, options)) {
    const path = formatPath(keys);
    const isRequired = message === 'is required';
    // Spoken of above, or filled in.
    if (path === 'RoleArn' || path === 'TrainingJobName') continue;
    if (isRequired && (keys.length === 1 || FILLED_IN.includes(path))) continue;
    if (findings.all.some((known) => formatPath(known.keys) === path)) continue;
    if (severity === 'error') findings.error(`"${path}" ${message}.`, node, ...keys);
    else findings.warning(`"${path}" ${message} of CreateTrainingJob.`, node, ...keys);
  }
}

function withTexts(config: MapNode): MapNode {
  const asText = (node: ConfigTree): ConfigTree =>
    node.kind === 'value' && (typeof node.value === 'number' || typeof node.value === 'boolean')
      ? { kind: 'value', value: String(node.value) }
      : node;
  return {
    kind: 'map',
    entries: config.entries.map(([key, value]) => [
      key,
      TEXT_MAPS.includes(key) && value.kind === 'map'
        ? { kind: 'map', entries: value.entries.map(([name, item]) => [name, asText(item)]) }
        : value,
    ]),
  };
}

function requireText(config: MapNode, keys: string[], meaning: string, findings: Findings): void {
  const value = descend(config, ...keys);
  const empty = value?.kind === 'value' && value.value === '';
  if (value === undefined || empty || !mayBeText(value)) {
    findings.error(`"${keys.join('.')}" is required: ${meaning}.`, value ?? holder(config, keys), ...keys);
  }
}

function requireMap(config: MapNode, key: string, meaning: string, findings: Findings): void {
  const value = descend(config, key);
  if (value?.kind !== 'map' || value.entries.length === 0) {
    findings.error(`"${key}" is required: ${meaning}.`, value ?? config, key);
  }
}

/** The innermost value on the way that is there. */
function holder(config: ConfigTree, keys: readonly string[]): ConfigTree {
  return descend(config, ...keys.slice(0, -1)) ?? config;
}
