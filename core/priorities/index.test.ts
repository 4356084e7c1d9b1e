import { describe, expect, it } from 'vitest';
import { PRIORITIES } from '@/core/wire';
import { DEFAULT_PRIORITY, priorityFromNumber, priorityToNumber } from '.';

describe('priorities', () => {
  it('order as the queue orders: critical first', () => {
    expect(PRIORITIES.map(priorityToNumber)).toEqual([0, 1, 2, 3]);
    expect(priorityToNumber('critical')).toBeLessThan(priorityToNumber('low'));
  });
  it('come back from their numbers', () => {
    for (const priority of PRIORITIES) expect(priorityFromNumber(priorityToNumber(priority))).toBe(priority);
  });
  it('refuse other numbers', () => {
    for (const value of [-1, 4, 1.5, Number.NaN]) expect(() => priorityFromNumber(value)).toThrow(RangeError);
  });
  it('default to medium', () => expect(DEFAULT_PRIORITY).toBe('medium'));
});
