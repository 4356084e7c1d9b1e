import { LRUCache } from 'lru-cache';
import type { Bus, BusMessage } from '../events/bus';

export interface BusCacheOptions {
  /** Most entries kept. */
  max: number;
  /** How long an entry may be used without asking again, milliseconds: the bound on staleness while the bus is away. */
  ttlMs: number;
  /** Whether a message makes the cache worthless. */
  dropOn: (message: BusMessage) => boolean;
}

/** What is read often and changes seldom; forgotten when the bus says that it changed. */
export interface BusCache<V extends object> {
  /**
   * The value of `key`, loaded once for all who ask at the same time. What is loaded while the cache is dropped is given to those who
   * asked before, and not kept. `undefined` ("there is none") is never kept.
   */
  get(key: string, load: () => Promise<V | undefined>): Promise<V | undefined>;
  drop(): void;
}

function createBusCache<V extends object>(bus: Bus, { max, ttlMs, dropOn }: BusCacheOptions): BusCache<V> {
  const values = new LRUCache<string, V>({ max, ttl: ttlMs });
  let loading = new Map<string, Promise<V | undefined>>();
  const drop = () => {
    values.clear();
    loading = new Map();
  };
  bus.subscribe((message) => {
    if (dropOn(message)) drop();
  });
  bus.onGap(drop);

  return {
    drop,
    get: async (key, load) => {
      const kept = values.get(key);
      if (kept) return kept;
      const underway = loading.get(key);
      if (underway) return underway;
      const generation = loading;
      const promise = load().then((value) => {
        if (loading === generation && value) values.set(key, value);
        return value;
      });
      generation.set(key, promise);
      try {
        return await promise;
      } finally {
        generation.delete(key);
      }
    },
  };
}

/** Declares a cache; each installation (bus) gets its own, which lives as long as the bus does. */
export function busCache<V extends object>(
  options: BusCacheOptions,
): (services: { bus: Bus }) => BusCache<V> {
  const caches = new WeakMap<Bus, BusCache<V>>();
  return ({ bus }) => {
    let cache = caches.get(bus);
    if (!cache) {
      cache = createBusCache<V>(bus, options);
      caches.set(bus, cache);
    }
    return cache;
  };
}
