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
    const remedy = `and an agent of this version builds none (builder.type is ${configured}). Launch a job of kind image.`;
    const message = `${job}, which needs an image, ${remedy}`;
    return Promise.reject(new RunFailure({ phase: 'build', category: 'config', message }));
  },
});
