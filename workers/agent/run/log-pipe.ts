import type { LogStream } from '@/core/wire';
import { createMasker, type MaskPatterns, type Masker } from '../logs/mask';
import type { LogShipper } from '../logs/shipper';
import { MAX_LOG_ITEM_BYTES } from '../runners/types';

type PipedStream = Exclude<LogStream, 'system'>;

/** From builds and runners to the shipper, masked writer by writer: what others write in between cannot tear a secret apart. */
export class LogPipe {
  private readonly writers = new Map<string, { stream: PipedStream; source?: string; masker: Masker }>();

  constructor(
    private readonly shipper: LogShipper,
    private readonly patterns: MaskPatterns,
  ) {}

  /** Resolves when there is room for more. `source`: which of several writers of the stream. */
  async write(stream: PipedStream, data: Uint8Array, source?: string): Promise<void> {
    const key = `${stream}/${source ?? ''}`;
    const writer = this.writers.get(key) ?? {
      stream,
      ...(source === undefined ? {} : { source }),
      masker: createMasker(this.patterns),
    };
    this.writers.set(key, writer);
    const { masker } = writer;
    for (let at = 0; at < data.length; at += MAX_LOG_ITEM_BYTES) {
      const masked = masker.push(data.subarray(at, at + MAX_LOG_ITEM_BYTES));
      await this.shipper.write(stream, masked, masker.consumed, source);
    }
  }

  /** Nothing more comes of this stream (of any) for now: gives out what was held back as the possible beginning of a secret. */
  async flush(wanted?: PipedStream): Promise<void> {
    for (const { stream, source, masker } of this.writers.values()) {
      if (wanted !== undefined && stream !== wanted) continue;
      const masked = masker.flush();
      await this.shipper.write(stream, masked, masker.consumed, source);
    }
  }

  /** The sources have ended: resolves when all is accepted (or never will be). */
  async end(): Promise<void> {
    await this.flush();
    await this.shipper.drain();
  }
}
