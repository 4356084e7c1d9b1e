import { descend, didYouMean, mayBeText } from '@/core/config-tree';
import type { ConfigTree, MapNode } from '@/core/config-tree';
import type { Findings } from '../finding';

/** Fields of `CreateTrainingJob` (SageMaker API reference). */
const FIELDS =
  'AlgorithmSpecification CheckpointConfig DebugHookConfig DebugRuleConfigurations EnableInterContainerTrafficEncryption EnableManagedSpotTraining EnableNetworkIsolation Environment ExperimentConfig HyperParameters InfraCheckConfig InputDataConfig MlflowConfig ModelPackageConfig OutputDataConfig ProfilerConfig ProfilerRuleConfigurations RemoteDebugConfig ResourceConfig RetryStrategy RoleArn ServerlessJobConfig SessionChainingConfig StoppingCondition Tags TensorBoardOutputConfig TrainingJobName VpcConfig'.split(
    ' ',
  );

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
    } else if (!FIELDS.includes(key)) {
      findings.warning(
        `"${key}" is not a known field of CreateTrainingJob${didYouMean(key, FIELDS)}.`,
        value,
        key,
      );
    }
  }
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
