import { describe, expect, it } from 'vitest';
import { LineIndex, MAX_SHOWN_BYTES } from './line-index';

const encode = (text: string) => new TextEncoder().encode(text);
const texts = (index: LineIndex) => Array.from({ length: index.lineCount }, (_, i) => index.line(i).text);

function read(...chunks: string[]): LineIndex {
  const index = new LineIndex();
  for (const chunk of chunks) index.append(encode(chunk));
  return index;
}

describe('LineIndex', () => {
  it('splits lines wherever the chunks are cut, multi-byte characters included', () => {
    const text = 'one\nzwei ü\n\n三\nlast';
    const bytes = encode(text);
    for (let cut = 0; cut <= bytes.length; cut += 1) {
      const index = new LineIndex();
      index.append(bytes.subarray(0, cut));
      index.append(bytes.subarray(cut));
      expect(texts(index)).toEqual(['one', 'zwei ü', '', '三', 'last']);
    }
  });

  it('begins no line after a final newline until more comes', () => {
    const index = read('a\n');
    expect(index.lineCount).toBe(1);
    index.append(encode('b'));
    expect(texts(index)).toEqual(['a', 'b']);
    index.append(encode('c\n'));
    expect(texts(index)).toEqual(['a', 'bc']);
  });

  it('shows the last state of a progress bar, over chunks too', () => {
    expect(texts(read('10%\r50', '%\r100%\ndone\r\n'))).toEqual(['100%', 'done']);
    expect(texts(read('\r\r'))).toEqual(['']);
  });

  it('cuts a line of a megabyte and says by how much', () => {
    const line = read(`${'x'.repeat(1024 * 1024)}\nnext`).line(0);
    expect(line.text).toHaveLength(MAX_SHOWN_BYTES);
    expect(line.cutBytes).toBe(1024 * 1024 - MAX_SHOWN_BYTES);
  });

  it('takes bytes that are not text', () => {
    const index = new LineIndex();
    index.append(new Uint8Array([0xff, 0xfe, 10, 0xc3]));
    expect(texts(index)).toEqual(['\ufffd\ufffd', '\ufffd']);
  });

  it('finds the line of an offset', () => {
    const index = read('ab\ncd\n', 'ef');
    expect([0, 2, 3, 5, 6, 7, 99].map((offset) => index.lineAt(offset))).toEqual([0, 0, 1, 1, 2, 2, 2]);
  });

  it('knows where to go on reading', () => {
    const index = read('ü\n', 'x');
    expect(index.bytes).toBe(4);
  });

  it('holds a million lines', () => {
    const index = read('0123456789\n'.repeat(1_000_000));
    expect(index.lineCount).toBe(1_000_000);
    expect(index.line(999_999)).toEqual({ number: 1_000_000, text: '0123456789', cutBytes: 0 });
  });
});
