import { isAlias, isMap, isPair, isScalar, isSeq, parseDocument, type Node } from 'yaml';
import { quoteCommand, quoteWord } from '@/core/command';
import { extendPointer } from '@/core/config-tree';
import type { Origin, Origins, Submission } from '@/core/wire';

/** A piece of the text of a submission and where it comes from. */
export interface Span {
  text: string;
  origin?: Origin;
}

/** The text of a submission in pieces, each with its origin: words of a command line, or leaves of a document. */
export function submissionSpans({ kind, text, argv, origins }: Submission): Span[] {
  if (argv === undefined) return documentSpans(text, origins);
  const command = commandSpans(argv, origins);
  return kind === 'process' ? [...surroundings(text, argv, origins), ...command] : command;
}

/** What stands before the command of a process: its directory and a line for each variable; the value of one may go on over lines. */
function surroundings(text: string, argv: readonly string[], origins: Origins): Span[] {
  const command = quoteCommand(argv);
  if (!text.endsWith(command)) return [];
  let origin: Origin | undefined;
  return text
    .slice(0, -command.length)
    .split(/(?<=\n)/)
    .map((line) => {
      const name = /^([A-Za-z_]\w*)=/.exec(line)?.[1];
      if (name !== undefined) origin = origins[`/env/${name}`];
      return { text: line, ...(origin === undefined ? {} : { origin }) };
    });
}

/** A command with a line for each option, as a person would write it down. */
function commandSpans(argv: readonly string[], origins: Origins): Span[] {
  return argv.flatMap((word, index) => {
    const text = quoteWord(word);
    const origin = origins[`/${index}`];
    const before = index === 0 ? '' : /^-./.test(word) && index > 1 ? ' \\\n  ' : ' ';
    return [
      ...(before === '' ? [] : [{ text: before }]),
      { text, ...(origin === undefined ? {} : { origin }) },
    ];
  });
}

/** YAML or JSON (which YAML contains): each scalar, empty map and empty list is a leaf. */
function documentSpans(text: string, origins: Origins): Span[] {
  const document = parseDocument(text);
  if (document.errors.length > 0 || document.contents === null) return [{ text }];
  const leaves: { from: number; to: number; origin: Origin }[] = [];
  const step = (node: Node | null, pointer: string): void => {
    const children = isMap(node) || isSeq(node) ? node.items : [];
    if (node === null || isAlias(node)) return;
    if (isScalar(node) || children.length === 0) {
      const origin = origins[pointer];
      if (origin !== undefined && node.range) leaves.push({ from: node.range[0], to: node.range[1], origin });
      return;
    }
    children.forEach((item: unknown, index) => {
      if (isPair(item))
        step(
          item.value as Node | null,
          extendPointer(pointer, String(isScalar(item.key) ? item.key.value : item.key)),
        );
      else step(item as Node, extendPointer(pointer, String(index)));
    });
  };
  step(document.contents, '');
  const spans: Span[] = [];
  let at = 0;
  for (const leaf of leaves.sort((a, b) => a.from - b.from)) {
    if (leaf.from > at) spans.push({ text: text.slice(at, leaf.from) });
    spans.push({ text: text.slice(leaf.from, leaf.to), origin: leaf.origin });
    at = leaf.to;
  }
  if (at < text.length) spans.push({ text: text.slice(at) });
  return spans;
}
