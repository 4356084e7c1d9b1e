import { createMasker, type MaskPatterns, type Masker } from '../logs/mask';
import type { LogShipper } from '../logs/shipper';
import type { RunnerLogStream } from '../runners/types';

/** From a runner's log to the shipper, masked stream by stream. */
export class LogPipe {
  private readonly maskers: Record<RunnerLogStream, Masker>;

  constructor(
    private readonly shipper: LogShipper,
    patterns: MaskPatterns,
  ) {
    this.maskers = { stdout: createMasker(patterns), stderr: createMasker(patterns) };
  }

  /** Resolves when there is room for more. */
  async write(stream: RunnerLogStream, data: Uint8Array): Promise<void> {
    const masker = this.maskers[stream];
    const masked = masker.push(data);
    await this.shipper.write(stream, masked, masker.consumed);
  }

  /** The sources have ended: resolves when all is accepted (or never will be). */
  async end(): Promise<void> {
    for (const stream of ['stdout', 'stderr'] as const) {
      const masker = this.maskers[stream];
      const masked = masker.flush();
      await this.shipper.write(stream, masked, masker.consumed);
    }
    await this.shipper.drain();
  }
}
