import { stripEscapes } from '@/core/ansi';
import type { LogSearchAnswer } from '@/core/wire';
import type { Actor } from '../access';
import { runEntity } from '../runs/door';
import type { SearchLogInput } from '../runs/inputs';
import type { Services } from '../services';
import { regexMatcher, textMatcher } from './matcher';
import type { Matcher } from './matcher';
import { SearchPiece } from './search-piece';
import { chunksFrom, openView } from './view';

/** Characters of a line that are shown: around the hit, and of lines beside it. */
const EXCERPT = 400;
/** Hits whose rows are told; beyond, only their number. */
const MAX_ROWS = 20_000;

type Hit = LogSearchAnswer['hits'][number];

/**
 * Searches the whole log (or what a filter leaves of it), in pieces: memory does not grow with it. Plain text or a regular expression,
 * in any case of the letters, line by line, without escape sequences: people search for what they see. The first `limit` hits come
 * with the lines around them; of the others the rows.
 *
 * @throws ProblemError refused, for what is no regular expression
 */
export async function searchLog(s: Services, actor: Actor, input: SearchLogInput): Promise<LogSearchAnswer> {
  await runEntity(s, actor, input.id, 'viewer');
  const view = await openView(s, input.id, { streams: input.stream, source: input.source });
  const matcher = input.regex === 'true' ? regexMatcher(input.q) : textMatcher(input.q);
  const collector = new Collector(input.context, input.limit);
  try {
    let piece = SearchPiece.first();
    for await (const chunks of chunksFrom(s, view, 0)) {
      piece = piece.next(chunks);
      await collector.take(piece, matcher);
    }
    await collector.take(piece.last(), matcher);
  } finally {
    await matcher.close();
  }
  const { hits, rows, total } = collector;
  return { hits, rows, total, truncated: total > hits.length, searched: view.total };
}

class Collector {
  readonly hits: Hit[] = [];
  readonly rows: number[] = [];
  total = 0;
  #lastRow = -1;
  /** The last lines of the piece before, for hits at the beginning of the next. */
  #before: string[] = [];

  constructor(
    private readonly context: number,
    private readonly limit: number,
  ) {}

  async take(piece: SearchPiece, matcher: Matcher): Promise<void> {
    if (piece.bytes.length === 0) return;
    const text = stripEscapes(piece.bytes.toString('utf8'));
    const found = await matcher.match(text);
    const open = this.#open();
    const wanted = this.context > 0 || (found.length > 0 && this.hits.length < this.limit);
    const lines = wanted ? text.split('\n') : [];
    if (piece.whole && wanted) lines.pop();
    for (const hit of open) this.#follow(hit, lines, piece.row);
    for (let i = 0; i < found.length; i += 2) this.#hit(piece, lines, found[i] ?? 0, found[i + 1] ?? 0);
    if (this.context > 0)
      this.#before = [...this.#before, ...lines.slice(-this.context).map((line) => excerpt(line, 0))].slice(
        -this.context,
      );
  }

  #hit(piece: SearchPiece, lines: string[], index: number, position: number): void {
    const row = piece.row + index;
    // A line that is longer than a piece may have hits in several.
    if (row === this.#lastRow) return;
    this.#lastRow = row;
    this.total += 1;
    if (this.rows.length < MAX_ROWS) this.rows.push(row);
    if (this.hits.length >= this.limit) return;
    const { number, offset } = piece.placeOf(index);
    const near = lines.slice(Math.max(0, index - this.context), index).map((line) => excerpt(line, 0));
    const before = [...this.#before, ...near].slice(this.context === 0 ? Infinity : -this.context);
    const hit = { line: number, row, offset, text: excerpt(lines[index] ?? '', position), before, after: [] };
    this.hits.push(hit);
    this.#follow(hit, lines, piece.row);
  }

  #follow(hit: Hit, lines: string[], firstRow: number): void {
    const from = hit.row + hit.after.length + 1 - firstRow;
    const to = hit.row + this.context + 1 - firstRow;
    hit.after.push(...lines.slice(Math.max(0, from), Math.max(0, to)).map((line) => excerpt(line, 0)));
  }

  /** The latest hits that still lack lines after them. */
  #open(): Hit[] {
    if (this.context === 0) return [];
    return this.hits.slice(-this.context).filter(({ after }) => after.length < this.context);
  }
}

/** What is shown of a long line: the part around the hit. */
function excerpt(line: string, position: number): string {
  const text = line.replace(/\r+$/, '');
  if (text.length <= EXCERPT) return text;
  const start = Math.max(0, Math.min(position - EXCERPT / 4, text.length - EXCERPT));
  return `${start > 0 ? '…' : ''}${text.slice(start, start + EXCERPT)}${start + EXCERPT < text.length ? '…' : ''}`;
}
