import type { LogLinesAnswer } from '@/core/wire';
import { toProblem, type ApiProblem } from '../../lib/api';

export type LogRow = LogLinesAnswer['lines'][number];
/** Reads rows from `from` on, or the last ones without it. */
export type ReadRows = (
  range: { from?: number; limit: number },
  signal: AbortSignal,
) => Promise<LogLinesAnswer>;

const PAGE_ROWS = 500;
/** What is kept of a log however long it is: rows that were looked at last. */
const MAX_PAGES = 120;
const MAX_CHARACTERS = 24_000_000;
/** Rows that are read at the end of a growing log that is followed. */
const TAIL_ROWS = 200;
/** Least time between two looks at the end of a growing log, milliseconds. */
const PACE_MS = 250;
const RETRY_MS = 3_000;

interface LogPage {
  rows: (LogRow | undefined)[];
  characters: number;
  used: number;
}

/**
 * The rows of a log that are near what is shown, read when they are needed and forgotten when others are: a log of any length takes the
 * same memory. Rows are addressed by number, so that a broken connection neither loses nor repeats any.
 */
export class LogPages {
  total = 0;
  complete = false;
  truncated = false;
  /** The first answer has come. */
  loaded = false;
  problem: ApiProblem | undefined;
  /** Raised with every change. */
  version = 0;

  #pages = new Map<number, LogPage>();
  #characters = 0;
  #clock = 0;
  #bytes = -1;
  #wantedBytes = 0;
  #window: { first: number; last: number } | undefined;
  #following = true;
  #request: { from: number | undefined; to: number; stop: AbortController } | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #lookedAt = -Infinity;
  #closed = false;
  #listeners = new Set<() => void>();

  constructor(private readonly read: ReadRows) {}

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** The row, if it is here. */
  row(index: number): LogRow | undefined {
    const page = this.#pages.get(Math.floor(index / PAGE_ROWS));
    if (page) page.used = this.#clock += 1;
    return page?.rows[index % PAGE_ROWS];
  }

  /** The log has this many bytes now, by what the server said. */
  grow(bytes: number, following: boolean): void {
    this.#wantedBytes = Math.max(this.#wantedBytes, bytes);
    this.#following = following;
    this.#pump();
  }

  /** These rows are looked at (both ends included). */
  show(first: number, last: number): void {
    this.#window = { first, last };
    const { from, to } = this.#request ?? {};
    // What is on its way and no longer wanted would only hold up what is.
    if (from !== undefined && to !== undefined && (to < first || from > last)) this.#request?.stop.abort();
    this.#pump();
  }

  retry = (): void => {
    this.problem = undefined;
    this.#pump();
  };

  /** Goes on after `close`: components are mounted twice in development. */
  open(): void {
    this.#closed = false;
    this.#pump();
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#request?.stop.abort();
  }

  #pump(): void {
    if (this.#closed || this.#request) return;
    clearTimeout(this.#timer);
    const behind = this.#bytes < this.#wantedBytes;
    const wait = this.#lookedAt + PACE_MS - Date.now();
    const missing = this.#missing();
    if (!this.loaded || (behind && wait <= 0)) {
      this.#lookedAt = Date.now();
      void this.#fetch({ limit: this.loaded && !this.#following ? 1 : TAIL_ROWS });
    } else if (missing) void this.#fetch(missing);
    else if (behind) this.#timer = setTimeout(() => this.#pump(), wait);
  }

  /** The next rows to read of those that are looked at, and as many beyond them as a page takes. */
  #missing(): { from: number; limit: number } | undefined {
    if (!this.#window) return undefined;
    const last = Math.min(this.#window.last, this.total - 1);
    let first = Math.max(0, this.#window.first);
    while (first <= last && this.row(first) !== undefined) first += 1;
    if (first > last) return undefined;
    // What is missing above while the rest is here: the reader goes up.
    if (first === Math.max(0, this.#window.first) && this.row(last) !== undefined) {
      let end = last;
      while (this.row(end) !== undefined) end -= 1;
      const from = Math.max(0, end - PAGE_ROWS + 1);
      return { from, limit: end - from + 1 };
    }
    return { from: first, limit: PAGE_ROWS };
  }

  async #fetch(range: { from?: number; limit: number }): Promise<void> {
    const stop = new AbortController();
    this.#request = { from: range.from, to: (range.from ?? 0) + range.limit - 1, stop };
    let again = 0;
    try {
      const answer = await this.read(range, stop.signal);
      this.problem = undefined;
      this.#take(answer);
    } catch (error) {
      if (!stop.signal.aborted) {
        this.problem = toProblem(error);
        again = RETRY_MS;
      }
    }
    this.#request = undefined;
    if (this.#closed) return;
    this.#changed();
    if (again === 0) this.#pump();
    else if (this.problem?.status === 0 || (this.problem?.status ?? 0) >= 500)
      this.#timer = setTimeout(() => this.#pump(), again);
  }

  #take({ from, lines, total, bytes, complete, truncated }: LogLinesAnswer): void {
    // The last row may have been unfinished: it is read again when it is looked at.
    if (bytes > this.#bytes && this.total > 0) this.#drop(this.total - 1);
    this.#bytes = Math.max(this.#bytes, bytes);
    // A log that is shorter than what was promised is one that was removed for its age.
    this.#wantedBytes = complete ? this.#bytes : this.#wantedBytes;
    this.total = Math.max(this.total, total);
    this.complete = complete;
    this.truncated ||= truncated;
    this.loaded = true;
    lines.forEach((line, index) => this.#put(from + index, line));
    this.#evict();
  }

  #put(index: number, row: LogRow): void {
    const key = Math.floor(index / PAGE_ROWS);
    const page = this.#pages.get(key) ?? { rows: [], characters: 0, used: 0 };
    this.#pages.set(key, page);
    const before = page.rows[index % PAGE_ROWS];
    const grown = row.text.length - (before?.text.length ?? 0);
    page.characters += grown;
    this.#characters += grown;
    page.used = this.#clock += 1;
    page.rows[index % PAGE_ROWS] = row;
  }

  #drop(index: number): void {
    const page = this.#pages.get(Math.floor(index / PAGE_ROWS));
    const row = page?.rows[index % PAGE_ROWS];
    if (!page || !row) return;
    page.characters -= row.text.length;
    this.#characters -= row.text.length;
    page.rows[index % PAGE_ROWS] = undefined;
  }

  #evict(): void {
    if (this.#pages.size <= MAX_PAGES && this.#characters <= MAX_CHARACTERS) return;
    const oldest = [...this.#pages.entries()].sort(([, a], [, b]) => a.used - b.used);
    for (const [key, page] of oldest) {
      if (this.#pages.size <= MAX_PAGES / 2 && this.#characters <= MAX_CHARACTERS / 2) return;
      if (this.#window && (key + 1) * PAGE_ROWS > this.#window.first && key * PAGE_ROWS <= this.#window.last)
        continue;
      this.#pages.delete(key);
      this.#characters -= page.characters;
    }
  }

  #changed(): void {
    this.version += 1;
    for (const listener of this.#listeners) listener();
  }
}
