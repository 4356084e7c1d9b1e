import type { JobSource } from '@/core/wire';

export type BuildSource = Exclude<JobSource, { type: 'image' }>;

/** A source as files on this machine. */
export interface PreparedSource {
  /** Absolute path of the whole source: repository or archive, without the data of git. */
  root: string;
  /** Absolute path of the build context: `root`, or the sub-directory that the job names. */
  context: string;
  /** The commit that was checked out; null where there is none. */
  commit: string | null;
}

export interface SourceOptions {
  /** An empty or absent directory of the agent, which the source may fill. Removed by the caller. */
  directory: string;
  /** Progress, for the log of the run. Holds no credentials. */
  log: (line: string) => Promise<void>;
  signal: AbortSignal;
}

/** Gets the source of a job to this machine. One folder each, chosen by `source.type`. */
export interface SourceProvider<Source extends BuildSource = BuildSource> {
  /** @throws RunFailure of phase `build` that says what is wrong and what to do */
  prepare(source: Source, options: SourceOptions): Promise<PreparedSource>;
}
