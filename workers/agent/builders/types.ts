import type { LaunchSpec } from '@/core/wire';

/** Makes the image of a run. One file or folder each, chosen by the table in `./index`. */
export interface Builder {
  /**
   * The image to run, or null where the resource needs none. Throws RunFailure (phase `build`) when there can be none.
   * `log` takes the output of the build.
   */
  build(spec: LaunchSpec, options: { signal: AbortSignal; log: (data: Uint8Array) => Promise<void> }): Promise<string | null>;
}
