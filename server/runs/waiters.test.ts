import { describe, expect, it } from 'vitest';
import { Waiters } from './waiters';

describe('Waiters', () => {
  it('wakes as many calls as there are runs, first come first served', async () => {
    const waiters = new Waiters();
    const [a, b, c] = [waiters.add('a', ['q'], 1), waiters.add('b', ['q'], 2), waiters.add('c', ['q'], 1)];
    waiters.wake('q', 3);
    expect(await a.next(0)).toBe('work');
    expect(await b.next(0)).toBe('work');
    expect(await c.next(0)).toBe('timeout');
    expect(a.takeQueues()).toEqual(['q']);
    expect(await a.next(0)).toBe('timeout');
  });

  it('gives the second run to the second call while the first is still busy with its own', async () => {
    const waiters = new Waiters();
    const [a, b] = [waiters.add('a', ['q'], 1), waiters.add('b', ['q'], 1)];
    waiters.wake('q', 1);
    waiters.wake('q', 1);
    expect([await a.next(0), await b.next(0)]).toEqual(['work', 'work']);
  });

  it('passes on a wake-up that its call did not use', async () => {
    const waiters = new Waiters();
    const [a, b] = [waiters.add('a', ['q'], 1), waiters.add('b', ['q'], 1)];
    const waiting = b.next(5000);
    waiters.wake('q', 1);
    a.leave();
    expect(await waiting).toBe('work');
  });

  it('ends a wait by nudge, by abort, and by time', async () => {
    const waiters = new Waiters();
    const gone = new AbortController();
    const [a, b, c] = [waiters.add('a', ['q'], 1), waiters.add('b', ['q'], 1), waiters.add('c', [], 1)];
    const waits = [a.next(5000), b.next(5000, gone.signal), c.next(5)];
    waiters.nudge('a');
    gone.abort();
    expect(await Promise.all(waits)).toEqual(['nudge', 'aborted', 'timeout']);
    for (const waiter of [a, b, c]) waiter.leave();
    expect(waiters.size).toBe(0);
    expect(waiters.wanted().size).toBe(0);
  });
});
