import type { ConfigTree } from '@/core/config-tree';
import type { Place, Span, TreeBuilder } from './builder';
import type { Mask } from './marks';

const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const WORD = /[A-Za-z_$][\w$.-]*/y;
const BLANK = /[ \t\n\r]*/y;
/** The inside of a string up to what needs a closer look. */
// eslint-disable-next-line no-control-regex -- JSON forbids raw control characters in strings
const STRING = /[^"\\\u0000-\u001f]*/y;
const ESCAPES: Record<string, string> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
};

/** Reads masked JSON (RFC 8259, nothing beside it). Errors say what is wrong at which place; the first one ends it. */
export function parseJson(text: string, builder: TreeBuilder, mask: Mask): ConfigTree {
  return new JsonReader(text, builder, mask).document();
}

class JsonReader {
  #at: number;

  constructor(
    private readonly text: string,
    private readonly builder: TreeBuilder,
    private readonly mask: Mask,
  ) {
    this.#at = text.startsWith('\ufeff') ? 1 : 0;
  }

  document(): ConfigTree {
    this.#blank();
    const root = this.builder.root({ start: this.#at, end: this.text.length });
    if (this.#at === this.text.length) return this.builder.add({ kind: 'map', entries: [] }, root);
    const node = this.#value(root);
    this.#blank();
    if (this.#at < this.text.length)
      this.#fail(`Nothing may follow the end of the document, but here is ${this.#shown()}.`);
    return node;
  }

  #value(place: Place): ConfigTree {
    switch (this.text[this.#at]) {
      case '{':
        return this.#object(place);
      case '[':
        return this.#array(place);
      case '"': {
        const decoded = this.#string();
        place.end = this.#at;
        return this.builder.text(decoded, place);
      }
      case this.mask.lead:
        return this.#bareMark(place);
      default:
        return this.#bareValue(place);
    }
  }

  #object(place: Place): ConfigTree {
    const entries: [string, ConfigTree][] = [];
    const node = this.builder.add({ kind: 'map', entries }, place);
    const known = new Map<string, number>();
    this.#at++;
    this.#blank();
    while (this.text[this.#at] !== '}') {
      const start = this.#at;
      if (this.text[start] !== '"') this.#refuseKey(place);
      const decoded = this.#string();
      const span = { start, end: this.#at };
      const key = this.builder.key(decoded, span, place);
      this.#noteDuplicate(key, known, span, place);
      this.#blank();
      this.#expect(':', `after the key "${key.slice(0, 80)}"`);
      this.#blank();
      const inner = this.builder.inside(place, key, { start: this.#at, end: this.#at });
      entries.push([key, this.#value(inner)]);
      if (!this.#comma('}', 'object')) break;
    }
    this.#at++;
    place.end = this.#at;
    return node;
  }

  #array(place: Place): ConfigTree {
    const items: ConfigTree[] = [];
    const node = this.builder.add({ kind: 'list', items }, place);
    this.#at++;
    this.#blank();
    while (this.text[this.#at] !== ']') {
      const inner = this.builder.inside(place, String(items.length), { start: this.#at, end: this.#at });
      items.push(this.#value(inner));
      if (!this.#comma(']', 'list')) break;
    }
    this.#at++;
    place.end = this.#at;
    return node;
  }

  /** After a member: true when another one follows. */
  #comma(close: string, what: string): boolean {
    this.#blank();
    if (this.text[this.#at] === close) return false;
    const comma = this.#at;
    this.#expect(',', `between the members of this ${what}, or "${close}" at its end`);
    this.#blank();
    if (this.text[this.#at] === close) {
      this.builder.fail(`JSON allows no comma before "${close}": take it away.`, {
        start: comma,
        end: comma + 1,
      });
    }
    return true;
  }

  #string(): string {
    const start = this.#at++;
    const pieces: string[] = [];
    for (;;) {
      pieces.push(this.#match(STRING) ?? '');
      const char = this.text[this.#at];
      if (char === '"') break;
      if (char === '\\') pieces.push(this.#escape());
      else if (char === undefined || char === '\n' || char === '\r') {
        this.builder.fail('The text that begins here is not closed by a quote on the same line.', {
          start,
          end: this.#at,
        });
      } else
        this.#fail('A control character in a text must be written as an escape, a tab for example as \\t.');
    }
    this.#at++;
    return pieces.join('');
  }

  #escape(): string {
    const letter = this.text[this.#at + 1] ?? '';
    if (letter === 'u') {
      const digits = this.text.slice(this.#at + 2, this.#at + 6);
      if (!/^[0-9a-fA-F]{4}$/.test(digits)) this.#fail('\\u must be followed by four hexadecimal digits.', 2);
      this.#at += 6;
      return String.fromCharCode(Number.parseInt(digits, 16));
    }
    const plain = Object.hasOwn(ESCAPES, letter) ? ESCAPES[letter] : undefined;
    if (plain === undefined)
      this.#fail('JSON does not know this escape; a backslash itself is written \\\\.', 2);
    this.#at += 2;
    return plain;
  }

  /** A placeholder without quotes: the whole value. */
  #bareMark(place: Place): ConfigTree {
    const start = this.#at++;
    while (this.text[this.#at] === this.mask.fill) this.#at++;
    const next = this.text[this.#at];
    const span = { start, end: this.#at };
    if (next !== undefined && !/[\s,\]}]/.test(next)) {
      this.builder.fail(
        'A placeholder with text beside it needs quotes around the whole value.',
        span,
        place,
      );
    }
    place.end = this.#at;
    const node = this.builder.text(this.text.slice(start, this.#at), place);
    if (node.kind !== 'variable') {
      const typed = node.kind === 'value' ? String(node.value) : 'This value';
      this.builder.fail(`${typed} needs quotes around it in JSON.`, span, place);
    }
    return node;
  }

  #bareValue(place: Place): ConfigTree {
    const number = this.#match(NUMBER);
    if (number !== undefined) {
      if (/[\w.+-]/.test(this.text[this.#at] ?? '')) {
        this.#at = place.start;
        this.#fail(
          `${this.#shown()} is not a number of JSON: no leading zeros or "+", digits on both sides of the point.`,
        );
      }
      place.end = this.#at;
      return this.builder.number(Number(number), place);
    }
    const word = this.#match(WORD);
    if (word !== undefined) {
      place.end = this.#at;
      if (word === 'true' || word === 'false') return this.builder.scalar(word === 'true', place);
      if (word === 'null') return this.builder.scalar(null, place);
      const lower = word.toLowerCase();
      const hint = ['true', 'false', 'null', 'none'].includes(lower)
        ? `write ${lower === 'none' ? 'null' : lower}`
        : 'put double quotes around a text';
      this.builder.fail(`${word.slice(0, 80)} is not a value of JSON: ${hint}.`, place);
    }
    this.#refuseComment();
    if (this.text[this.#at] === "'") this.#fail('JSON takes double quotes only.');
    return this.#fail(`A value is expected here, not ${this.#shown()}.`);
  }

  #refuseKey(place: Place): never {
    this.#refuseComment();
    const start = this.#at;
    if (this.text[start] === this.mask.lead) {
      while (this.text[this.#at + 1] === this.mask.fill) this.#at++;
      this.builder.key(this.text.slice(start, this.#at + 1), { start, end: this.#at + 1 }, place);
    }
    this.#at = start;
    const hint =
      this.text[start] === "'" ? 'JSON takes double quotes only.' : 'A key in double quotes is expected here';
    return this.#fail(hint.endsWith('.') ? hint : `${hint}, not ${this.#shown()}.`);
  }

  #noteDuplicate(key: string, known: Map<string, number>, span: Span, place: Place): void {
    const first = known.get(key);
    if (first === undefined) known.set(key, span.start);
    else {
      const line = this.builder.positions.position(first).line;
      this.builder.report('error', `The key "${key.slice(0, 80)}" is already in line ${line}.`, span, place);
    }
  }

  #refuseComment(): void {
    if (/^(?:\/\/|\/\*|#)/.test(this.text.slice(this.#at, this.#at + 2))) {
      this.#fail('JSON allows no comments: take it away, or switch to YAML.', 2);
    }
  }

  #expect(char: string, where: string): void {
    if (this.text[this.#at] === char) this.#at++;
    else {
      this.#refuseComment();
      this.#fail(`"${char}" is expected ${where}, not ${this.#shown()}.`);
    }
  }

  #blank(): void {
    this.#match(BLANK);
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const match = pattern.exec(this.text);
    if (match === null) return undefined;
    this.#at += match[0].length;
    return match[0];
  }

  /** What stands at the present place, for a message. */
  #shown(): string {
    if (this.#at >= this.text.length) return 'the end of the text';
    if (this.text[this.#at] === this.mask.lead) return 'a placeholder';
    const word = /^[\w.+-]{1,30}|^./su.exec(this.text.slice(this.#at, this.#at + 40));
    return JSON.stringify(word?.[0] ?? '');
  }

  #fail(message: string, length = 1): never {
    return this.builder.fail(message, {
      start: this.#at,
      end: Math.min(this.#at + length, this.text.length),
    });
  }
}
