import type { ConfigProblem, Failure, LaunchSpec, ResourceId, RunPart, Submission } from '@/core/wire';

/** What a runner is given of a leased run. */
export interface RunnerJob {
  spec: LaunchSpec;
  /** Null where the resource needs none. */
  image: string | null;
  /** A fresh copy of the source of the job, for a process to run in; the runner takes the directory over. */
  sourceDirectory?: string | null;
  /** By name of the variable; put into the program's environment and never into anything that is shown. */
  secrets: Record<string, string>;
  /** Variables of the agent that its `macro_env` lists. */
  macroEnv: Record<string, string>;
  agentId: string;
  agentName: string;
  /** From 1 on; raised by each retry, preemption and requeue. Where a name cannot be used twice, it is part of the name. */
  execution: number;
  /** Seconds between SIGTERM and SIGKILL: the queue's, else the agent's own. */
  stopGraceSeconds: number;
}

/** A run rendered for its resource and not yet submitted. Making one touches nothing. */
export interface PreparedRun {
  submission: Submission;
  /** One of severity `error` means that it must not be submitted. */
  problems: ConfigProblem[];
  /** By which any later agent finds the external job, from this text alone; the name in it follows from the run id. */
  externalRef: string;
  /** Whether `release` shall remove what is left (`--rm`). */
  removeAtEnd: boolean;
  /**
   * Creates the external job unless it is there already, and starts it.
   */
  submit(patience: Patience): Promise<void>;
}

/** How long a runner waits where the resource does not answer. */
export interface Patience {
  /** Gives up soon after it is aborted, with whatever error. */
  signal: AbortSignal;
  /** Told of obstacles that are waited out. */
  warn?: (reason: string, message: string) => void;
  /** As the item `held` of a watch, while there is nothing to watch yet (a quota is used up). */
  held?: (held: boolean) => void;
}

export type RunnerLogStream = 'stdout' | 'stderr';

/** Bytes of log that have been accepted, by stream; of what has a source by source (a source writes to one stream only). */
export type LogCounts = Partial<Record<RunnerLogStream, number>> & {
  sources?: Readonly<Record<string, number>>;
};

export type Outcome =
  | { result: 'succeeded'; exitCode: number }
  | { result: 'failed'; failure: Failure }
  | { result: 'preempted'; reason: string }
  /** Somebody stopped it at the resource itself. */
  | { result: 'stopped' };

export type WatchItem =
  | { type: 'running' }
  | { type: 'warning'; reason: string; message: string }
  /** The resource's own queue holds the job back (admission, quota), or no longer: while it does, the run is not late to start. */
  | { type: 'held'; held: boolean }
  /** What the job consists of, all of it, whenever that changes: pods, instances, worker pools, and where to see it. Sparingly reported by the task. */
  | { type: 'parts'; parts: RunPart[]; url?: string }
  /** At most MAX_LOG_ITEM_BYTES. `source`: which of the writers of the run, where there may be several (a pod, an instance). */
  | { type: 'log'; stream: RunnerLogStream; source?: string; data: Uint8Array }
  /** The last one: everything of the log has been given before. */
  | { type: 'ended'; outcome: Outcome };

/** Largest piece of log in one item, bytes. */
export const MAX_LOG_ITEM_BYTES = 32 * 1024;

export interface Watch {
  /** Read one by one; not asking for the next item stops the reading of the source, so a slow server costs no memory. */
  items: AsyncIterable<WatchItem>;
  /** Where a later watch has to begin so that it gives just what follows these counts of log bytes of this watch. */
  cursor(consumed: LogCounts): string;
}

export interface WatchOptions {
  /** Of an earlier watch, perhaps of another process; null: from the beginning. */
  cursor: string | null;
  /** Ends the watching, not the job. */
  signal: AbortSignal;
}

/**
 * Runs jobs on one kind of resource. One folder each, chosen by the table in `./index`. A remote resource is asked once for all runs
 * (one watch, one listing), not once a run: `watch` of each run then reads from what the runner shares among them.
 */
export interface Runner {
  /** Whether a job can be looked after only from this machine. */
  readonly hostBound: boolean;
  /** May look things up (a namespace, an account), but changes nothing. Throws RunFailure for what cannot be run here. */
  prepare(job: RunnerJob, patience: Patience): PreparedRun | Promise<PreparedRun>;
  /**
   * Removes what the run left under this name. `before`: only what is of an execution with a lower number, where several agents can
   * reach it; one that does not know yet that its lease is over must not remove the job of the agent after it.
   */
  discard(externalRef: string, patience: Patience, before?: number): Promise<void>;
  /**
   * Whether the job exists, or has existed since `since` (time of the submission, if known) and can still be told the end of. One that
   * was made and not started is started.
   */
  adopt(externalRef: string, patience: Patience, since?: string | null): Promise<boolean>;
  watch(externalRef: string, options: WatchOptions): Watch;
  /** SIGTERM, then after `graceSeconds` SIGKILL. Resolves when the job has ended or is gone; `forced`: SIGKILL was needed. */
  stop(externalRef: string, graceSeconds: number, patience: Patience): Promise<{ forced: boolean }>;
  /** The result has been reported: frees what the run held, and with `remove` what is left of it. */
  release(externalRef: string, remove: boolean, patience: Patience): Promise<void>;
  /** The agent ends: connections that all runs share are closed. Jobs go on. */
  close?(): Promise<void>;
}

export type RunnerTable = Partial<Record<ResourceId, Runner>>;

/** Ends a run as `failed` with this failure; its message is shown to people. */
export class RunFailure extends Error {
  readonly failure: Failure;

  constructor(failure: Omit<Failure, 'exitCode'> & { exitCode?: number }, options: { cause?: unknown } = {}) {
    super(failure.message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'RunFailure';
    this.failure = { ...failure, exitCode: failure.exitCode ?? null };
  }
}
