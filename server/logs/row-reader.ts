import type { LogStream } from '@/core/wire';
import { lineBreaks } from './line-count';
import { wholeCharacters } from './utf8';
import type { LogChunk } from './view';

/** Bytes of a line that are given to be shown; the rest is counted, and read by its offset. */
export const MAX_SHOWN_BYTES = 16 * 1024;
const NEW_LINE = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/** A line of a log as it is shown. */
export interface LogRow {
  /** In the whole log, from 1. */
  number: number;
  /** Of its first byte in the whole log. */
  offset: number;
  /** All its bytes, without the line break. */
  bytes: number;
  text: string;
  /** Bytes left out at the end of `text`. */
  cutBytes: number;
  /** How often it was drawn again from its beginning (progress bars); `text` is the last state. */
  redraws: number;
  stream: LogStream;
  source: string | null;
  /** When the server got its beginning. */
  at: string;
}

interface OpenRow {
  row: Omit<LogRow, 'text' | 'cutBytes'>;
  kept: Buffer[];
  keptBytes: number;
  drawnBytes: number;
  /** A carriage return came last: the end of a line (CR LF) or a redraw, which the next byte tells. */
  returned: boolean;
}

/** Rows out of chunks that are cut anywhere. Memory is bounded whatever the length of a line: a million bytes of progress bar keep only the last state. */
export class RowReader {
  readonly rows: LogRow[] = [];
  #open: OpenRow | undefined;

  constructor(private readonly limit: number) {}

  get full(): boolean {
    return this.rows.length >= this.limit;
  }

  /** @param skip bytes of the chunk that are passed over */
  take(chunk: LogChunk, skip = 0): void {
    const { data } = chunk;
    let number = chunk.line + 1 + (skip > 0 ? lineBreaks(data.subarray(0, skip)) : 0);
    for (let at = skip; at < data.length && !this.full; number += 1) {
      const end = data.indexOf(NEW_LINE, at);
      this.#open ??= open(chunk, at, number);
      feed(this.#open, data.subarray(at, end === -1 ? data.length : end));
      if (end === -1) return;
      this.#close();
      at = end + 1;
    }
  }

  /** The last line of a log that does not end with a line break. */
  end(): void {
    if (!this.full) this.#close();
  }

  #close(): void {
    const done = this.#open;
    if (!done) return;
    this.#open = undefined;
    const kept = Buffer.concat(done.kept);
    const shown = done.keptBytes < done.drawnBytes ? wholeCharacters(kept) : kept;
    this.rows.push({ ...done.row, text: shown.toString('utf8'), cutBytes: done.drawnBytes - shown.length });
  }
}

function open(chunk: LogChunk, at: number, number: number): OpenRow {
  const { offset, stream, source } = chunk;
  return {
    row: { number, offset: offset + at, bytes: 0, redraws: 0, stream, source, at: chunk.at.toISOString() },
    kept: [],
    keptBytes: 0,
    drawnBytes: 0,
    returned: false,
  };
}

function feed(open: OpenRow, piece: Buffer): void {
  open.row.bytes += piece.length;
  if (piece.length === 0) return;
  let end = piece.length;
  while (end > 0 && piece[end - 1] === CARRIAGE_RETURN) end -= 1;
  const redrawn = open.returned && end > 0;
  open.returned = end < piece.length || (open.returned && end === 0);
  let text = piece.subarray(0, end);
  if (redrawn) redraw(open);
  for (let at = text.indexOf(CARRIAGE_RETURN); at !== -1; at = text.indexOf(CARRIAGE_RETURN)) {
    open.drawnBytes += at;
    redraw(open);
    text = text.subarray(at + 1);
  }
  open.drawnBytes += text.length;
  if (open.keptBytes >= MAX_SHOWN_BYTES) return;
  const kept = text.subarray(0, MAX_SHOWN_BYTES - open.keptBytes);
  open.kept.push(kept);
  open.keptBytes += kept.length;
}

function redraw(open: OpenRow): void {
  // A bar may begin with its carriage return: there is nothing to draw over yet.
  if (open.drawnBytes > 0) open.row.redraws += 1;
  open.kept = [];
  open.keptBytes = 0;
  open.drawnBytes = 0;
}
