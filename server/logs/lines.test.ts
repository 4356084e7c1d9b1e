import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LineReader } from './line-reader';
import { wholeCharacters } from './utf8';

describe('LineReader', () => {
  it('gives the same lines however the bytes are cut', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('a', 'é', '\n', '🚢') }),
        fc.array(fc.nat(40), { maxLength: 10 }),
        (text, cuts) => {
          const bytes = Buffer.from(text);
          const reader = new LineReader(1000);
          const lines = [];
          let from = 0;
          for (const cut of cuts) {
            lines.push(...reader.push(bytes.subarray(from, from + cut)));
            from = Math.min(bytes.length, from + cut);
          }
          lines.push(...reader.push(bytes.subarray(from)), ...reader.end());
          const expected = text.endsWith('\n')
            ? text.split('\n').slice(0, -1)
            : text === ''
              ? []
              : text.split('\n');
          expect(lines.map((line) => line.text)).toEqual(expected);
          for (const { offset, text: line } of lines)
            expect(bytes.subarray(offset, offset + Buffer.byteLength(line)).toString()).toBe(line);
        },
      ),
    );
  });

  it('gives an endless line in parts of one number', () => {
    const reader = new LineReader(4);
    expect(reader.push(Buffer.from('abcdefghij\nk'))).toEqual([
      { number: 1, offset: 0, text: 'abcd' },
      { number: 1, offset: 4, text: 'efgh' },
      { number: 1, offset: 8, text: 'ij' },
    ]);
    expect(reader.end()).toEqual([{ number: 2, offset: 11, text: 'k' }]);
  });
});

describe('wholeCharacters', () => {
  it('leaves out a character that is cut, and nothing else', () => {
    const bytes = Buffer.from('aé€🚢');
    const whole = [0, 1, 1, 3, 3, 3, 6, 6, 6, 6, 10];
    expect(whole.map((_, length) => wholeCharacters(bytes.subarray(0, length)).length)).toEqual(whole);
    expect(wholeCharacters(Buffer.from([0x80, 0x80, 0x80])).length).toBe(3);
  });
});
