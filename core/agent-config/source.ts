import { LineCounter, isMap, isPair, isScalar, parseDocument } from 'yaml';
import type { Document, Node } from 'yaml';
import type { ConfigProblem } from '@/core/wire';

const INDENT_WITH_TAB = /^[ ]*\t[ \t]*/gm;

export type Path = readonly PropertyKey[];
export type Place = Pick<ConfigProblem, 'line' | 'column'>;

/** A YAML text with the places of its keys and values. Tabs of the indentation count as two spaces each. */
export class AgentConfigSource {
  readonly problems: ConfigProblem[] = [];
  private readonly document: Document.Parsed;
  private readonly lines = new LineCounter();
  private readonly text: string;

  constructor(original: string) {
    const tabbed = [...original.matchAll(INDENT_WITH_TAB)].filter(({ index, 0: indent }) => {
      const next = original.charAt(index + indent.length);
      return next !== '' && next !== '\n' && next !== '\r' && next !== '#';
    });
    const first = tabbed[0];
    this.text = original;
    const readable =
      first === undefined
        ? original
        : original.replace(INDENT_WITH_TAB, (indent) => indent.replaceAll('\t', '  '));
    this.document = parseDocument(readable, {
      lineCounter: this.lines,
      prettyErrors: false,
      uniqueKeys: true,
    });
    if (first !== undefined) {
      const line = original.slice(0, first.index).split('\n').length;
      this.problems.push({
        severity: 'warning',
        message: 'Tabs cannot indent YAML; each is read as two spaces.',
        line,
        column: 1,
      });
    }
    for (const error of this.document.errors) {
      this.problems.push({
        severity: 'error',
        message: `This is not readable as YAML: ${error.message}`,
        ...this.at(error.pos[0]),
      });
    }
  }

  /** The content as plain values; undefined (and a problem) when it cannot be read. */
  value(): unknown {
    if (this.document.errors.length > 0) return undefined;
    try {
      // An anchor that is used more often than this is an attempt to blow up the text.
      return this.document.toJS({ maxAliasCount: 100 }) ?? {};
    } catch (error) {
      this.problems.push({
        severity: 'error',
        message: `This is not readable as YAML: ${(error as Error).message}`,
      });
      return undefined;
    }
  }

  /** Where a value stands; where it is missing, its nearest parent. */
  place(path: Path): Place {
    for (let length = path.length; length >= 0; length--) {
      const node = length === 0 ? this.document.contents : this.document.getIn(path.slice(0, length), true);
      const start = (node as Node | null | undefined)?.range?.[0];
      if (start !== undefined) return this.at(start);
    }
    return { line: 1, column: 1 };
  }

  /** Where a key stands. */
  keyPlace(path: Path, key: string): Place {
    const map = path.length === 0 ? this.document.contents : this.document.getIn(path, true);
    if (!isMap(map)) return this.place(path);
    const pair = map.items.find(
      (item) => isPair(item) && isScalar(item.key) && String(item.key.value) === key,
    );
    const start = (pair?.key as Node | null | undefined)?.range?.[0];
    return start === undefined ? this.place(path) : this.at(start);
  }

  /** The place in the text as it was written: a tab there is one column, not two. */
  private at(offset: number): Place {
    const { line, col } = this.lines.linePos(offset);
    const indent = /^[ \t]*/.exec(this.text.split('\n')[line - 1] ?? '')?.[0] ?? '';
    const tabs = indent.split('\t').length - 1;
    return { line, column: Math.max(1, col > indent.length ? col - tabs : col) };
  }
}
