import { MAX_PARTS, type JsonObject, type RunPart } from '@/core/wire';
import { sleep } from '../support/timing';

/** Least time between two reports of one run, milliseconds: a hundred pods that start together are one event, not a hundred. */
const PAUSE_MS = 2000;

/** Reports what a run consists of: the first time at once, then each change, several of them together. */
export class PartsReport {
  private wanted: string | null = null;
  private sent = '[]';
  private busy: Promise<void> | null = null;

  constructor(
    private readonly report: (data: JsonObject) => Promise<void>,
    private readonly signal: AbortSignal,
  ) {}

  /** `url`: the run in the console of its cloud. */
  set(parts: readonly RunPart[], url?: string): void {
    const shown = parts.slice(0, MAX_PARTS);
    this.wanted = JSON.stringify({ kind: 'parts', parts: shown, total: parts.length, url });
    this.busy ??= this.send().finally(() => {
      this.busy = null;
    });
  }

  /** Reports the last state, before the result of the run is. */
  async flush(): Promise<void> {
    await this.once();
  }

  private async send(): Promise<void> {
    while (this.wanted !== null && this.wanted !== this.sent && !this.signal.aborted) {
      await this.once();
      await sleep(PAUSE_MS, this.signal);
    }
  }

  private async once(): Promise<void> {
    const { wanted } = this;
    if (wanted === null || wanted === this.sent) return;
    this.sent = wanted;
    // Who reports next meets with the same error; what a run consists of decides nothing.
    await this.report(JSON.parse(wanted) as JsonObject).catch(() => undefined);
  }
}
