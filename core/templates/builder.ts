import { didYouMean, formatPath, isStorableText } from '@/core/config-tree';
import type { ConfigTree, ListNode, Scalar, TextPart } from '@/core/config-tree';
import { MACRO_NAMES, isMacroName } from '@/core/macros';
import type { ConfigProblem, MacroUse } from '@/core/wire';
import {
  MAX_DEPTH,
  MAX_KEY_LENGTH,
  MAX_MACROS,
  MAX_NODES,
  MAX_PATH_TEXT,
  MAX_PLACEHOLDERS,
  MAX_PROBLEMS,
  MAX_VARIABLE_NAME,
} from './limits';
import { firstMarkFrom } from './marks';
import type { Mark, Mask } from './marks';
import type { SourceMap } from './source-map';

/** A place in the parsed text, offsets in UTF-16 units. */
export interface Span {
  start: number;
  end: number;
}

/** Where a value stands: its text, and the way to it. */
export interface Place extends Span {
  parent: Place | null;
  key: string;
  depth: number;
  /** Length of the pointer to it. */
  pathLength: number;
}

/** A use of a variable; suggestions and paths are made of it later. */
export interface VariableUse {
  name: string;
  mark: Mark;
  place: Place;
  node: ConfigTree;
}

/** Thrown inside the parsers to give up; the problem has been reported already. */
export class Unreadable extends Error {
  override readonly name = 'Unreadable';
}

/** Keys from the outermost value to `place`. */
export function keysOf(place: Place): string[] {
  const keys: string[] = [];
  for (let at = place; at.parent !== null; at = at.parent) keys.push(at.key);
  return keys.reverse();
}

/** Makes nodes for both parsers: takes masked text apart, keeps limits, places and problems. */
export class TreeBuilder {
  readonly problems: ConfigProblem[] = [];
  readonly uses: VariableUse[] = [];
  readonly macros: MacroUse[] = [];
  readonly places = new Map<ConfigTree, Place>();
  readonly #lists = new Map<Place, ListNode>();
  readonly #seen = new Set<Mark>();
  #nodes = 0;
  #pathText = 0;

  constructor(
    readonly positions: SourceMap,
    private readonly mask: Mask,
    private marks: readonly Mark[],
  ) {}

  report(severity: ConfigProblem['severity'], message: string, span: Span, place?: Place): void {
    if (this.problems.length >= MAX_PROBLEMS) return;
    const start = this.positions.position(span.start);
    const end = this.positions.position(Math.max(span.start, span.end));
    this.problems.push({
      severity,
      message,
      line: start.line,
      column: start.column,
      endLine: end.line,
      endColumn: end.column,
      ...(place !== undefined && place.parent !== null ? { path: formatPath(keysOf(place)) } : {}),
    });
  }

  /** Reports an error after which nothing can be read. */
  fail(message: string, span: Span, place?: Place): never {
    this.report('error', message, span, place);
    throw new Unreadable(message);
  }

  /** Leaves out the marks inside `spans` (comments); both are in order. */
  ignore(spans: readonly Span[]): void {
    let next = 0;
    this.marks = this.marks.filter((mark) => {
      while (next < spans.length && (spans[next]?.end ?? 0) <= mark.start) next++;
      return (spans[next]?.start ?? Number.POSITIVE_INFINITY) > mark.start;
    });
  }

  root(span: Span): Place {
    return { ...span, parent: null, key: '', depth: 0, pathLength: 0 };
  }

  /** The place of a value inside another one. */
  inside(parent: Place, key: string, span: Span): Place {
    const place = {
      ...span,
      parent,
      key,
      depth: parent.depth + 1,
      pathLength: parent.pathLength + key.length + 1,
    };
    if (place.depth > MAX_DEPTH)
      this.fail(`The configuration is nested deeper than ${MAX_DEPTH} levels.`, span);
    return place;
  }

  add<T extends ConfigTree>(node: T, place: Place): T {
    if (++this.#nodes > MAX_NODES) this.fail(`The configuration holds more than ${MAX_NODES} values.`, place);
    this.#pathText += place.pathLength;
    if (this.#pathText > MAX_PATH_TEXT)
      this.fail('The configuration holds too many values with too long paths.', place);
    this.places.set(node, place);
    if (node.kind === 'list') this.#lists.set(place, node);
    return node;
  }

  number(value: number, place: Place): ConfigTree {
    if (!Number.isFinite(value)) {
      this.report(
        'error',
        'NaN, infinity and numbers beyond 1.8e308 cannot be used; put quotes around a text.',
        place,
        place,
      );
    } else if (Number.isInteger(value) && !Number.isSafeInteger(value)) {
      this.report(
        'error',
        'The number is too large to be kept exactly; put quotes around it to keep it as text.',
        place,
        place,
      );
    }
    return this.scalar(Number.isFinite(value) && value !== 0 ? value : 0, place);
  }

  scalar(value: Scalar, place: Place): ConfigTree {
    return this.add({ kind: 'value', value }, place);
  }

  /** A leaf of decoded text. `typed` is where its text stands, which is not its place when it came by a YAML alias. */
  text(decoded: string, place: Place, typed: Span = place): ConfigTree {
    if (!isStorableText(decoded)) {
      this.report(
        'error',
        'The text holds a NUL character or half of a surrogate pair, which no resource can take.',
        place,
        place,
      );
    }
    const pieces = this.#split(decoded, typed);
    const parts: TextPart[] = [];
    for (const piece of pieces) {
      const part =
        typeof piece === 'object' && piece.kind === 'variable' ? { variable: piece.name } : textOf(piece);
      const last = parts.at(-1);
      if (typeof part === 'string' && typeof last === 'string') parts[parts.length - 1] = last + part;
      else if (part !== '') parts.push(part);
    }
    const node = this.add(leafOf(parts), place);
    for (const piece of pieces) {
      if (typeof piece === 'object') this.#use(piece, place, node);
      else this.#warnOfTemplating(piece, place);
    }
    return node;
  }

  /** The text of a key; placeholders in it are reported. */
  key(decoded: string, span: Span, parent: Place): string {
    const pieces = this.#split(decoded, span);
    for (const piece of pieces) {
      if (typeof piece === 'string' || this.#seen.has(piece)) continue;
      this.#seen.add(piece);
      if (piece.kind === 'variable') {
        this.report(
          'error',
          `${piece.raw} cannot be a key or part of one: placeholders stand in values only.`,
          piece,
          parent,
        );
      } else if (piece.kind === 'macro') {
        this.report(
          'warning',
          `${piece.raw} in a key is not replaced: macros stand in values only.`,
          piece,
          parent,
        );
      } else this.report('warning', foreignMessage(piece.raw), piece, parent);
    }
    const key = pieces.map(textOf).join('');
    if (key.length > MAX_KEY_LENGTH) this.fail(`A key is longer than ${MAX_KEY_LENGTH} characters.`, span);
    if (!isStorableText(key)) {
      this.report(
        'error',
        'The key holds a NUL character or half of a surrogate pair, which no resource can take.',
        span,
        parent,
      );
    }
    return key;
  }

  /** Reports marks that no value and no key holds (in a YAML anchor or tag). */
  finish(): void {
    for (const mark of this.marks) {
      if (this.#seen.has(mark)) continue;
      this.report(
        'error',
        `${mark.raw} cannot stand here: placeholders and macros stand in values only.`,
        mark,
      );
    }
  }

  /** Plain values beside `place` in the same list, of the first fifty. */
  siblings(place: Place): Scalar[] {
    const list = place.parent && this.#lists.get(place.parent);
    return list?.items.slice(0, 50).flatMap((item) => (item.kind === 'value' ? [item.value] : [])) ?? [];
  }

  /** Undoes the masking in a message of a parser. */
  unmask(message: string): string {
    return message.replaceAll(this.mask.lead, '…').replaceAll(this.mask.fill, '');
  }

  /** Literal text and the marks of `span`, in order. */
  #split(decoded: string, span: Span): (string | Mark)[] {
    if (!decoded.includes(this.mask.lead)) return decoded === '' ? [] : [decoded];
    const pieces: (string | Mark)[] = [];
    let next = firstMarkFrom(this.marks, span.start);
    let at = 0;
    for (
      let lead = decoded.indexOf(this.mask.lead);
      lead !== -1;
      lead = decoded.indexOf(this.mask.lead, at)
    ) {
      if (lead > at) pieces.push(decoded.slice(at, lead));
      const mark = this.marks[next++];
      if (mark === undefined) break;
      pieces.push(mark);
      at = lead + (mark.end - mark.start);
    }
    if (at < decoded.length) pieces.push(decoded.slice(at));
    return pieces;
  }

  /** A mark reached again through a YAML alias counts once. */
  #use(mark: Mark, place: Place, node: ConfigTree): void {
    if (this.#seen.has(mark)) return;
    this.#seen.add(mark);
    if (mark.kind === 'variable') {
      if (this.uses.length >= MAX_PLACEHOLDERS)
        this.fail(`There are more than ${MAX_PLACEHOLDERS} placeholders.`, mark);
      if (mark.name.length > MAX_VARIABLE_NAME) {
        this.report(
          'error',
          `The name of a variable is at most ${MAX_VARIABLE_NAME} characters long.`,
          mark,
          place,
        );
      } else this.uses.push({ name: mark.name, mark, place, node });
    } else if (mark.kind === 'macro') this.#useMacro(mark, place);
    else this.report('warning', foreignMessage(mark.raw), mark, place);
  }

  #useMacro(mark: Mark, place: Place): void {
    if (this.macros.length >= MAX_MACROS) return;
    const start = this.positions.position(mark.start);
    const known = isMacroName(mark.name);
    this.macros.push({
      name: mark.name,
      path: formatPath(keysOf(place)),
      line: start.line,
      column: start.column,
      endColumn: this.positions.position(mark.end).column,
      known,
    });
    if (known) return;
    const hint = didYouMean(
      mark.name,
      MACRO_NAMES,
      ': it stays as it is unless the agent lists it under "macro_env"',
    );
    this.report('warning', `${mark.raw} is not a macro of Slipway${hint}.`, mark, place);
  }

  /** Expressions that were not masked because they hold quotes. */
  #warnOfTemplating(text: string, place: Place): void {
    const open = text.indexOf('{{');
    const close = open === -1 ? -1 : text.indexOf('}}', open);
    if (close !== -1)
      this.report('warning', foreignMessage(text.slice(open, Math.min(close + 2, open + 80))), place, place);
  }
}

const textOf = (piece: string | Mark) => (typeof piece === 'string' ? piece : piece.raw);

function leafOf(parts: TextPart[]): ConfigTree {
  const [first] = parts;
  if (first === undefined) return { kind: 'value', value: '' };
  if (parts.length > 1) return { kind: 'text', parts };
  return typeof first === 'string'
    ? { kind: 'value', value: first }
    : { kind: 'variable', name: first.variable };
}

const foreignMessage = (raw: string) =>
  `${raw} is not a placeholder and stays as it is: a placeholder is {{name}}, where the name begins with a letter and holds letters, digits, "_" and "-".`;
