import type { AgentConfig } from '@/core/agent-config';
import { createDockerRunner } from './docker';
import { createKubernetesRunner } from './kubernetes';
import { createProcessRunner } from './process';
import type { RunnerTable } from './types';

/** The resources that this agent can run on. */
export const createRunners = (options: { stateDirectory: string; config: AgentConfig }): RunnerTable => ({
  'local-container': createDockerRunner(),
  'local-process': createProcessRunner(options),
  kubernetes: createKubernetesRunner({
    settings: options.config.kubernetes,
    namespace: options.config.namespace,
    additionalNamespaces: options.config.additionalTargetNamespaces,
    secureMode: options.config.secureMode,
  }),
});
