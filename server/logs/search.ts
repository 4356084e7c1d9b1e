import type { LogSearchAnswer } from '@/core/wire';
import type { Actor } from '../access';
import { runEntity } from '../runs/door';
import type { SearchLogInput } from '../runs/inputs';
import type { Services } from '../services';
import { LineReader } from './line-reader';
import type { LogLine } from './line-reader';
import { regexMatcher, textMatcher } from './matcher';
import type { Matcher } from './matcher';
import { logHead, readSlices } from './read';

const READ_BYTES = 1024 * 1024;
/** Longest text that is matched as one line, bytes. */
const MAX_LINE_BYTES = 256 * 1024;
/** Characters of a line that are shown: around the hit, and of lines beside it. */
const EXCERPT = 400;
/** Hits that are counted; beyond, `truncated`. */
const MAX_COUNTED = 100_000;
/** Colours and other escape sequences (ECMA-48 CSI, OSC): people search for what they see. */
// eslint-disable-next-line no-control-regex -- escape sequences begin with a control character
const ESCAPES = /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\))/g;

type Hit = LogSearchAnswer['hits'][number];

/**
 * Searches the whole log, in pieces: memory does not grow with it. Plain text or a regular expression, in any case of the letters,
 * line by line. The first `limit` hits come with the lines around them; the others are counted.
 */
export async function searchLog(s: Services, actor: Actor, input: SearchLogInput): Promise<LogSearchAnswer> {
  await runEntity(s, actor, input.id, 'viewer');
  const { logBytes } = await logHead(s, input.id);
  const matcher = input.regex === 'true' ? regexMatcher(input.q) : textMatcher(input.q);
  try {
    return await search(s, matcher, input, logBytes);
  } finally {
    await matcher.close();
  }
}

async function search(
  s: Services,
  matcher: Matcher,
  { id, context, limit }: SearchLogInput,
  logBytes: number,
): Promise<LogSearchAnswer> {
  const collector = new Collector(context, limit);
  const reader = new LineReader(MAX_LINE_BYTES);
  for (let offset = 0; offset < logBytes && !collector.full; offset += READ_BYTES) {
    const slices = await readSlices(s, id, offset, Math.min(READ_BYTES, logBytes - offset));
    await collector.take(reader.push(Buffer.concat(slices.map(({ data }) => data))), matcher);
  }
  await collector.take(reader.end(), matcher);
  return { hits: collector.hits, total: collector.total, truncated: collector.total > collector.hits.length };
}

class Collector {
  readonly hits: Hit[] = [];
  total = 0;
  #before: string[] = [];
  #lastLine = 0;

  constructor(
    private readonly context: number,
    private readonly limit: number,
  ) {}

  get full(): boolean {
    return this.total >= MAX_COUNTED;
  }

  async take(lines: LogLine[], matcher: Matcher): Promise<void> {
    if (lines.length === 0) return;
    const texts = lines.map(({ text }) => text.replace(ESCAPES, '').replace(/\r$/, ''));
    const positions = await matcher.match(texts);
    for (const [index, line] of lines.entries()) {
      const text = texts[index] ?? '';
      const position = positions[index] ?? -1;
      for (const hit of this.#open()) if (hit.line < line.number) hit.after.push(excerpt(text, 0));
      if (position >= 0 && line.number !== this.#lastLine) this.#hit(line, excerpt(text, position));
      if (this.context > 0) this.#before = [...this.#before, excerpt(text, 0)].slice(-this.context);
    }
  }

  #hit({ number, offset }: LogLine, text: string): void {
    this.#lastLine = number;
    this.total += 1;
    if (this.hits.length < this.limit)
      this.hits.push({ line: number, offset, text, before: this.#before, after: [] });
  }

  /** The latest hits that still lack lines after them. */
  #open(): Hit[] {
    if (this.context === 0) return [];
    return this.hits.slice(-this.context).filter(({ after }) => after.length < this.context);
  }
}

/** What is shown of a long line: the part around the hit. */
function excerpt(text: string, position: number): string {
  if (text.length <= EXCERPT) return text;
  const start = Math.max(0, Math.min(position - EXCERPT / 4, text.length - EXCERPT));
  return `${start > 0 ? '…' : ''}${text.slice(start, start + EXCERPT)}${start + EXCERPT < text.length ? '…' : ''}`;
}
