import { RunFailure } from '../runners/types';
import type { Builder } from './types';

const refuse = (): never => {
  throw new RunFailure({
    phase: 'build',
    category: 'config',
    message:
      'The job is made of source code and needs an image, but this agent builds none (builder.type is noop, or no Docker engine answers). ' +
      'Set builder.type to docker (with a Docker engine on the machine of the agent) or kaniko in its launch-config.yaml, or launch a job of kind image.',
  });
};

/** Builds nothing and says what to set. */
export const createNoopBuilder = (): Builder => ({
  check: refuse,
  build: () => Promise.resolve().then(refuse),
});
