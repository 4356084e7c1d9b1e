import { RunFailure } from '../runners/types';
import type { Builder } from './types';

/** Builds nothing and says what to set. */
export const createNoopBuilder = (): Builder => ({
  build() {
    return Promise.reject(
      new RunFailure({
        phase: 'build',
        category: 'config',
        message:
          'The job is made of source code and needs a build, but the agent builds no images (builder.type is noop). ' +
          "Set builder.type to docker (with a Docker engine on the agent's machine) or to kaniko in its launch-config.yaml, or launch a job of kind image.",
      }),
    );
  },
});
