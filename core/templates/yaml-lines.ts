/**
 * What people type that YAML refuses but whose meaning is plain (all of it is printed in the guide): tabs as indentation, and keys in
 * backticks. Done line by line before the text is parsed; the contents of block scalars are left alone.
 */

export interface TidiedYaml {
  text: string;
  /** Line (from 0) → columns in `text` at which a tab was made two spaces. */
  widened: Map<number, number[]>;
  /** Lines (from 0) whose indentation held a tab. */
  tabLines: number[];
  /** Keys that stood in backticks. */
  backticked: { key: string; line: number; column: number }[];
}

/** Indentation and list dashes: what places a line in the structure. */
const PREFIX = /^[ \t]*(?:-[ \t]+)*/;
/** `key: |`, `- >2-`, `--- |`, with a comment perhaps. */
const BLOCK_HEADER =
  /(?:^|[:\-?][ \t]+|[:\-?][ \t]+[!&]\S+[ \t]+)[|>](?:[+-]?[1-9]?|[1-9][+-])[ \t]*(?:[ \t]#.*)?\r?$/;
const BACKTICKED = /^`([A-Za-z0-9_.\-/]+)`(?=[ \t]*:(?:\s|$))/;

interface Block {
  /** Columns of the line that opened it; its contents are indented by more. */
  parent: number;
  /** Columns of its contents, known from the first line that is not blank. */
  indent: number | undefined;
}

export function tidyYaml(source: string): TidiedYaml {
  const result: TidiedYaml = { text: source, widened: new Map(), tabLines: [], backticked: [] };
  if (!source.includes('\t') && !source.includes('`')) return result;
  let block: Block | undefined;
  const lines = source.split('\n').map((line, number) => {
    if (line.trim() === '') return line;
    if (block !== undefined) {
      const kept = insideBlock(line, number, block, result);
      if (kept !== undefined) return kept;
      block = undefined;
    }
    const tidied = outsideBlock(line, number, result);
    if (BLOCK_HEADER.test(tidied) && !/^\s*#/.test(tidied))
      block = { parent: blockParent(tidied), indent: undefined };
    return tidied;
  });
  result.text = lines.join('\n');
  return result;
}

/** The column that contents must exceed: that of the innermost key or dash of the line; -1 for a block that is the whole document. */
function blockParent(line: string): number {
  const prefix = PREFIX.exec(line)?.[0] ?? '';
  const rest = line.slice(prefix.length);
  if (/^[|>]/.test(rest)) return prefix.trim() === '' ? prefix.length - 1 : prefix.lastIndexOf('-');
  return rest.startsWith('---') ? -1 : prefix.length;
}

/** The line as contents of the block, or undefined when the block has ended. */
function insideBlock(line: string, number: number, block: Block, result: TidiedYaml): string | undefined {
  const spaces = /^ */.exec(line)?.[0].length ?? 0;
  const whole = /^[ \t]*/.exec(line)?.[0] ?? '';
  const columns = widthOf(whole);
  if (columns <= block.parent) return undefined;
  if (block.indent === undefined) block.indent = spaces > block.parent ? spaces : columns;
  else if (columns < block.indent) return undefined;
  let length = 0;
  let width = 0;
  while (width < block.indent && length < whole.length) width += whole[length++] === '\t' ? 2 : 1;
  return widen(line, length, number, result);
}

function outsideBlock(line: string, number: number, result: TidiedYaml): string {
  const prefix = PREFIX.exec(line)?.[0] ?? '';
  const isComment = line.startsWith('#', prefix.length);
  const tidied = isComment ? line : widen(line, prefix.length, number, result);
  const start = tidied.length - line.length + prefix.length;
  const key = BACKTICKED.exec(tidied.slice(start))?.[1];
  if (key === undefined) return tidied;
  result.backticked.push({ key, line: number, column: prefix.length });
  return `${tidied.slice(0, start)}"${key}"${tidied.slice(start + key.length + 2)}`;
}

const widthOf = (blank: string) => Array.from(blank).reduce((sum, char) => sum + (char === '\t' ? 2 : 1), 0);

/** Makes each tab in the first `length` characters two spaces, and notes where. */
function widen(line: string, length: number, number: number, result: TidiedYaml): string {
  const head = line.slice(0, length);
  if (!head.includes('\t')) return line;
  const columns: number[] = [];
  let tidied = '';
  for (const char of head) {
    if (char === '\t') columns.push(tidied.length);
    tidied += char === '\t' ? '  ' : char;
  }
  result.widened.set(number, columns);
  result.tabLines.push(number);
  return tidied + line.slice(length);
}
