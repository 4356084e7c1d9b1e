/** A place in one stream of a log. */
export interface Place {
  /** The reader's own word for "all up to here", without `,`, `=` and `~`. Empty: the beginning. */
  mark: string;
  /** Bytes read of the entry that follows. */
  bytes: number;
}

interface Delivery {
  place: string;
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
 * What has been given of the sources (instances, replicas) that share a run's log: says for any count of bytes of each that the server
 * has accepted where a later reader has to go on. A source may write several streams, one after the other; places are those of streams.
 */
export class Deliveries {
  /** Where an earlier reader has come to. */
  private readonly beginnings = new Map<string, Place>();
  private readonly accepted: Map<string, Place>;
  private readonly given = new Map<string, string>();
  private readonly open = new Map<string, { entries: Delivery[]; total: number }>();

  constructor(cursor: string | null) {
    for (const part of (cursor ?? '').split(',')) {
      const [, place = '', mark = '', bytes = '0'] = /^([^=]+)=([^~]*)(?:~(\d+))?$/.exec(part) ?? [];
      if (place === '') continue;
      this.beginnings.set(place, { mark, bytes: Number(bytes) });
      this.given.set(place, mark);
    }
    this.accepted = new Map(this.beginnings);
  }

  /** Where the reading of a stream has to begin. */
  begin(place: string): Place {
    return this.beginnings.get(place) ?? BEGINNING;
  }

  /** Marks of all streams that an earlier reader has read of. */
  get marks(): string[] {
    return [...this.beginnings.values()].map(({ mark }) => mark);
  }

  /** An entry of a stream is given; `bytes` of it, after `skipped` that an earlier reader gave. `mark` is the place behind it. */
  give(source: string, place: string, mark: string, bytes: number, skipped = 0): void {
    const mine = this.open.get(source) ?? { entries: [], total: 0 };
    this.open.set(source, mine);
    const start = mine.total;
    mine.total += bytes;
    const before = this.given.get(place) ?? '';
    this.given.set(place, mark);
    mine.entries.push({ place, before, mark, skipped, start, end: mine.total });
  }

  /** The cursor after so many accepted bytes of each source; counts never go down. */
  cursor(counts: Readonly<Record<string, number>>): string {
    const begun = new Map<string, Place>();
    for (const [source, { entries }] of this.open) {
      const consumed = counts[source] ?? 0;
      const past = entries.findIndex(({ end }) => end > consumed);
      for (const { place, mark } of entries.splice(0, past < 0 ? entries.length : past))
        this.accepted.set(place, { mark, bytes: 0 });
      const [next] = entries;
      if (next && next.start < consumed)
        begun.set(next.place, { mark: next.before, bytes: next.skipped + consumed - next.start });
    }
    const places = new Map([...this.accepted, ...begun]);
    let text = '';
    for (const [name, { mark, bytes }] of places) {
      const part = `${name}=${mark}${bytes > 0 ? `~${bytes}` : ''}`;
      // Of very many the later ones are read again from their beginning.
      if (text.length + part.length + 1 > MAX_CURSOR) break;
      text += text === '' ? part : `,${part}`;
    }
    return text;
  }
}
