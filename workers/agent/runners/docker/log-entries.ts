import type { RunnerLogStream } from '../types';

/** One record of the engine's log: a line, or up to 16 KiB of a longer one. */
export interface LogEntry {
  stream: RunnerLogStream;
  /** RFC 3339 in UTC with nine digits of fraction: compares as text. */
  time: string;
  data: Buffer;
}

export interface EntryParser {
  push(bytes: Buffer): LogEntry[];
  /** What the end of the stream completes. */
  end(): LogEntry[];
}

const HEADER_BYTES = 8;
/** `2006-01-02T15:04:05.000000000Z` and a space. */
const TIME_BYTES = 30;
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z $/;
/** The engine cuts longer lines into records of this size. */
const ENGINE_RECORD_BYTES = 16 * 1024;

/**
 * Parses the answer of `GET /containers/{id}/logs?timestamps=1`. Without a terminal each record is a frame: stream number, three zeros,
 * length (big-endian), payload. With one the records follow each other bare.
 */
export const createEntryParser = (tty: boolean): EntryParser => (tty ? ttyParser() : frameParser());

function frameParser(): EntryParser {
  let buffer: Buffer = Buffer.alloc(0);
  return {
    push(bytes) {
      buffer = buffer.length === 0 ? bytes : Buffer.concat([buffer, bytes]);
      const entries: LogEntry[] = [];
      let at = 0;
      while (buffer.length - at >= HEADER_BYTES) {
        const end = at + HEADER_BYTES + buffer.readUInt32BE(at + 4);
        if (buffer.length < end) break;
        entries.push(toEntry(buffer[at] === 2 ? 'stderr' : 'stdout', buffer.subarray(at + HEADER_BYTES, end)));
        at = end;
      }
      buffer = buffer.subarray(at);
      return entries;
    },
    // A frame that is cut off is read again after the connection is made anew.
    end: () => [],
  };
}

function ttyParser(): EntryParser {
  let buffer: Buffer = Buffer.alloc(0);
  const take = (last: boolean): LogEntry[] => {
    const entries: LogEntry[] = [];
    for (;;) {
      const end = ttyEntryEnd(buffer, last);
      if (end === null) return entries;
      entries.push(toEntry('stdout', buffer.subarray(0, end)));
      buffer = buffer.subarray(end);
    }
  };
  return {
    push(bytes) {
      buffer = buffer.length === 0 ? bytes : Buffer.concat([buffer, bytes]);
      return take(false);
    },
    end: () => take(true),
  };
}

/** A record ends after a line feed, or, in a line that was cut, where after 16 KiB the next time stamp stands. */
function ttyEntryEnd(buffer: Buffer, last: boolean): number | null {
  if (buffer.length < TIME_BYTES + 1) return null;
  const lineFeed = buffer.indexOf(0x0a, TIME_BYTES + 1);
  const cut = TIME_BYTES + 1 + ENGINE_RECORD_BYTES;
  if (lineFeed !== -1 && lineFeed < cut) return lineFeed + 1;
  if (buffer.length >= cut + TIME_BYTES + 1 && startsWithTime(buffer.subarray(cut))) return cut;
  if (lineFeed !== -1) return lineFeed + 1;
  return last ? buffer.length : null;
}

const startsWithTime = (bytes: Buffer) => TIME.test(bytes.toString('latin1', 0, TIME_BYTES + 1));

function toEntry(stream: RunnerLogStream, record: Buffer): LogEntry {
  if (!startsWithTime(record)) {
    // Only an engine that broke its own protocol: keep the text rather than lose it.
    return { stream, time: '', data: record };
  }
  return { stream, time: record.toString('latin1', 0, TIME_BYTES), data: record.subarray(TIME_BYTES + 1) };
}
