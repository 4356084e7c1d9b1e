import type { LogStream } from '@/core/wire';
import { createMasker, type MaskPatterns, type Masker } from '../logs/mask';
import type { LogShipper } from '../logs/shipper';
import { MAX_LOG_ITEM_BYTES } from '../runners/types';

type PipedStream = Exclude<LogStream, 'system'>;
const STREAMS: readonly PipedStream[] = ['build', 'stdout', 'stderr'];

/** From builds and runners to the shipper, masked stream by stream. */
export class LogPipe {
  private readonly maskers: Record<PipedStream, Masker>;

  constructor(
    private readonly shipper: LogShipper,
    patterns: MaskPatterns,
  ) {
    const [build, stdout, stderr] = [createMasker(patterns), createMasker(patterns), createMasker(patterns)];
    this.maskers = { build, stdout, stderr };
  }

  /** Resolves when there is room for more. */
  async write(stream: PipedStream, data: Uint8Array): Promise<void> {
    const masker = this.maskers[stream];
    for (let at = 0; at < data.length; at += MAX_LOG_ITEM_BYTES) {
      const masked = masker.push(data.subarray(at, at + MAX_LOG_ITEM_BYTES));
      await this.shipper.write(stream, masked, masker.consumed);
    }
  }

  /** Nothing more comes of this stream for now: gives out what was held back as the possible beginning of a secret. */
  async flush(stream: PipedStream): Promise<void> {
    const masker = this.maskers[stream];
    const masked = masker.flush();
    await this.shipper.write(stream, masked, masker.consumed);
  }

  /** The sources have ended: resolves when all is accepted (or never will be). */
  async end(): Promise<void> {
    for (const stream of STREAMS) await this.flush(stream);
    await this.shipper.drain();
  }
}
