export interface Position {
  line: number;
  column: number;
}

/**
 * Turns offsets of the text that was parsed into lines and columns (from 1, UTF-16 units, as editors count) of the text that was
 * typed. The two differ only where a tab was read as two spaces.
 */
export class SourceMap {
  readonly #lineStarts: number[] = [0];
  readonly #widened: ReadonlyMap<number, readonly number[]>;

  /** `widened`: line number (from 0) → columns (from 0, in `text`) at which a tab was made two spaces. */
  constructor(text: string, widened: ReadonlyMap<number, readonly number[]> = new Map()) {
    this.#widened = widened;
    for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1))
      this.#lineStarts.push(at + 1);
  }

  position(offset: number): Position {
    let low = 0;
    let high = this.#lineStarts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#lineStarts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    const column = Math.max(0, offset - (this.#lineStarts[low] ?? 0));
    const before = (this.#widened.get(low) ?? []).filter((tab) => tab < column).length;
    return { line: low + 1, column: column - before + 1 };
  }
}
