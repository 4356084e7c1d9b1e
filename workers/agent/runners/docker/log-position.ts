import { z } from 'zod';
import type { LogCounts, RunnerLogStream } from '../types';
import type { LogEntry } from './log-entries';

/**
 * Where a reader stands in the engine's log, told apart by stream, since only within one stream do the time stamps rise (the engine
 * stamps stdout and stderr in two tasks and writes them in either order). Several records may bear one time, all pieces of a long line
 * do, so the records of that time are counted.
 */
const positionSchema = z.object({
  time: z.string(),
  /** Records of exactly this time that have been read whole. */
  entries: z.int().min(0),
  /** Bytes read of the record after them. */
  bytes: z.int().min(0),
});
type Position = z.infer<typeof positionSchema>;

const cursorSchema = z.object({
  container: z.string(),
  stdout: positionSchema.optional(),
  stderr: positionSchema.optional(),
});
export type LogCursor = z.infer<typeof cursorSchema>;

/** The cursor of an earlier watch; null when it is of another container (an earlier execution) or unreadable: then all is read. */
export function parseCursor(text: string | null, container: string): LogCursor | null {
  if (text === null) return null;
  try {
    const cursor = cursorSchema.parse(JSON.parse(text));
    return cursor.container === container ? cursor : null;
  } catch {
    return null;
  }
}

/** How far back from its cursor a reader begins, seconds: records of the two streams may be out of order by the time they took to write. */
const SLACK_SECONDS = 10;

/** Value of `since` for the engine, whole seconds. */
export function sinceOf(cursor: LogCursor | null): number {
  const times = [cursor?.stdout?.time, cursor?.stderr?.time].filter((time) => time !== undefined);
  const latest = Math.max(...times.map((time) => Date.parse(time)));
  return Number.isFinite(latest) ? Math.max(0, Math.floor(latest / 1000) - SLACK_SECONDS) : 0;
}

interface Delivered {
  time: string;
  /** Place among the records of its time. */
  index: number;
  /** Of the record's own bytes those before `start` were given by an earlier watch. */
  skipped: number;
  start: number;
  end: number;
}

/** Follows one stream of a log: leaves out what an earlier reading gave, and knows the position for any count of bytes given since. */
class StreamReader {
  private readonly unacknowledged: Delivered[] = [];
  private acknowledged: Position | undefined;
  private skipTo: Position | undefined;
  private lastGiven: Position | undefined;
  private time = '';
  private index = 0;
  private total = 0;

  constructor(from: Position | undefined) {
    this.acknowledged = from;
    this.lastGiven = from;
    this.skipTo = from;
  }

  /** The connection was made anew: the engine begins before what was given last. */
  rewind(): void {
    this.skipTo = this.lastGiven;
    this.time = '';
  }

  /** What of the record is new, or null. */
  take({ time, data }: LogEntry): Buffer | null {
    this.index = time === this.time ? this.index + 1 : 0;
    this.time = time;
    let skipped = 0;
    if (this.skipTo) {
      const { time: seen, entries, bytes } = this.skipTo;
      if (time < seen || (time === seen && this.index < entries)) return null;
      if (time === seen && this.index === entries) skipped = Math.min(bytes, data.length);
      // Once past it nothing more is left out, even if the clock of the machine is set back.
      this.skipTo = undefined;
    }
    const start = this.total;
    this.total += data.length - skipped;
    this.unacknowledged.push({ time, index: this.index, skipped, start, end: this.total });
    this.lastGiven = { time, entries: this.index + 1, bytes: 0 };
    return data.subarray(skipped);
  }

  /** Position after so many bytes given by this reader; counts never go down. */
  at(consumed: number): Position | undefined {
    let first = this.unacknowledged[0];
    while (first && first.end <= consumed) {
      this.acknowledged = { time: first.time, entries: first.index + 1, bytes: 0 };
      this.unacknowledged.shift();
      first = this.unacknowledged[0];
    }
    if (first && first.start < consumed) {
      return { time: first.time, entries: first.index, bytes: first.skipped + consumed - first.start };
    }
    return this.acknowledged;
  }

  get given(): Position | undefined {
    return this.lastGiven;
  }
}

/** Follows both streams of one container's log over any number of connections to the engine. */
export class LogReader {
  private readonly streams: Record<RunnerLogStream, StreamReader>;

  constructor(
    private readonly container: string,
    cursor: LogCursor | null,
  ) {
    this.streams = { stdout: new StreamReader(cursor?.stdout), stderr: new StreamReader(cursor?.stderr) };
  }

  /** To be called before each reading; gives the `since` for it. */
  begin(): number {
    this.streams.stdout.rewind();
    this.streams.stderr.rewind();
    return sinceOf({
      container: this.container,
      stdout: this.streams.stdout.given,
      stderr: this.streams.stderr.given,
    });
  }

  take(entry: LogEntry): Buffer | null {
    return this.streams[entry.stream].take(entry);
  }

  cursor(consumed: LogCounts): string {
    const cursor: LogCursor = {
      container: this.container,
      stdout: this.streams.stdout.at(consumed.stdout ?? 0),
      stderr: this.streams.stderr.at(consumed.stderr ?? 0),
    };
    return JSON.stringify(cursor);
  }
}
