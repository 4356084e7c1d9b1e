// Names and messages may hold what a terminal would obey: only the colours of this program reach it.
// eslint-disable-next-line no-control-regex -- control characters are just what is taken out
const UNSAFE = /\u001b(?!\[\d+m)|[\u0000-\u0008\u000b-\u001a\u001c-\u001f\u007f-\u009f]/g;
/** Text without control characters but for line breaks, tabs and colours. */
export const harmless = (text: string): string => text.replace(UNSAFE, '');

// eslint-disable-next-line no-control-regex -- counts what is seen, not the colour codes
const COLOUR = /\u001b\[\d+m/g;
const ZERO = /^[\p{M}\p{Cf}]$/u;
/** Blocks whose characters take two columns of a terminal (East Asian wide and full width, emoji). */
const WIDE: readonly [number, number][] = [
  [0x1100, 0x115f],
  [0x2e80, 0x303e],
  [0x3041, 0xa4cf],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe30, 0xfe6f],
  [0xff00, 0xff60],
  [0xffe0, 0xffe6],
  [0x1f300, 0x1f64f],
  [0x1f680, 0x1f6ff],
  [0x1f900, 0x1f9ff],
  [0x20000, 0x3fffd],
];

function columnsOf(character: string): number {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x300) return 1;
  if (ZERO.test(character)) return 0;
  return WIDE.some(([from, to]) => code >= from && code <= to) ? 2 : 1;
}

/** Columns that a text takes in a terminal. */
export function widthOf(text: string): number {
  let width = 0;
  for (const character of text.replace(COLOUR, '')) width += columnsOf(character);
  return width;
}

/** The text, or as much of it as fits, with an ellipsis. Coloured texts are short and stay whole. */
export function cutTo(text: string, columns: number): string {
  if (widthOf(text) <= columns || text.includes('\u001b')) return text;
  let kept = '';
  let width = 0;
  for (const character of text) {
    width += columnsOf(character);
    if (width > columns - 1) break;
    kept += character;
  }
  return `${kept}…`;
}
