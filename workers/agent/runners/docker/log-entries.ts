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
}

const HEADER_BYTES = 8;
/** `2006-01-02T15:04:05.000000000Z` and a space. */
const TIME_BYTES = 30;
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z $/;
/**
 * Parses the answer of `GET /containers/{id}/logs?timestamps=1` for a container without a terminal (Slipway gives none). Each record is
 * a frame: stream number, three zeros, length (big-endian), payload. A frame that is cut off by a lost connection is dropped here and
 * read again over the next one.
 */
export function createEntryParser(): EntryParser {
  let buffer: Buffer = Buffer.alloc(0);
  return {
    push(bytes) {
      buffer = buffer.length === 0 ? bytes : Buffer.concat([buffer, bytes]);
      const entries: LogEntry[] = [];
      let at = 0;
      while (buffer.length - at >= HEADER_BYTES) {
        const end = at + HEADER_BYTES + buffer.readUInt32BE(at + 4);
        if (buffer.length < end) break;
        entries.push(
          toEntry(buffer[at] === 2 ? 'stderr' : 'stdout', buffer.subarray(at + HEADER_BYTES, end)),
        );
        at = end;
      }
      buffer = buffer.subarray(at);
      return entries;
    },
  };
}

const startsWithTime = (bytes: Buffer) => TIME.test(bytes.toString('latin1', 0, TIME_BYTES + 1));

function toEntry(stream: RunnerLogStream, record: Buffer): LogEntry {
  if (!startsWithTime(record)) {
    // Only an engine that broke its own protocol: keep the text rather than lose it.
    return { stream, time: '', data: record };
  }
  return { stream, time: record.toString('latin1', 0, TIME_BYTES), data: record.subarray(TIME_BYTES + 1) };
}
