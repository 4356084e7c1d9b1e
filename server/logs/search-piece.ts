import { lineBreaks } from './line-count';
import type { LogChunk } from './view';

/** A line that is longer is searched in parts, bytes. */
const MAX_LINE_BYTES = 1024 * 1024;
const NEW_LINE = 0x0a;
const EMPTY = Buffer.alloc(0);

interface Place {
  /** In the whole log, from 1. */
  number: number;
  offset: number;
}
interface Part {
  /** Where it stands in the piece. */
  at: number;
  chunk: LogChunk;
}

/** Whole lines out of a log that comes in chunks cut anywhere; what is left of the last line goes into the next piece. */
export class SearchPiece {
  #position = 0;
  #index = 0;

  private constructor(
    readonly bytes: Buffer,
    /** Row of the first line. */
    readonly row: number,
    /** Ends with a line break. */
    readonly whole: boolean,
    private readonly rest: Buffer,
    private readonly restPlace: Place | undefined,
    private readonly firstPlace: Place | undefined,
    private readonly parts: readonly Part[],
  ) {}

  static first(): SearchPiece {
    return new SearchPiece(EMPTY, 0, true, EMPTY, undefined, undefined, []);
  }

  next(chunks: readonly LogChunk[]): SearchPiece {
    let at = this.rest.length;
    const parts = chunks.map((chunk) => {
      const part = { at, chunk };
      at += chunk.data.length;
      return part;
    });
    const all = Buffer.concat([this.rest, ...chunks.map(({ data }) => data)], at);
    const newLine = all.lastIndexOf(NEW_LINE);
    const whole = newLine !== -1;
    // Only a very long line is given out without its end.
    const end = whole ? newLine + 1 : all.length >= MAX_LINE_BYTES ? all.length : 0;
    const firstPlace = this.rest.length > 0 ? this.restPlace : undefined;
    const rest = Buffer.from(all.subarray(end));
    const restPlace = end === 0 && firstPlace ? firstPlace : placeIn(parts, end);
    return new SearchPiece(all.subarray(0, end), this.#nextRow(), whole, rest, restPlace, firstPlace, parts);
  }

  /** What follows the last line break. */
  last(): SearchPiece {
    return new SearchPiece(this.rest, this.#nextRow(), false, EMPTY, undefined, this.restPlace, []);
  }

  /** Where the line at an index stands in the whole log. Ask for them in order. */
  placeOf(index: number): Place {
    for (; this.#index < index; this.#index += 1)
      this.#position = this.bytes.indexOf(NEW_LINE, this.#position) + 1;
    if (this.#position === 0 && this.firstPlace) return this.firstPlace;
    return placeIn(this.parts, this.#position) ?? { number: 1, offset: 0 };
  }

  #nextRow(): number {
    return this.row + lineBreaks(this.bytes);
  }
}

function placeIn(parts: readonly Part[], position: number): Place | undefined {
  const part = parts.findLast(({ at }) => at <= position);
  if (!part) return undefined;
  const inside = position - part.at;
  const { data, line, offset } = part.chunk;
  return { number: line + 1 + lineBreaks(data.subarray(0, inside)), offset: offset + inside };
}
