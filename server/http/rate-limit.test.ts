import { expect, it } from 'vitest';
import { ProblemError } from '@/core/problems';
import { createRateLimiter } from './rate-limit';

it('lets a burst through, then as many a second as it says, by key', () => {
  let now = 0;
  const limiter = createRateLimiter({ perSecond: 2, burst: 3 }, () => now);
  const passes = (key: string) => {
    try {
      limiter.take(key);
      return true;
    } catch (error) {
      expect(error).toBeInstanceOf(ProblemError);
      return false;
    }
  };
  expect([1, 2, 3, 4].map(() => passes('a'))).toEqual([true, true, true, false]);
  expect(passes('b')).toBe(true);
  now = 500;
  expect([passes('a'), passes('a')]).toEqual([true, false]);
  now = 60_000;
  expect([1, 2, 3, 4].map(() => passes('a'))).toEqual([true, true, true, false]);
});

it('is off at 0', () => {
  const limiter = createRateLimiter({ perSecond: 0, burst: 0 });
  for (let i = 0; i < 1000; i++) limiter.take('a');
});
