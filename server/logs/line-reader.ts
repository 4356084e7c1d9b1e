/** A line of a log. */
export interface LogLine {
  /** From 1. */
  number: number;
  /** Of its first byte in the whole log. */
  offset: number;
  text: string;
}

const NEW_LINE = 0x0a;

/**
 * Lines from pieces that are cut anywhere. A line longer than `maxBytes` comes in several parts with the same number, so that memory stays
 * bounded whatever a program prints.
 */
export class LineReader {
  #rest: Buffer = Buffer.alloc(0);
  #restOffset = 0;
  #number = 1;

  constructor(private readonly maxBytes: number) {}

  /** The lines that end in this piece. */
  push(piece: Buffer): LogLine[] {
    const lines: LogLine[] = [];
    let buffer = this.#rest.length === 0 ? piece : Buffer.concat([this.#rest, piece]);
    for (;;) {
      const end = buffer.indexOf(NEW_LINE);
      if (end < 0 && buffer.length < this.maxBytes) break;
      const cut = end < 0 || end > this.maxBytes;
      const length = cut ? this.maxBytes : end;
      lines.push(this.#line(buffer.subarray(0, length)));
      const used = cut ? length : length + 1;
      if (!cut) this.#number += 1;
      this.#restOffset += used;
      buffer = buffer.subarray(used);
    }
    this.#rest = Buffer.from(buffer);
    return lines;
  }

  /** The last line, if the log does not end with a line break. */
  end(): LogLine[] {
    return this.#rest.length === 0 ? [] : [this.#line(this.#rest)];
  }

  #line(bytes: Buffer): LogLine {
    return { number: this.#number, offset: this.#restOffset, text: bytes.toString('utf8') };
  }
}
