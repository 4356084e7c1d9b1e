import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { holdsGroups, lineBreaks } from './line-count';
import { MAX_SHOWN_BYTES, RowReader } from './row-reader';
import { wholeCharacters } from './utf8';
import type { LogChunk } from './view';

/** The bytes of a log as chunks, cut at the given lengths. */
function chunksOf(bytes: Buffer, cuts: readonly number[]): LogChunk[] {
  const chunks: LogChunk[] = [];
  let line = 0;
  let from = 0;
  for (const cut of [...cuts, Infinity]) {
    const data = bytes.subarray(from, from + cut);
    if (data.length === 0) continue;
    chunks.push({ offset: from, line, stream: 'stdout', source: null, at: new Date(0), data });
    line += lineBreaks(data);
    from += data.length;
  }
  return chunks;
}

function read(text: string | Buffer, cuts: readonly number[] = []) {
  const reader = new RowReader(Infinity);
  for (const chunk of chunksOf(Buffer.from(text), cuts)) reader.take(chunk);
  reader.end();
  return reader.rows;
}

describe('RowReader', () => {
  it('gives the same lines however the bytes are cut', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('a', 'é', '\n', '🚢') }),
        fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 10 }),
        (text, cuts) => {
          const rows = read(text, cuts);
          const expected = text === '' ? [] : (text.endsWith('\n') ? text.slice(0, -1) : text).split('\n');
          expect(rows.map((row) => row.text)).toEqual(expected);
          expect(rows.map((row) => row.number)).toEqual(expected.map((_, index) => index + 1));
          const bytes = Buffer.from(text);
          for (const { offset, bytes: length, text: line } of rows)
            expect(bytes.subarray(offset, offset + length).toString()).toBe(line);
        },
      ),
    );
  });

  it.each([
    ['10%\r50%\r100%\ndone\r\n', ['100%', 'done'], [2, 0]],
    ['\r 10%\r 20%', [' 20%'], [1]],
    ['10%\r20%\r', ['20%'], [1]],
    ['\r\r\n\r\nx', ['', '', 'x'], [0, 0, 0]],
  ])('shows the last state of progress bars, however cut: %j', (text, texts, redraws) => {
    for (let cut = 1; cut <= text.length; cut += 1) {
      const rows = read(text, [cut]);
      expect(rows.map((row) => row.text)).toEqual(texts);
      expect(rows.map((row) => row.redraws)).toEqual(redraws);
    }
  });

  it('cuts a line of a megabyte between characters and says by how much', () => {
    const [long, next] = read(`x${'é'.repeat(500_000)}\nnext`, [1000, 700_000]);
    expect(long?.text).toHaveLength(1 + Math.floor((MAX_SHOWN_BYTES - 1) / 2));
    expect((long?.cutBytes ?? 0) + Buffer.byteLength(long?.text ?? '')).toBe(1_000_001);
    expect(long?.bytes).toBe(1_000_001);
    expect(next).toMatchObject({ number: 2, text: 'next', offset: 1_000_002 });
  });

  it('takes bytes that are not text, and begins in the middle of a chunk', () => {
    expect(read(Buffer.from([0xff, 0xfe, 10, 0xc3])).map((row) => row.text)).toEqual([
      '\ufffd\ufffd',
      '\ufffd',
    ]);
    const reader = new RowReader(1);
    const [chunk] = chunksOf(Buffer.from('one\ntwo\nthree\n'), []);
    if (chunk) reader.take(chunk, 4);
    expect(reader.rows).toMatchObject([{ number: 2, offset: 4, text: 'two' }]);
  });
});

it('sees groups only at the begin of a line', () => {
  expect(holdsGroups(Buffer.from('--- build'))).toBe(true);
  expect(holdsGroups(Buffer.from('a\n+++ test'))).toBe(true);
  expect(holdsGroups(Buffer.from('a --- b\n---\n----- x'))).toBe(false);
});

describe('wholeCharacters', () => {
  it('leaves out a character that is cut, and nothing else', () => {
    const bytes = Buffer.from('aé€🚢');
    const whole = [0, 1, 1, 3, 3, 3, 6, 6, 6, 6, 10];
    expect(whole.map((_, length) => wholeCharacters(bytes.subarray(0, length)).length)).toEqual(whole);
    expect(wholeCharacters(Buffer.from([0x80, 0x80, 0x80])).length).toBe(3);
  });
});
