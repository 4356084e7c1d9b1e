import type { RunPart } from '@/core/wire';
import type { Outcome, Watch, WatchItem, WatchOptions } from '../types';
import type { Follower } from './board';

/** What is to be told of a job, whatever the cloud calls it. */
export interface JobView {
  /** Its program has begun. */
  running: boolean;
  /** The cloud's own queue holds it back. */
  held: boolean;
  parts: RunPart[];
  /** In the console of the cloud. */
  url: string;
  /** What the cloud says for people; each is told once. */
  warnings: { reason: string; message: string }[];
  outcome: Outcome | null;
}

/** Reads the log of one job. */
export interface LogTail {
  /** All that there is by now; may give nothing. */
  read(signal: AbortSignal): AsyncGenerator<WatchItem>;
  /** Whether all that was there at `time` (monotonic, milliseconds) has been given. */
  settled(time: number): boolean;
  /** @param counts accepted bytes by source */
  cursor(counts: Readonly<Record<string, number>>): string;
  close(): void;
}

export interface WatchTiming {
  /** Between two readings of a log that grows, milliseconds. */
  logMs: number;
  /** Longest pause of a log that does not grow. */
  maxLogMs: number;
  /** So long after the end of a job its last lines may arrive. */
  settleMs: number;
  /** The result is told even if the log cannot be read to its end. */
  maxSettleMs: number;
}

export const WATCH_TIMING: WatchTiming = {
  logMs: 1000,
  maxLogMs: 10_000,
  settleMs: 5000,
  maxSettleMs: 60_000,
};

interface Parts<S> {
  follower: Follower<S>;
  view: (state: S) => JobView;
  /** Made when the job is known. */
  openTail: (state: S, cursor: string | null) => LogTail;
  timing: WatchTiming;
  /** What to say when the job is not there any more. */
  gone: string;
}

/** Follows one job by its place on the board and by its log, until it has ended and its last lines are there. */
export function watchRemote<S>(parts: Parts<S>, { cursor, signal }: WatchOptions): Watch {
  let tail: LogTail | null = null;

  async function* items(): AsyncGenerator<WatchItem, void> {
    const { follower, view, openTail, timing, gone } = parts;
    const teller = new Teller();
    const isOver = () => signal.aborted;
    let pause = timing.logMs;
    let endedAt: number | null = null;
    try {
      while (!isOver()) {
        const { version, state, problem } = follower;
        yield* teller.problem(problem);
        if (state === null && problem === null) {
          yield { type: 'ended', outcome: { result: 'failed', failure: { phase: 'run', category: 'deleted', message: gone, exitCode: null } } }; // prettier-ignore
          return;
        }
        if (!state) {
          await follower.changed(version, timing.maxLogMs, signal);
          continue;
        }
        const job = view(state);
        yield* teller.tell(job);
        let grew = false;
        if (job.running || job.outcome !== null) {
          tail ??= openTail(state, cursor);
          for await (const item of tail.read(signal)) {
            grew ||= item.type === 'log';
            yield item;
            if (isOver()) return;
          }
        }
        if (job.outcome !== null) {
          const now = performance.now();
          endedAt ??= now;
          if (tail?.settled(endedAt + timing.settleMs) || now - endedAt > timing.maxSettleMs) {
            yield { type: 'ended', outcome: job.outcome };
            return;
          }
          pause = Math.min(timing.logMs, timing.settleMs);
        } else pause = grew ? timing.logMs : Math.min(timing.maxLogMs, pause * 1.5);
        await follower.changed(version, pause, signal);
      }
    } finally {
      follower.close();
      tail?.close();
    }
  }

  return {
    items: { [Symbol.asyncIterator]: items },
    cursor: ({ sources = {} }) => tail?.cursor(sources) ?? cursor ?? '',
  };
}

/** Says only what is new. */
class Teller {
  private running = false;
  private held = false;
  private parts = '';
  private trouble: string | null = null;
  private readonly said = new Set<string>();

  *problem(problem: string | null): Generator<WatchItem> {
    if (problem !== null && problem !== this.trouble)
      yield {
        type: 'warning',
        reason: 'CloudUnavailable',
        message: `The state of the job is not known: ${problem}`,
      };
    this.trouble = problem;
  }

  *tell({ running, held, parts, url, warnings }: JobView): Generator<WatchItem> {
    if (running && !this.running) yield { type: 'running' };
    this.running ||= running;
    if (held !== this.held && !this.running) yield { type: 'held', held };
    this.held = held;
    const shown = JSON.stringify(parts);
    if (shown !== this.parts) yield { type: 'parts', parts, url };
    this.parts = shown;
    for (const { reason, message } of warnings) {
      if (!this.said.has(message)) yield { type: 'warning', reason, message };
      this.said.add(message);
    }
  }
}
