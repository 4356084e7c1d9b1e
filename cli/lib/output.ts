import type { Difference } from '@/core/run-facts';
import type { RunState } from '@/core/wire';
import { cutTo, harmless, widthOf } from './text';

type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'blue' | 'cyan' | 'magenta';
const CODES: Record<Style, [number, number]> = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  blue: [34, 39],
  magenta: [35, 39],
  cyan: [36, 39],
};

/** Where text goes. */
type Terminal = Pick<NodeJS.WriteStream, 'isTTY'>;

/**
 * Colour only where a person looks: not when piped, not with NO_COLOR (https://no-color.org). FORCE_COLOR has the last word, as in Node
 * itself; 0 and false of it mean none.
 */
function coloured(stream: Terminal): boolean {
  const { FORCE_COLOR: forced, NO_COLOR: without, TERM: terminal } = process.env;
  if (forced !== undefined) return forced !== '0' && forced !== 'false';
  return stream.isTTY && !without && terminal !== 'dumb';
}

export function style(name: Style, text: string, stream: Terminal = process.stdout): string {
  if (!coloured(stream)) return text;
  const [open, close] = CODES[name];
  return `\u001b[${String(open)}m${text}\u001b[${String(close)}m`;
}

const STATE_STYLE: Record<RunState, Style> = {
  pending: 'yellow',
  leased: 'cyan',
  building: 'cyan',
  starting: 'cyan',
  running: 'blue',
  finished: 'green',
  failed: 'red',
  stopped: 'dim',
  preempted: 'magenta',
};
export const styleState = (state: RunState): string => style(STATE_STYLE[state], state);

export const printJson = (value: unknown): void => {
  process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
};
export const printLine = (text = ''): void => {
  process.stdout.write(`${text}\n`);
};
/** Words about what happens go to stderr, so that stdout holds results only. */
export const say = (text: string): void => {
  process.stderr.write(`${text}\n`);
};

/** Rows under upper-case headings, columns two blanks apart; plain text when piped. In a terminal a long last column is cut at its edge. */
export function printTable(headings: string[], rows: string[][]): void {
  const cells = rows.map((row) => row.map((cell) => harmless(cell).replace(/[\n\t]+/g, ' ')));
  const widths = headings.map((heading, i) =>
    Math.max(heading.length, ...cells.map((row) => widthOf(row[i] ?? ''))),
  );
  const last = headings.length - 1;
  const before = widths.slice(0, last).reduce((sum, width) => sum + width + 2, 0);
  const room = process.stdout.isTTY ? Math.max(10, process.stdout.columns - before) : Infinity;
  const line = (row: string[]): string =>
    row
      .map((cell, i) =>
        i === last ? cutTo(cell, room) : cell + ' '.repeat((widths[i] ?? 0) - widthOf(cell)),
      )
      .join('  ')
      .trimEnd();
  printLine(style('dim', line(headings)));
  for (const row of cells) printLine(line(row));
}

/** `name  value` lines. */
export function printFields(fields: [string, string | null | undefined][]): void {
  const shown = fields.filter(
    (field): field is [string, string] => field[1] !== null && field[1] !== undefined && field[1] !== '',
  );
  const left = Math.max(...shown.map(([name]) => name.length));
  for (const [name, value] of shown) printLine(`${style('dim', name.padEnd(left))}  ${harmless(value)}`);
}

/** `3m 12s ago`, `5s`: the two largest units. */
export function formatDuration(milliseconds: number): string {
  const total = Math.max(0, Math.round(milliseconds / 1000));
  const units: [number, string][] = [
    [Math.floor(total / 86_400), 'd'],
    [Math.floor(total / 3600) % 24, 'h'],
    [Math.floor(total / 60) % 60, 'm'],
    [total % 60, 's'],
  ];
  const first = units.findIndex(([count]) => count > 0);
  if (first === -1) return '0s';
  return units
    .slice(first, first + 2)
    .filter(([count]) => count > 0)
    .map(([count, unit]) => `${String(count)}${unit}`)
    .join(' ');
}
/** `1.5 MiB`: in the largest unit that leaves a number above one. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB'];
  const power = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log2(Math.max(1, bytes)) / 10)));
  const value = bytes / 1024 ** power;
  return `${power === 0 || value >= 100 ? String(Math.round(value)) : value.toFixed(1)} ${units[power] ?? ''}`;
}
export const formatAgo = (time: string | null): string =>
  time ? `${formatDuration(Date.now() - Date.parse(time))} ago` : '-';

/** Two sides of what differs, path by path; `alike` is said when nothing does. */
export function printDifferences(
  [left, right]: [string, string],
  differences: readonly Difference[],
  alike: string,
): void {
  if (differences.length === 0) {
    printLine(alike);
    return;
  }
  printTable(
    ['WHERE', left, right],
    differences.map((each) => [each.path, each.left ?? '-', each.right ?? '-']),
  );
}
