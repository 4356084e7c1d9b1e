import type { BuilderType } from '@/core/agent-config';
import { RunFailure } from '../runners/types';
import type { Builder } from './types';

/** Runs images that are there already and builds none; `configured` is what the agent's file asks for, to say what to change. */
export const createPrebuilt = (configured: BuilderType): Builder => ({
  build({ image, source, resource }) {
    if (image !== null) return Promise.resolve(image);
    const kind = source?.type;
    if (kind === undefined && resource === 'local-process') return Promise.resolve(null);
    const job =
      kind === undefined
        ? 'The run names no image'
        : `The job is made of ${kind === 'git' ? 'a git repository' : 'uploaded code'}`;
    const remedy =
      configured === 'noop'
        ? 'and its agent builds none (builder.type is noop). Set builder.type to docker or kaniko in launch-config.yaml, or launch a job of kind image.'
        : `and an agent of this version cannot build one with builder.type ${configured}. Launch a job of kind image.`;
    const message = `${job}, which needs an image, ${remedy}`;
    return Promise.reject(new RunFailure({ phase: 'build', category: 'config', message }));
  },
});
