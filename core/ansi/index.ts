/** How a piece of a line is drawn. Colours 0 to 15 are names of the palette; others are CSS colours. */
export interface AnsiStyle {
  color?: number | string;
  background?: number | string;
  bold?: boolean;
  dim?: boolean;
  italic?: boolean;
  underline?: boolean;
  strike?: boolean;
  inverse?: boolean;
}
export interface AnsiSegment extends AnsiStyle {
  text: string;
}

/**
 * Escape sequences by kind: CSI, OSC (title, hyperlink; ended by BEL or ST), other strings (DCS, SOS, PM, APC), and two-byte ones.
 * None reaches over the end of its line. Only SGR (`CSI … m`) means something here: a sequence that would move the cursor or set the title is dropped.
 */
const ESCAPE =
  // eslint-disable-next-line no-control-regex -- escape sequences are made of control characters
  /(?:\u001b\[|\u009b)([0-?]*)[ -/]*([@-~]?)|\u001b\][^\u0007\u001b\n]*(?:\u0007|\u001b\\|$|(?=\n))|\u001b[PX^_][^\u001b\n]*(?:\u001b\\|$|(?=\n))|\u001b[ -/]*[0-Z\\`-~]?/g;
// eslint-disable-next-line no-control-regex -- just those
const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;
const PLAIN: AnsiStyle = {};

/**
 * A line with ANSI colours as pieces of plain text. Colours do not go on into the next line: lines are drawn alone, in any order.
 * The texts are never HTML; joined, they are the line without its escape sequences.
 */
export function parseAnsi(line: string): AnsiSegment[] {
  const segments: AnsiSegment[] = [];
  let style = PLAIN;
  let from = 0;
  const push = (text: string) => {
    const visible = text.replace(CONTROL, controlPicture);
    if (visible !== '') segments.push({ text: visible, ...style });
  };
  for (const match of line.matchAll(ESCAPE)) {
    push(line.slice(from, match.index));
    from = match.index + match[0].length;
    if (match[2] === 'm') style = applySgr(style, match[1] ?? '');
  }
  push(line.slice(from));
  return segments;
}

/** The line as plain text, for copying: without escape sequences, control characters as pictures. */
export const stripAnsi = (line: string): string =>
  parseAnsi(line)
    .map((segment) => segment.text)
    .join('');

/** Text of any number of lines without its escape sequences; everything else stays, line breaks above all. */
export const stripEscapes = (text: string): string =>
  text.includes('\u001b') || text.includes('\u009b') ? text.replace(ESCAPE, '') : text;

/** A control character as its picture (`␀`), so that binary output is visible and cannot act. */
function controlPicture(character: string): string {
  const code = character.charCodeAt(0);
  if (code < 0x20) return String.fromCharCode(0x2400 + code);
  return code === 0x7f ? '\u2421' : '\ufffd';
}

function applySgr(before: AnsiStyle, parameters: string): AnsiStyle {
  const codes = parameters.split(/[;:]/).map((code) => (code === '' ? 0 : Number(code)));
  let style: AnsiStyle = { ...before };
  for (let i = 0; i < codes.length; i += 1) {
    const code = codes[i] ?? 0;
    if (code === 0) style = {};
    else if (code === 38 || code === 48) {
      const { color, used } = extendedColor(codes.slice(i + 1));
      i += used;
      if (color !== undefined) style[code === 38 ? 'color' : 'background'] = color;
    } else applySimple(style, code);
  }
  return style;
}

function applySimple(style: AnsiStyle, code: number): void {
  if (code >= 30 && code <= 37) style.color = code - 30;
  else if (code >= 90 && code <= 97) style.color = code - 82;
  else if (code >= 40 && code <= 47) style.background = code - 40;
  else if (code >= 100 && code <= 107) style.background = code - 92;
  else if (code === 39) delete style.color;
  else if (code === 49) delete style.background;
  else if (code === 1) style.bold = true;
  else if (code === 2) style.dim = true;
  else if (code === 3) style.italic = true;
  else if (code === 4 || code === 21) style.underline = true;
  else if (code === 7) style.inverse = true;
  else if (code === 9) style.strike = true;
  else if (code === 22) {
    delete style.bold;
    delete style.dim;
  } else if (code === 23) delete style.italic;
  else if (code === 24) delete style.underline;
  else if (code === 27) delete style.inverse;
  else if (code === 29) delete style.strike;
}

/** `5;n` (256 colours) or `2;r;g;b` after 38 or 48. `used`: how many parameters it took. */
function extendedColor(rest: readonly number[]): { color?: number | string; used: number } {
  const [mode, a = 0, b = 0, c = 0] = rest;
  if (mode === 2) return { color: rgb(a, b, c), used: 4 };
  if (mode !== 5) return { used: rest.length };
  if (a < 16) return { color: a, used: 2 };
  if (a >= 232) {
    const level = 8 + (a - 232) * 10;
    return { color: rgb(level, level, level), used: 2 };
  }
  const cube = (n: number) => (n === 0 ? 0 : 55 + n * 40);
  const index = a - 16;
  return {
    color: rgb(cube(Math.floor(index / 36)), cube(Math.floor(index / 6) % 6), cube(index % 6)),
    used: 2,
  };
}

const byte = (n: number) => Math.max(0, Math.min(255, Number.isFinite(n) ? n : 0));
const rgb = (r: number, g: number, b: number) => `rgb(${byte(r)} ${byte(g)} ${byte(b)})`;
