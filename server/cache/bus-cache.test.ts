import { describe, expect, it } from 'vitest';
import type { Bus, BusHandler } from '../events/bus';
import { busCache } from '.';

function fakeBus(): Bus & { gap(): void } {
  const handlers = new Set<BusHandler>();
  const gaps = new Set<() => void>();
  return {
    publish: (...messages) => messages.forEach((message) => handlers.forEach((handler) => handler(message))),
    subscribe: (handler) => (handlers.add(handler), () => handlers.delete(handler)),
    onGap: (handler) => (gaps.add(handler), () => gaps.delete(handler)),
    gap: () => gaps.forEach((handler) => handler()),
    close: () => Promise.resolve(),
  };
}
const cacheOf = busCache<{ n: number }>({
  max: 10,
  ttlMs: 60_000,
  dropOn: ({ type }) => type === 'credentials',
});

describe('a cache that the bus empties', () => {
  it('loads once for all who ask at the same time, and keeps it', async () => {
    const cache = cacheOf({ bus: fakeBus() });
    let loads = 0;
    const load = () => Promise.resolve({ n: ++loads });
    const answers = await Promise.all([cache.get('a', load), cache.get('a', load), cache.get('b', load)]);
    expect(answers).toEqual([{ n: 1 }, { n: 1 }, { n: 2 }]);
    expect(await cache.get('a', load)).toEqual({ n: 1 });
  });

  it('forgets on a message and after a gap, and not on other messages', async () => {
    const bus = fakeBus();
    const cache = cacheOf({ bus });
    let loads = 0;
    const load = () => Promise.resolve({ n: ++loads });
    await cache.get('a', load);
    bus.publish({ type: 'nudge', agentId: 'x' });
    expect(await cache.get('a', load)).toEqual({ n: 1 });
    bus.publish({ type: 'credentials' });
    expect(await cache.get('a', load)).toEqual({ n: 2 });
    bus.gap();
    expect(await cache.get('a', load)).toEqual({ n: 3 });
  });

  it('does not keep what was read before a change and arrived after it', async () => {
    const bus = fakeBus();
    const cache = cacheOf({ bus });
    let answer: (value: { n: number }) => void = () => {};
    const slow = cache.get('a', () => new Promise((resolve) => (answer = resolve)));
    bus.publish({ type: 'credentials' });
    const fresh = cache.get('a', () => Promise.resolve({ n: 2 }));
    answer({ n: 1 });
    expect(await slow).toEqual({ n: 1 });
    expect(await fresh).toEqual({ n: 2 });
    expect(await cache.get('a', () => Promise.resolve({ n: 3 }))).toEqual({ n: 2 });
  });

  it('keeps neither "there is none" nor a failure', async () => {
    const cache = cacheOf({ bus: fakeBus() });
    expect(await cache.get('a', () => Promise.resolve(undefined))).toBeUndefined();
    await expect(cache.get('a', () => Promise.reject(new Error('away')))).rejects.toThrow('away');
    expect(await cache.get('a', () => Promise.resolve({ n: 1 }))).toEqual({ n: 1 });
  });
});
