import { createDockerRunner } from './docker';
import { createProcessRunner } from './process';
import type { RunnerTable } from './types';

/** The resources that this agent can run on. */
export const createRunners = (options: { stateDirectory: string }): RunnerTable => ({
  'local-container': createDockerRunner(),
  'local-process': createProcessRunner(options),
});
