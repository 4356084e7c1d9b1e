import { z } from 'zod';

/** Where a reader stands in the log of one container: time of a line, lines of that time read whole, bytes of the one after them. */
const positionSchema = z.tuple([z.string(), z.int().min(0), z.int().min(0)]);
export type LogPosition = z.infer<typeof positionSchema>;
const cursorSchema = z.record(z.string(), positionSchema);

/** The server takes cursors of 4000 characters. */
const MAX_CURSOR = 3900;

interface Piece {
  source: string;
  /** Where a reader stands before it, and after it. */
  from: LogPosition;
  to: LogPosition;
  /** Bytes given up to its beginning and up to its end, over all sources. */
  start: number;
  end: number;
}

/** Knows for any count of bytes that were given where each container's log has to be taken up again. */
export class LogCursor {
  private readonly acknowledged: Map<string, LogPosition>;
  private readonly pieces: Piece[] = [];
  private total = 0;

  constructor(text: string | null) {
    this.acknowledged = new Map(Object.entries(parse(text)));
  }

  /** Where a source was left by an earlier watch. */
  of(source: string): LogPosition | undefined {
    return this.acknowledged.get(source);
  }

  /** A line, or a part of one, was given. */
  give(source: string, bytes: number, from: LogPosition, to: LogPosition): void {
    const start = this.total;
    this.total += bytes;
    this.pieces.push({ source, from, to, start, end: this.total });
  }

  at(consumed: number): string {
    let count = 0;
    for (const piece of this.pieces) {
      if (piece.end > consumed) break;
      this.acknowledged.set(piece.source, piece.to);
      count += 1;
    }
    this.pieces.splice(0, count);
    const open = this.pieces[0];
    const known = new Map(this.acknowledged);
    if (open && open.start < consumed) {
      const [time, lines, bytes] = open.from;
      known.set(open.source, [time, lines, bytes + consumed - open.start]);
    }
    return shorten(known);
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
