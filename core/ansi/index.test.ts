import { describe, expect, it } from 'vitest';
import { parseAnsi, stripAnsi } from '.';

const ESC = '\u001b';

describe('parseAnsi', () => {
  it('gives colours, weights and resets', () => {
    expect(parseAnsi(`a${ESC}[1;31mred${ESC}[22m thin${ESC}[0m plain`)).toEqual([
      { text: 'a' },
      { text: 'red', bold: true, color: 1 },
      { text: ' thin', color: 1 },
      { text: ' plain' },
    ]);
  });

  it('knows bright, 256 and true colours', () => {
    expect(parseAnsi(`${ESC}[92mA${ESC}[38;5;196mB${ESC}[48;2;1;2;3mC${ESC}[38;5;244;4mD`)).toEqual([
      { text: 'A', color: 10 },
      { text: 'B', color: 'rgb(255 0 0)' },
      { text: 'C', color: 'rgb(255 0 0)', background: 'rgb(1 2 3)' },
      { text: 'D', color: 'rgb(128 128 128)', background: 'rgb(1 2 3)', underline: true },
    ]);
  });

  it.each([
    ['cursor moves', `a${ESC}[2Jb${ESC}[10;5Hc${ESC}[?25l`, 'abc'],
    ['a title', `${ESC}]0;evil\u0007text`, 'text'],
    ['a title without an end', `text${ESC}]0;evil`, 'text'],
    ['a hyperlink', `${ESC}]8;;https://example.com${ESC}\\link${ESC}]8;;${ESC}\\`, 'link'],
    ['a device string', `${ESC}Pq#0${ESC}\\x`, 'x'],
    ['a cut sequence', `x${ESC}[`, 'x'],
    ['a lone escape', `x${ESC}`, 'x'],
  ])('drops %s', (_, line, text) => {
    expect(stripAnsi(line)).toBe(text);
  });

  it('shows control characters as pictures and keeps tabs and markup as text', () => {
    expect(stripAnsi('\u0000a\tb\u0007<b>&amp;\u007f')).toBe('␀a\tb␇<b>&amp;␡');
  });

  it('survives nonsense parameters', () => {
    expect(parseAnsi(`${ESC}[38;2;999;;mx`)).toEqual([{ text: 'x', color: 'rgb(255 0 0)' }]);
    expect(parseAnsi(`${ESC}[38mx`)).toEqual([{ text: 'x' }]);
  });
});
