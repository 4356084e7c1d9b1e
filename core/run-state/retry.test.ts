import { describe, expect, it } from 'vitest';
import type { RetryPolicy } from '@/core/wire';
import { shouldResumePreempted, shouldRetry } from '.';

const policy = (changes: Partial<RetryPolicy> = {}): RetryPolicy => ({
  limit: 2,
  categories: ['oom', 'agent-lost'],
  exitCodes: [75],
  backoffSeconds: 10,
  maxBackoffSeconds: 25,
  ...changes,
});

describe('shouldRetry', () => {
  it('goes by category or exit code', () => {
    expect(shouldRetry(policy(), { category: 'oom', exitCode: 137 }, 0).retry).toBe(true);
    expect(shouldRetry(policy(), { category: 'user-error', exitCode: 75 }, 0).retry).toBe(true);
    expect(shouldRetry(policy(), { category: 'user-error', exitCode: 1 }, 0).retry).toBe(false);
    expect(shouldRetry(policy(), { category: 'build', exitCode: null }, 0).retry).toBe(false);
  });
  it('keeps to the limit and doubles the backoff up to its maximum', () => {
    const of = (retries: number) =>
      shouldRetry(policy({ limit: 3 }), { category: 'oom', exitCode: null }, retries);
    expect([0, 1, 2].map((retries) => of(retries).delaySeconds)).toEqual([10, 20, 25]);
    expect(of(3)).toEqual({ retry: false, delaySeconds: 0, countsAgainstLimit: false });
  });
  it('never uses up the limit for a lost agent', () => {
    expect(shouldRetry(policy({ limit: 0 }), { category: 'agent-lost', exitCode: null }, 99)).toEqual({
      retry: true,
      delaySeconds: 10,
      countsAgainstLimit: false,
    });
    expect(shouldRetry(policy({ categories: [] }), { category: 'agent-lost', exitCode: null }, 0).retry).toBe(
      false,
    );
  });
});

it('brings a preempted run back five times', () => {
  expect([0, 4, 5].map(shouldResumePreempted)).toEqual([true, true, false]);
});
