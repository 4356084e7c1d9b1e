import { errorMessage, backoffDelay, sleep } from '../../support/timing';
import { isTransient } from './persist';

/** How the jobs of one cloud are asked for. */
export interface BoardSource<S> {
  /** Null: there is no such job. */
  get(ref: string, signal: AbortSignal): Promise<S | null>;
  /**
   * One question for all: jobs that are as given, or `changed` where only that is known. Jobs that are not in the answer are as before.
   * Null: the cloud gives no list; then each is asked for.
   */
  list(refs: ReadonlySet<string>, signal: AbortSignal): Promise<ReadonlyMap<string, S | 'changed'> | null>;
  /** Whether a state is the last one: such a job is not asked for again. */
  isFinal(state: S): boolean;
}

export interface BoardTiming {
  /** Between two rounds, milliseconds. */
  pollMs: number;
  /** Up to so many jobs are asked for one by one; more are listed. */
  individually: number;
  /** A job that no list has shown for so long is asked for, milliseconds: lists may lag behind. */
  sweepMs: number;
}

export const BOARD_TIMING: BoardTiming = { pollMs: 3000, individually: 3, sweepMs: 120_000 };

const AFTER_ERROR = { baseMs: 2000, maxMs: 60_000 };
/** Jobs asked for in one round beyond those that are known to have changed. */
const MAX_SWEEP = 10;

interface Entry<S> {
  state: S | null | undefined;
  known: string;
  problem: string | null;
  version: number;
  askedAt: number;
  followers: number;
  waiting: Set<() => void>;
}

/** One job on the board. */
export interface Follower<S> {
  /** Undefined: not known yet. Null: there is no such job. */
  readonly state: S | null | undefined;
  /** Why its state cannot be had at the moment, for people. */
  readonly problem: string | null;
  readonly version: number;
  /** Resolves when the state or problem is another than at `version`, after `ms`, or when `signal` is aborted. */
  changed(version: number, ms: number, signal: AbortSignal): Promise<void>;
  /** Looks again now. */
  refresh(): void;
  close(): void;
}

/**
 * The states of all jobs of an agent at one cloud, asked for by one loop for all runs together: hundreds of runs cost one listing a round,
 * not a call each. The loop lives while somebody follows a job.
 */
export class Board<S> {
  private readonly entries = new Map<string, Entry<S>>();
  private looping = false;
  /** When all were looked at last, monotonic milliseconds. */
  private lookedAt = -Infinity;
  private wake = new AbortController();

  constructor(
    private readonly source: BoardSource<S>,
    private readonly timing: BoardTiming = BOARD_TIMING,
  ) {}

  follow(ref: string): Follower<S> {
    const { entries } = this;
    const entry: Entry<S> = entries.get(ref) ?? {
      state: undefined,
      known: '',
      problem: null,
      version: 0,
      askedAt: -Infinity,
      followers: 0,
      waiting: new Set(),
    };
    entries.set(ref, entry);
    entry.followers += 1;
    let open = true;
    const refresh = () => {
      entry.askedAt = -Infinity;
      this.wake.abort();
    };
    refresh();
    if (!this.looping) void this.run();
    return {
      get state() {
        return entry.state;
      },
      get problem() {
        return entry.problem;
      },
      get version() {
        return entry.version;
      },
      async changed(version, ms, signal) {
        if (entry.version !== version) return;
        const woken = new AbortController();
        const wake = () => woken.abort();
        entry.waiting.add(wake);
        await sleep(ms, AbortSignal.any([signal, woken.signal]));
        entry.waiting.delete(wake);
      },
      refresh,
      close: () => {
        if (!open) return;
        open = false;
        entry.followers -= 1;
        if (entry.followers > 0 || entries.get(ref) !== entry) return;
        entries.delete(ref);
        if (entries.size === 0) this.wake.abort();
      },
    };
  }

  /** Resolves when the job is gone or `isOver`; it is looked at every `pauseMs` milliseconds. */
  async untilOver(
    ref: string,
    isOver: (state: S) => boolean,
    pauseMs: number,
    signal: AbortSignal,
  ): Promise<void> {
    const follower = this.follow(ref);
    try {
      while (!signal.aborted) {
        const { version, state } = follower;
        if (state === null || (state && isOver(state))) return;
        await follower.changed(version, pauseMs, signal);
        if (follower.version === version) follower.refresh();
      }
    } finally {
      follower.close();
    }
  }

  private async run(): Promise<void> {
    this.looping = true;
    let failures = 0;
    while (this.entries.size > 0) {
      this.wake = new AbortController();
      const { signal } = this.wake;
      failures = (await this.round()) ? 0 : failures + 1;
      if (this.entries.size === 0) break;
      const next = this.lookedAt + this.timing.pollMs - performance.now();
      await sleep(failures > 0 ? backoffDelay(failures - 1, AFTER_ERROR) : Math.max(0, next), signal);
    }
    // In the same breath as the look at the entries, so that none is added to a loop that ends.
    this.looping = false;
  }

  /** Asks once: for those who wait for a first answer, and when it is time for all. False when the cloud did not answer. */
  private async round(): Promise<boolean> {
    const never = new AbortController().signal;
    try {
      const due = new Set(this.fresh());
      const refs = new Set(this.open().map(([ref]) => ref));
      // Many that come one after the other must not cost a listing each.
      const isTime = performance.now() - this.lookedAt >= this.timing.pollMs;
      if (isTime) this.lookedAt = performance.now();
      if (isTime && refs.size > this.timing.individually) {
        const listed = await this.source.list(refs, never);
        if (listed === null) for (const ref of this.oldest(0)) due.add(ref);
        else {
          for (const [ref, state] of listed) {
            if (state === 'changed') due.add(ref);
            else this.set(ref, state);
          }
          for (const ref of this.oldest(this.timing.sweepMs)) due.add(ref);
        }
      } else if (isTime) for (const ref of refs) due.add(ref);
      for (const ref of due) if (this.entries.has(ref)) await this.ask(ref, never);
      return true;
    } catch (error) {
      for (const entry of this.entries.values()) this.trouble(entry, errorMessage(error));
      return false;
    }
  }

  /** What is wrong with one job only does not keep the others from being asked for. */
  private async ask(ref: string, signal: AbortSignal): Promise<void> {
    try {
      this.set(ref, await this.source.get(ref, signal));
    } catch (error) {
      if (isTransient(error)) throw error;
      const entry = this.entries.get(ref);
      if (!entry) return;
      entry.askedAt = performance.now();
      this.trouble(entry, errorMessage(error));
    }
  }

  /** Those that may still change. */
  private open(): [string, Entry<S>][] {
    return [...this.entries].filter(([, { state }]) => !state || !this.source.isFinal(state));
  }

  private fresh(): string[] {
    return this.open()
      .filter(([, { askedAt }]) => askedAt === -Infinity)
      .map(([ref]) => ref);
  }

  private oldest(ageMs: number): string[] {
    const now = performance.now();
    return this.open()
      .filter(([, { askedAt }]) => now - askedAt >= ageMs)
      .sort(([, a], [, b]) => a.askedAt - b.askedAt)
      .slice(0, MAX_SWEEP)
      .map(([ref]) => ref);
  }

  private set(ref: string, state: S | null): void {
    const entry = this.entries.get(ref);
    if (!entry) return;
    entry.askedAt = performance.now();
    const known = JSON.stringify(state);
    if (entry.known === known && entry.problem === null) return;
    entry.state = state;
    entry.known = known;
    entry.problem = null;
    this.announce(entry);
  }

  private trouble(entry: Entry<S>, message: string): void {
    if (entry.problem === message) return;
    entry.problem = message;
    this.announce(entry);
  }

  private announce(entry: Entry<S>): void {
    entry.version += 1;
    for (const wake of [...entry.waiting]) wake();
  }
}
