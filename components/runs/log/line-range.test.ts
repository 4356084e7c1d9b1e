import { expect, it } from 'vitest';
import { formatLineRange, parseLineRange } from './line-range';

it.each([
  ['#L7', { from: 7, to: 7 }],
  ['#L10-L20', { from: 10, to: 20 }],
  ['#L20-10', { from: 10, to: 20 }],
  ['#L0', undefined],
  ['#x', undefined],
  ['', undefined],
])('reads %s', (hash, range) => {
  expect(parseLineRange(hash)).toEqual(range);
  if (range !== undefined) expect(parseLineRange(formatLineRange(range))).toEqual(range);
});
