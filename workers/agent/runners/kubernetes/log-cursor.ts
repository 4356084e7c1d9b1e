import { z } from 'zod';

/** Where a reader stands in the log of one container: time of a line, lines of that time read whole, bytes of the one after them. */
const positionSchema = z.tuple([z.string(), z.int().min(0), z.int().min(0)]);
export type LogPosition = z.infer<typeof positionSchema>;
const cursorSchema = z.record(z.string(), positionSchema);

/** The server takes cursors of 4000 characters. */
const MAX_CURSOR = 3900;

interface Piece {
  container: string;
  /** Where a reader stands before it, and after it. */
  from: LogPosition;
  to: LogPosition;
  /** Bytes of its source given up to its beginning and up to its end. */
  start: number;
  end: number;
}

/**
 * Knows for any count of bytes of each source where each container's log has to be taken up again. A source is what people know the
 * writer by: two pods may have had one name, one after the other.
 */
export class LogCursor {
  private readonly acknowledged: Map<string, LogPosition>;
  private readonly given = new Map<string, { pieces: Piece[]; total: number }>();

  constructor(text: string | null) {
    this.acknowledged = new Map(Object.entries(parse(text)));
  }

  /** Where a container was left by an earlier watch. */
  of(container: string): LogPosition | undefined {
    return this.acknowledged.get(container);
  }

  /** A line, or a part of one, was given. */
  give(source: string, container: string, bytes: number, from: LogPosition, to: LogPosition): void {
    const mine = this.given.get(source) ?? { pieces: [], total: 0 };
    this.given.set(source, mine);
    const start = mine.total;
    mine.total += bytes;
    mine.pieces.push({ container, from, to, start, end: mine.total });
  }

  /** @param counts accepted bytes by source; they never go down */
  at(counts: Readonly<Record<string, number>>): string {
    const open = new Map<string, LogPosition>();
    for (const [source, { pieces }] of this.given) {
      const consumed = counts[source] ?? 0;
      const past = pieces.findIndex(({ end }) => end > consumed);
      for (const { container, to } of pieces.splice(0, past < 0 ? pieces.length : past))
        this.acknowledged.set(container, to);
      const [next] = pieces;
      if (!next || next.start >= consumed) continue;
      const [time, lines, bytes] = next.from;
      open.set(next.container, [time, lines, bytes + consumed - next.start]);
    }
    return shorten(new Map([...this.acknowledged, ...open]));
  }
}

/** With very many containers the ones read last are kept; the others would be read again. */
function shorten(known: Map<string, LogPosition>): string {
  const text = JSON.stringify(Object.fromEntries(known));
  if (text.length <= MAX_CURSOR) return text;
  const kept: [string, LogPosition][] = [];
  let length = 2;
  for (const entry of [...known].sort(([, a], [, b]) => b[0].localeCompare(a[0]))) {
    length += JSON.stringify(entry).length + 1;
    if (length > MAX_CURSOR) break;
    kept.push(entry);
  }
  return JSON.stringify(Object.fromEntries(kept));
}

function parse(text: string | null): Record<string, LogPosition> {
  try {
    const parsed = cursorSchema.safeParse(JSON.parse(text ?? '{}'));
    return parsed.success ? parsed.data : {};
  } catch {
    return {};
  }
}
