import type { LaunchSpec } from '@/core/wire';
import type { Builder } from '../builders';
import { RunFailure } from '../runners/types';

export interface ImageStepParts {
  builder: Builder;
}

/** Gets the image of a run: the one it names, or one that is built of its source. */
export interface ImageStep {
  /** Null where the resource needs none. @throws RunFailure of phase `build` when there can be none */
  imageOf(spec: LaunchSpec, options: { signal: AbortSignal }): Promise<string | null>;
}

export const createImageStep = ({ builder: _builder }: ImageStepParts): ImageStep => ({
  imageOf({ image, source, resource }) {
    if (image !== null) return Promise.resolve(image);
    const kind = source?.type;
    if (kind === undefined && resource === 'local-process') return Promise.resolve(null);
    const job =
      kind === undefined
        ? 'The run names no image'
        : `The job is made of ${kind === 'git' ? 'a git repository' : 'uploaded code'}`;
    const message = `${job}, which needs an image, and an agent of this version builds none. Launch a job of kind image.`;
    return Promise.reject(new RunFailure({ phase: 'build', category: 'config', message }));
  },
});
