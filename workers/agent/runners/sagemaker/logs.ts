import { CloudError } from '../../environments';
import { Deliveries } from '../remote/deliveries';
import { isTransient } from '../remote/persist';
import type { LogTail } from '../remote/watch';
import { MAX_LOG_ITEM_BYTES, type WatchItem } from '../types';
import type { SageMakerApi } from './client';

/** How often the streams are listed again: a job that is restarted gets new ones, milliseconds. */
const LIST_AGAIN_MS = 30_000;
/** How long reading that is not allowed is left alone, milliseconds: the permission may be given. */
const DENIED_MS = 60_000;

/** A place in a stream: events with a smaller time, and so many of exactly this one (milliseconds), have been read. */
interface At {
  time: number;
  count: number;
}

interface Stream {
  name: string;
  /** `algo-1-1700000000`: the name without that of the job. */
  place: string;
  /** `algo-1`: the instance. */
  source: string;
  token: string | undefined;
  at: At;
  /** Given by an earlier reader; null once past it. */
  skip: (At & { bytes: number }) | null;
}

/**
 * The log of a training job from CloudWatch Logs: one stream an instance, each read in its own order by its pages. Lines bear the
 * instance's name when there is more than one. A position is a time and a count of events of that time, so that it outlives the tokens.
 */
export class CloudWatchTail implements LogTail {
  private readonly deliveries: Deliveries;
  private readonly streams = new Map<string, Stream>();
  private listedAt = -Infinity;
  private emptySince: number | null = null;
  private deniedAt = -Infinity;
  private told = false;

  constructor(
    private readonly api: SageMakerApi,
    private readonly job: { name: string; instances: number },
    cursor: string | null,
  ) {
    this.deliveries = new Deliveries(cursor);
  }

  async *read(signal: AbortSignal): AsyncGenerator<WatchItem> {
    if (performance.now() - this.deniedAt < DENIED_MS) return;
    const began = performance.now();
    let grew = false;
    try {
      await this.list(signal);
      for (const stream of this.streams.values()) {
        for await (const item of this.readStream(stream, signal)) {
          grew = true;
          yield item;
        }
      }
      this.emptySince = grew ? null : began;
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof CloudError)) throw error;
      if (!isTransient(error)) this.deniedAt = performance.now();
      if (!isTransient(error) && !this.told) {
        this.told = true;
        yield { type: 'warning', reason: 'LogUnreadable', message: `The log is not shown. ${error.message}` };
      }
    }
  }

  settled(time: number): boolean {
    return this.deniedAt > -Infinity || (this.emptySince !== null && this.emptySince >= time);
  }

  cursor(counts: Readonly<Record<string, number>>): string {
    return this.deliveries.cursor(counts);
  }

  close(): void {
    this.streams.clear();
  }

  private async list(signal: AbortSignal): Promise<void> {
    const now = performance.now();
    const complete = this.streams.size >= this.job.instances;
    if (complete && now - this.listedAt < LIST_AGAIN_MS) return;
    for (const name of await this.api.streams(this.job.name, signal)) {
      if (this.streams.has(name)) continue;
      const place = name.slice(this.job.name.length + 1).replace(/[^A-Za-z0-9._/-]/g, '_');
      const { mark, bytes } = this.deliveries.begin(place);
      const [time = 0, count = 0] = mark === '' ? [] : mark.split('.').map((part) => parseInt(part, 36));
      const skip = mark === '' && bytes === 0 ? null : { time, count, bytes };
      const source = place.replace(/-\d{6,}$/, '').slice(0, 253);
      this.streams.set(name, { name, place, source, token: undefined, at: { time: 0, count: 0 }, skip });
    }
    this.listedAt = now;
  }

  private async *readStream(stream: Stream, signal: AbortSignal): AsyncGenerator<WatchItem> {
    for (;;) {
      const startTime = stream.skip?.time || undefined;
      const page = await this.api.page(stream.name, { token: stream.token, startTime }, signal);
      if (signal.aborted) return;
      if (page === 'expired') {
        stream.token = undefined;
        stream.skip = { ...stream.at, bytes: 0 };
        stream.at = { time: 0, count: 0 };
        continue;
      }
      for (const { time, message } of page.events) yield* this.give(stream, time, message);
      const atEnd = page.token === undefined || page.token === stream.token;
      stream.token = page.token;
      if (atEnd) return;
    }
  }

  private *give(stream: Stream, time: number, message: string): Generator<WatchItem> {
    const { at, skip } = stream;
    at.count = time === at.time ? at.count + 1 : 1;
    at.time = time;
    let skipped = 0;
    if (skip !== null) {
      if (time < skip.time || (time === skip.time && at.count <= skip.count)) return;
      // The bytes belong to the event right behind the place.
      skipped = skip.bytes;
      stream.skip = null;
    }
    const label = this.job.instances > 1 ? `[${stream.source}] ` : '';
    const text = `${label}${message.replace(/\r?\n$/, '')}\n`;
    const data = Buffer.from(text).subarray(skipped);
    this.deliveries.give(
      stream.source,
      stream.place,
      `${time.toString(36)}.${at.count.toString(36)}`,
      data.length,
      skipped,
    );
    for (let from = 0; from < data.length; from += MAX_LOG_ITEM_BYTES)
      yield {
        type: 'log',
        stream: 'stdout',
        source: stream.source,
        data: data.subarray(from, from + MAX_LOG_ITEM_BYTES),
      };
  }
}
