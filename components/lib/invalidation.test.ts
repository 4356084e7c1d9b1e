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

it('renews at once after a quiet time, soon a few times more, and at most once a second in a storm', () => {
  const client = new QueryClient();
  const asked = vi.spyOn(client, 'invalidateQueries');
  const { note, stop } = createInvalidator(client);
  vi.advanceTimersByTime(5000);
  note(message);
  vi.advanceTimersByTime(100);
  const once = asked.mock.calls.length;
  expect(once).toBeGreaterThan(0);
  // The next states of a run that was just leased.
  note(message);
  vi.advanceTimersByTime(200);
  expect(asked.mock.calls.length).toBe(2 * once);
  for (let n = 0; n < 500; n += 1) {
    note(message);
    vi.advanceTimersByTime(10);
  }
  const before = asked.mock.calls.length;
  expect(before / once).toBeLessThanOrEqual(10);
  for (let n = 0; n < 300; n += 1) {
    note(message);
    vi.advanceTimersByTime(10);
  }
  expect((asked.mock.calls.length - before) / once).toBeLessThanOrEqual(3);
  stop();
});

it('does not fetch all pages of a long list with each message', () => {
  const client = new QueryClient();
  const key = ['entity', 'team', 'runs', {}];
  client.setQueryData(key, { pages: Array.from({ length: 20 }, () => ({ items: [] })), pageParams: [] });
  const stale = () => client.getQueryState(key)?.isInvalidated;
  const { note, stop } = createInvalidator(client);
  note(message);
  vi.advanceTimersByTime(500);
  expect(stale()).toBe(false);
  vi.advanceTimersByTime(1000);
  expect(stale()).toBe(true);
  client.setQueryData(key, (before: unknown) => before);
  note(message);
  vi.advanceTimersByTime(1000);
  expect(stale()).toBe(false);
  vi.advanceTimersByTime(1000);
  expect(stale()).toBe(true);
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
