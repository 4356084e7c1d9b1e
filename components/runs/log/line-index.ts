/** A line longer than this many bytes is shown cut; its whole text is in the raw download. */
export const MAX_SHOWN_BYTES = 16 * 1024;

const NEWLINE = 10;
const CARRIAGE_RETURN = 13;
const FIRST_CAPACITY = 1024;

/** One line as it is shown. */
export interface LogLine {
  /** Counts from 1. */
  number: number;
  text: string;
  /** Bytes left out at the end of `text`; 0 when the line is whole. */
  cutBytes: number;
}

/**
 * The lines of a growing log, kept as the bytes that came in plus the offset at which each line begins: eight bytes a line and no strings,
 * so that a million lines stay cheap. A line is decoded when it is asked for. Offsets are bytes from the start of the log.
 */
export class LineIndex {
  private chunks: Uint8Array[] = [];
  private chunkStarts: number[] = [];
  private starts = new Float64Array(FIRST_CAPACITY);
  private lines = 0;
  private size = 0;
  private readonly decoder = new TextDecoder('utf-8');

  /** Bytes taken in; the offset to ask for next. */
  get bytes(): number {
    return this.size;
  }

  /** Lines begun. A newline at the very end begins none. */
  get lineCount(): number {
    return this.lines > 0 && this.start(this.lines - 1) === this.size ? this.lines - 1 : this.lines;
  }

  append(data: Uint8Array): void {
    if (data.length === 0) return;
    if (this.lines === 0) this.begin(0);
    this.chunks.push(data);
    this.chunkStarts.push(this.size);
    for (let at = data.indexOf(NEWLINE); at !== -1; at = data.indexOf(NEWLINE, at + 1))
      this.begin(this.size + at + 1);
    this.size += data.length;
  }

  /** The line at `index` (from 0); an empty one outside the log. A progress bar drawn over itself with carriage returns shows its last state. */
  line(index: number): LogLine {
    if (index < 0 || index >= this.lineCount) return { number: index + 1, text: '', cutBytes: 0 };
    const from = this.start(index);
    let to = index + 1 < this.lines ? this.start(index + 1) - 1 : this.size;
    while (to > from && this.byteAt(to - 1) === CARRIAGE_RETURN) to -= 1;
    const begin = this.lastDraw(from, to);
    const shown = Math.min(to, begin + MAX_SHOWN_BYTES);
    return { number: index + 1, text: this.decoder.decode(this.slice(begin, shown)), cutBytes: to - shown };
  }

  /** All bytes as they came in. */
  toBlob(): Blob {
    return new Blob(this.chunks as BlobPart[], { type: 'text/plain' });
  }

  /** Number (from 0) of the line that holds the byte at `offset`. */
  lineAt(offset: number): number {
    let low = 0;
    let high = this.lines - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.start(middle) <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  private start(index: number): number {
    return this.starts[index] ?? 0;
  }

  private begin(offset: number): void {
    if (this.lines === this.starts.length) {
      const larger = new Float64Array(this.starts.length * 2);
      larger.set(this.starts);
      this.starts = larger;
    }
    this.starts[this.lines] = offset;
    this.lines += 1;
  }

  /** Where the last redraw of the line begins: after its last carriage return. */
  private lastDraw(from: number, to: number): number {
    let end = to;
    while (end > from) {
      const chunk = this.chunkOf(end - 1);
      const chunkStart = this.chunkStarts[chunk] ?? 0;
      const begin = Math.max(from, chunkStart);
      const at =
        this.chunks[chunk]?.subarray(begin - chunkStart, end - chunkStart).lastIndexOf(CARRIAGE_RETURN) ?? -1;
      if (at !== -1) return begin + at + 1;
      end = begin;
    }
    return from;
  }

  private byteAt(offset: number): number | undefined {
    const chunk = this.chunkOf(offset);
    return this.chunks[chunk]?.[offset - (this.chunkStarts[chunk] ?? 0)];
  }

  private chunkOf(offset: number): number {
    let low = 0;
    let high = this.chunks.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.chunkStarts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  private slice(from: number, to: number): Uint8Array {
    const first = this.chunkOf(from);
    const firstStart = this.chunkStarts[first] ?? 0;
    const head = this.chunks[first];
    if (!head || to <= firstStart + head.length)
      return head?.subarray(from - firstStart, to - firstStart) ?? new Uint8Array();
    const joined = new Uint8Array(to - from);
    for (let chunk = first, at = from; at < to; chunk += 1) {
      const start = this.chunkStarts[chunk] ?? 0;
      const piece = this.chunks[chunk]?.subarray(at - start, to - start);
      if (!piece) break;
      joined.set(piece, at - from);
      at += piece.length;
    }
    return joined;
  }
}
