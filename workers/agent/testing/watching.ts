import type { Runner, WatchItem, RunnerJob, Patience, Watch, WatchOptions } from '../runners/types';
import { until } from './child';
import { testSpec } from './spec';
import type { LaunchSpec } from '@/core/wire';

/** What a runner is given of a run in a test. */
export function runnerJob(spec: Partial<LaunchSpec>, changes: Partial<RunnerJob> = {}): RunnerJob {
  const whole = testSpec({ entrypoint: null, ...spec });
  return {
    spec: whole,
    image: whole.image,
    secrets: {},
    macroEnv: {},
    agentId: 'a',
    agentName: 'agent',
    execution: 1,
    stopGraceSeconds: 60,
    ...changes,
  };
}

/** Never gives up; keeps what it is told. */
export class TestPatience implements Patience {
  private readonly controller = new AbortController();
  readonly signal = this.controller.signal;
  readonly warnings: string[] = [];
  readonly holds: boolean[] = [];
  readonly warn = (reason: string, message: string) => void this.warnings.push(`${reason}: ${message}`);
  readonly held = (held: boolean) => void this.holds.push(held);
  end(): void {
    this.controller.abort();
  }
}

/** Reads a watch to its end in the background, and keeps what came. */
export class Watched {
  readonly items: Exclude<WatchItem, { type: 'log' }>[] = [];
  log = '';
  /** In order. */
  private readonly pieces: { source: string; bytes: number }[] = [];
  private readonly leaving = new AbortController();
  private readonly watch: Watch;
  private readonly done: Promise<void>;

  constructor(runner: Runner, ref: string, cursor: WatchOptions['cursor'] = null) {
    this.watch = runner.watch(ref, { cursor, signal: this.leaving.signal });
    this.done = this.read();
  }

  private async read(): Promise<void> {
    for await (const item of this.watch.items) {
      if (item.type === 'log') {
        this.log += Buffer.from(item.data).toString();
        this.pieces.push({ source: item.source ?? '', bytes: item.data.length });
      } else this.items.push(item);
    }
  }

  of<T extends WatchItem['type']>(type: T) {
    return this.items.filter(
      (item): item is Extract<(typeof this.items)[number], { type: T }> => item.type === type,
    );
  }

  /** The outcome. */
  async ended() {
    await until(
      () => this.of('ended').length > 0,
      () => `the end; until now ${JSON.stringify(this.items)} ${this.log}`,
    );
    return this.of('ended')[0]!.outcome;
  }

  /** Writers of the log, in order of their first line. */
  get sources(): string[] {
    return [...new Set(this.pieces.map(({ source }) => source))];
  }

  logs(text: string): Promise<void> {
    return until(
      () => this.log.includes(text),
      () => `${text} in the log, which is: ${this.log}`,
    );
  }

  /** As an agent that is killed after the server took so many bytes. @returns the cursor it has sent */
  async leave(bytes = Buffer.byteLength(this.log)): Promise<string> {
    const sources: Record<string, number> = {};
    let left = bytes;
    for (const piece of this.pieces) {
      const taken = Math.min(left, piece.bytes);
      left -= taken;
      sources[piece.source] = (sources[piece.source] ?? 0) + taken;
    }
    const cursor = this.watch.cursor({ sources });
    this.leaving.abort();
    await this.done;
    return cursor;
  }
}
