import type { AgentConfig } from '@/core/agent-config';
import type { Environments } from '../environments';
import { createRegistry } from '../registries';
import { createDockerRunner } from './docker';
import { createKubernetesRunner } from './kubernetes';
import { createProcessRunner } from './process';
import { createSageMakerRunner } from './sagemaker';
import type { RunnerTable } from './types';
import { createUnfitRunner } from './unfit';
import { createVertexRunner } from './vertex';

/** The resources that this agent can run on; libraries of clouds are loaded with the first run that needs them. */
export const createRunners = (options: {
  stateDirectory: string;
  config: AgentConfig;
  environments: Environments;
}): RunnerTable => {
  const { configured, aws, gcp } = options.environments;
  return {
    'local-container': createDockerRunner(),
    'local-process': createProcessRunner(options),
    kubernetes: createKubernetesRunner({
      settings: options.config.kubernetes,
      namespace: options.config.namespace,
      additionalNamespaces: options.config.additionalTargetNamespaces,
      secureMode: options.config.secureMode,
      pullCredentials: (image, signal) => pullCredentials(options.config, image, signal),
    }),
    sagemaker:
      configured?.type === 'aws'
        ? createSageMakerRunner({ environment: aws })
        : createUnfitRunner(needs('SageMaker', 'type: aws, region: us-east-1', configured?.type)),
    'gcp-vertex':
      configured?.type === 'gcp'
        ? createVertexRunner({ environment: gcp })
        : createUnfitRunner(
            needs('Vertex AI', 'type: gcp, region: us-central1, project: my-project', configured?.type),
          ),
  };
};

/** Those of the registry that the agent pushes to, for images that are there. */
async function pullCredentials(config: AgentConfig, image: string, signal: AbortSignal) {
  const destination = config.builder?.destination ?? config.registry?.uri ?? null;
  const registry = image.split('/')[0] ?? '';
  if (destination === null || destination.split('/')[0] !== registry) return null;
  const credentials = await createRegistry({ destination, config }).login(signal);
  return credentials && { registry, ...credentials };
}

const needs = (resource: string, example: string, type: string | undefined) =>
  `Runs on ${resource} need an agent with "environment: {${example}}" in its launch-config.yaml; this agent has ${type === undefined ? 'no environment' : `"type: ${type}"`}.`;
