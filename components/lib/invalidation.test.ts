import { QueryClient } from '@tanstack/react-query';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { StreamMessage } from '@/core/wire';
import { createInvalidator } from './invalidation';

const message: StreamMessage = {
  type: 'run',
  runId: 'abcdefgh',
  entity: 'team',
  queue: 'q',
  state: 'running',
  stopping: false,
  seq: 1,
};
beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('renews at once after a quiet time, and at most once a second in a storm', () => {
  const client = new QueryClient();
  const asked = vi.spyOn(client, 'invalidateQueries');
  const { note, stop } = createInvalidator(client);
  vi.advanceTimersByTime(5000);
  note(message);
  vi.advanceTimersByTime(100);
  const once = asked.mock.calls.length;
  expect(once).toBeGreaterThan(0);
  for (let n = 0; n < 200; n += 1) {
    note(message);
    vi.advanceTimersByTime(10);
  }
  expect(asked.mock.calls.length / once).toBeLessThanOrEqual(4);
  stop();
});

it('a log message renews nothing, a reset everything', () => {
  const client = new QueryClient();
  const asked = vi.spyOn(client, 'invalidateQueries');
  const { note } = createInvalidator(client);
  note({ type: 'log', runId: 'abcdefgh', bytes: 1 });
  vi.advanceTimersByTime(2000);
  expect(asked).not.toHaveBeenCalled();
  note({ type: 'reset' });
  vi.advanceTimersByTime(2000);
  expect(asked.mock.calls.map(([filter]) => filter?.queryKey)).toEqual([['run'], ['queue'], ['entity']]);
});
