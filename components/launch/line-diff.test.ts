import { describe, expect, it } from 'vitest';
import { lineDiff } from './line-diff';

const told = (before: string, after: string) =>
  lineDiff(before, after).map(({ kind, text }) => `${{ same: ' ', added: '+', removed: '-' }[kind]}${text}`);

describe('lineDiff', () => {
  it('keeps what is the same and puts the old before the new', () => {
    expect(told('a\nb\nc\nd', 'a\nx\nc\nd\ne')).toEqual([' a', '-b', '+x', ' c', ' d', '+e']);
    expect(told('a', 'a')).toEqual([' a']);
    expect(told('a\nb', 'b')).toEqual(['-a', ' b']);
  });
  it('gives both texts back, whatever they are', () => {
    const before = 'k: 1\nk: 2\n\nz\nk: 1';
    const after = 'k: 2\nk: 1\nq\n\nk: 2\nz';
    const lines = lineDiff(before, after);
    const text = (kind: string) =>
      lines
        .filter((line) => line.kind === 'same' || line.kind === kind)
        .map((line) => line.text)
        .join('\n');
    expect(text('removed')).toBe(before);
    expect(text('added')).toBe(after);
  });
  it('gives up on texts that are too long, with nothing lost', () => {
    const long = Array.from({ length: 3000 }, (_, index) => String(index)).join('\n');
    expect(lineDiff(long, 'x')).toHaveLength(3001);
  });
});
