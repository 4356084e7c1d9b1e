/**
 * Patterns of string variables. They are written by one person and run on the text of another, on the server; so they are matched by
 * a small automaton whose time is bounded by (length of pattern × length of text), never by JavaScript's backtracking matcher.
 * Syntax: regular expressions of JavaScript (flag u) without look-around, back references and word boundaries.
 */

/** One character class or character of the pattern: tells whether it takes a code point. */
type Atom = (char: string) => boolean;

type Instruction =
  | { op: 'take'; atom: Atom; next: number }
  | { op: 'fork'; to: number[] }
  | { op: 'start'; next: number }
  | { op: 'end'; next: number }
  | { op: 'match' };

/** Instructions of a compiled pattern; counted repetition multiplies them. */
const MAX_INSTRUCTIONS = 2000;
/** Nesting of groups. */
const MAX_GROUPS = 50;

export interface Pattern {
  /** Whether the whole of `text` matches. */
  matches: (text: string) => boolean;
}
export type PatternResult = { ok: true; pattern: Pattern } | { ok: false; message: string };

class Refused extends Error {}

export function compilePattern(source: string): PatternResult {
  try {
    RegExp(source, 'u');
  } catch (error) {
    const reason =
      error instanceof Error ? error.message.replace(/^Invalid regular expression: .*\/u?: /s, '') : '';
    return { ok: false, message: `The pattern is not a regular expression: ${reason}.` };
  }
  try {
    const program = new Compiler(source).compile();
    return { ok: true, pattern: { matches: (text) => run(program, text) } };
  } catch (error) {
    if (error instanceof Refused) return { ok: false, message: error.message };
    throw error;
  }
}

/** Source of one group, atom or alternative, not yet placed; `emit` writes its code so that it goes on to `next`. */
type Fragment = (next: number) => number;

class Compiler {
  readonly #program: Instruction[] = [];
  #at = 0;
  #depth = 0;

  constructor(private readonly source: string) {}

  compile(): { program: Instruction[]; start: number } {
    const fragment = this.#alternatives();
    const match = this.#emit({ op: 'match' });
    return { start: fragment(match), program: this.#program };
  }

  #emit(instruction: Instruction): number {
    if (this.#program.length >= MAX_INSTRUCTIONS)
      throw new Refused('The pattern is too large: it repeats too much.');
    return this.#program.push(instruction) - 1;
  }

  #alternatives(): Fragment {
    const options = [this.#sequence()];
    while (this.source[this.#at] === '|') {
      this.#at++;
      options.push(this.#sequence());
    }
    const [only] = options;
    if (only && options.length === 1) return only;
    return (next) => this.#emit({ op: 'fork', to: options.map((option) => option(next)) });
  }

  #sequence(): Fragment {
    const items: Fragment[] = [];
    while (this.#at < this.source.length && this.source[this.#at] !== '|' && this.source[this.#at] !== ')') {
      items.push(this.#repeated(this.#item()));
    }
    return (next) => items.reduceRight((after, item) => item(after), next);
  }

  #item(): Fragment {
    switch (this.source[this.#at]) {
      case '(':
        return this.#group();
      case '^':
        this.#at++;
        return (next) => this.#emit({ op: 'start', next });
      case '$':
        this.#at++;
        return (next) => this.#emit({ op: 'end', next });
      default: {
        const atom = this.#atom();
        return (next) => this.#emit({ op: 'take', atom, next });
      }
    }
  }

  #group(): Fragment {
    const opening = /\((?:\?(?::|<[^=!>][^>]*>))?/y;
    opening.lastIndex = this.#at;
    const open = opening.exec(this.source)?.[0] ?? '(';
    this.#at += open.length;
    if (open === '(' && this.source[this.#at] === '?')
      throw new Refused('The pattern must not use look-around or flags "(?…".');
    if (++this.#depth > MAX_GROUPS) throw new Refused(`The pattern nests more than ${MAX_GROUPS} groups.`);
    const inner = this.#alternatives();
    this.#depth--;
    this.#at++;
    return inner;
  }

  #repeated(item: Fragment): Fragment {
    const counted = /([*+?])\??|\{(\d+)(?:(,)(\d*))?\}\??/y;
    counted.lastIndex = this.#at;
    const match = counted.exec(this.source);
    if (match === null) return item;
    this.#at += match[0].length;
    const [, sign, low, comma, high] = match;
    if (sign === '*') return this.#between(item, 0, undefined);
    if (sign === '+') return this.#between(item, 1, undefined);
    if (sign === '?') return this.#between(item, 0, 1);
    const least = Number(low);
    return this.#between(item, least, comma === undefined ? least : high === '' ? undefined : Number(high));
  }

  #between(item: Fragment, least: number, most: number | undefined): Fragment {
    if (Math.max(least, most ?? 0) > MAX_INSTRUCTIONS)
      throw new Refused('The pattern is too large: it repeats too much.');
    return (next) => {
      let at = next;
      if (most === undefined) {
        const fork: Extract<Instruction, { op: 'fork' }> = { op: 'fork', to: [next] };
        at = this.#emit(fork);
        fork.to.push(item(at));
      } else
        for (let count = least; count < most; count++) at = this.#emit({ op: 'fork', to: [item(at), next] });
      for (let count = 0; count < least; count++) at = item(at);
      return at;
    };
  }

  /** A character, escape or class. JavaScript itself judges single characters, which it does in bounded time. */
  #atom(): Atom {
    const start = this.#at;
    const char = String.fromCodePoint(this.source.codePointAt(start) ?? 0);
    this.#at += char.length;
    if (char === '[') this.#skipClass();
    else if (char === '\\') this.#skipEscape();
    const text = this.source.slice(start, this.#at);
    if (/^[^\\[.]$/u.test(text)) return (other) => other === text;
    const single = new RegExp(`^${text}$`, 'u');
    const known = new Map<string, boolean>();
    return (other) => {
      const before = known.get(other);
      if (before !== undefined) return before;
      const takes = single.test(other);
      known.set(other, takes);
      return takes;
    };
  }

  #skipClass(): void {
    while (this.source[this.#at] !== ']') this.#at += this.source[this.#at] === '\\' ? 2 : 1;
    this.#at++;
  }

  #skipEscape(): void {
    const escape =
      /u\{[0-9a-fA-F]+\}|u[0-9a-fA-F]{4}(?:\\u[dD][c-fC-F][0-9a-fA-F]{2})?|x[0-9a-fA-F]{2}|c[A-Za-z]|[pP]\{[^}]*\}|[^]/uy;
    escape.lastIndex = this.#at;
    const found = escape.exec(this.source)?.[0] ?? '';
    if (/^[1-9kbB]/.test(found))
      throw new Refused('The pattern must not use back references or word boundaries.');
    this.#at += found.length;
  }
}

function run({ program, start }: { program: readonly Instruction[]; start: number }, text: string): boolean {
  const chars = Array.from(text);
  let active = closure(program, [start], 0, chars.length);
  for (let at = 0; at < chars.length && active.size > 0; at++) {
    const char = chars[at] ?? '';
    const next: number[] = [];
    for (const index of active) {
      const instruction = program[index];
      if (instruction?.op === 'take' && instruction.atom(char)) next.push(instruction.next);
    }
    active = closure(program, next, at + 1, chars.length);
  }
  for (const index of active) if (program[index]?.op === 'match') return true;
  return false;
}

/** All instructions that can be reached without taking a character. */
function closure(program: readonly Instruction[], from: number[], at: number, length: number): Set<number> {
  const reached = new Set<number>();
  const stack = from;
  for (let index = stack.pop(); index !== undefined; index = stack.pop()) {
    if (reached.has(index)) continue;
    reached.add(index);
    const instruction = program[index];
    if (instruction?.op === 'fork') stack.push(...instruction.to);
    else if (instruction?.op === 'start' && at === 0) stack.push(instruction.next);
    else if (instruction?.op === 'end' && at === length) stack.push(instruction.next);
  }
  return reached;
}
