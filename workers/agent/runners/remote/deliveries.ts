/** A place in one source of a log. */
export interface Place {
  /** The reader's own word for "all up to here", without `,`, `=` and `~`. Empty: the beginning. */
  mark: string;
  /** Bytes read of the entry that follows. */
  bytes: number;
}

interface Delivery {
  source: string;
  /** Before the entry, and after it. */
  before: string;
  mark: string;
  skipped: number;
  start: number;
  end: number;
}

const BEGINNING: Place = { mark: '', bytes: 0 };
/** The server keeps no longer cursor, characters. */
const MAX_CURSOR = 3900;

/**
 * What has been given of the sources (instances, pods, streams) that share a run's log, in which order: says for any count of bytes that
 * the server has accepted where a later reader has to go on in each source.
 */
export class Deliveries {
  private readonly accepted = new Map<string, Place>();
  private readonly given = new Map<string, string>();
  private readonly open: Delivery[] = [];
  private total = 0;

  constructor(cursor: string | null) {
    for (const part of (cursor ?? '').split(',')) {
      const [, source = '', mark = '', bytes = '0'] = /^([^=]+)=([^~]*)(?:~(\d+))?$/.exec(part) ?? [];
      if (source === '') continue;
      this.accepted.set(source, { mark, bytes: Number(bytes) });
      this.given.set(source, mark);
    }
  }

  /** Where the reading of a source has to begin. */
  begin(source: string): Place {
    return this.accepted.get(source) ?? BEGINNING;
  }

  /** An entry is given; `bytes` of it, after `skipped` that an earlier reader gave. `mark` is the place behind it. */
  give(source: string, mark: string, bytes: number, skipped = 0): void {
    const start = this.total;
    this.total += bytes;
    const before = this.given.get(source) ?? '';
    this.given.set(source, mark);
    this.open.push({ source, before, mark, skipped, start, end: this.total });
  }

  /** The cursor after so many accepted bytes; counts never go down. */
  cursor(consumed: number): string {
    let first = this.open[0];
    while (first && first.end <= consumed) {
      this.accepted.set(first.source, { mark: first.mark, bytes: 0 });
      this.open.shift();
      first = this.open[0];
    }
    const places = new Map(this.accepted);
    if (first && first.start < consumed) {
      places.set(first.source, { mark: first.before, bytes: first.skipped + consumed - first.start });
    }
    let text = '';
    for (const [source, { mark, bytes }] of places) {
      const part = `${source}=${mark}${bytes > 0 ? `~${bytes}` : ''}`;
      // Of very many sources the later ones are read again from their beginning.
      if (text.length + part.length + 1 > MAX_CURSOR) break;
      text += text === '' ? part : `,${part}`;
    }
    return text;
  }
}
