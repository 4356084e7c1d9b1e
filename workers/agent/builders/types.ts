import type { LaunchSpec } from '@/core/wire';

/** Makes the image of a run. One file or folder each, chosen by the table in `./index`. */
export interface Builder {
  /** The image to run, or null where the resource needs none. Throws RunFailure of phase `build` when there can be none. */
  build(spec: LaunchSpec, options: { signal: AbortSignal }): Promise<string | null>;
}
