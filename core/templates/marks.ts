/**
 * Placeholders, macros and Helm-like expressions are found in the raw text and masked by characters that mean nothing to YAML and
 * JSON, so that `{{x}}` and `${x}` without quotes are plain text to the parser and every position holds.
 */

export interface Mark {
  kind: 'variable' | 'macro' | 'foreign';
  /** Name of the variable or macro; empty for `foreign`. */
  name: string;
  /** As typed. */
  raw: string;
  /** Offsets in the parsed text, UTF-16 units. */
  start: number;
  end: number;
}

const NAME = '[A-Za-z][A-Za-z0-9_-]*';
/** `foreign` stops at quotes and braces, so that it never reaches over the end of a quoted text or a JSON object. */
const MARK = new RegExp(
  `\\{\\{[ \\t]*(${NAME})[ \\t]*\\}\\}|<<[ \\t]*(${NAME})[ \\t]*>>|\\$\\{([A-Za-z_][A-Za-z0-9_]*)\\}|\\{\\{[^{}"'\\n\\r]*\\}\\}`,
  'g',
);

export function findMarks(text: string): Mark[] {
  return Array.from(text.matchAll(MARK), (match) => {
    const [raw, braces, angles, macro] = match;
    const variable = braces ?? angles;
    const kind = variable !== undefined ? 'variable' : macro !== undefined ? 'macro' : 'foreign';
    return { kind, name: variable ?? macro ?? '', raw, start: match.index, end: match.index + raw.length };
  });
}

/** The two characters that mask marks: each mark is one `lead` and then `fill` to its full length. */
export interface Mask {
  lead: string;
  fill: string;
}

const PRIVATE_USE_FIRST = 0xe000;
const PRIVATE_USE_LAST = 0xf8ff;
const WRITTEN = /[\ue000-\uf8ff]|\\[uU](?:0000)?([0-9a-fA-F]{4})/g;

/** Two private-use characters that the text holds neither as such nor as an escape; undefined when it holds nearly all. */
export function chooseMask(text: string): Mask | undefined {
  const taken = new Set<number>();
  for (const match of text.matchAll(WRITTEN)) {
    taken.add(match[1] === undefined ? match[0].charCodeAt(0) : Number.parseInt(match[1], 16));
  }
  const free: string[] = [];
  for (let code = PRIVATE_USE_FIRST; code <= PRIVATE_USE_LAST && free.length < 2; code++) {
    if (!taken.has(code)) free.push(String.fromCharCode(code));
  }
  const [lead, fill] = free;
  return lead === undefined || fill === undefined ? undefined : { lead, fill };
}

export function maskMarks(text: string, marks: readonly Mark[], mask: Mask): string {
  const pieces: string[] = [];
  let done = 0;
  for (const mark of marks) {
    pieces.push(text.slice(done, mark.start), mask.lead, mask.fill.repeat(mark.end - mark.start - 1));
    done = mark.end;
  }
  pieces.push(text.slice(done));
  return pieces.join('');
}

/** Index of the first mark that begins at `offset` or later; `marks` are in order. */
export function firstMarkFrom(marks: readonly Mark[], offset: number): number {
  let low = 0;
  let high = marks.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((marks[middle]?.start ?? 0) < offset) low = middle + 1;
    else high = middle;
  }
  return low;
}
