import type { Pool } from 'pg';
import type { Services } from '../services';

/**
 * State that one process keeps for its services (caches, waiting calls, group commits): made at first use, one for each pool.
 * The pool, not the object around it, is the identity: services are spread into other objects here and there.
 */
export function perProcess<T>(make: (services: Services) => T): (services: Services) => T {
  const made = new WeakMap<Pool, T>();
  return (services) => {
    let state = made.get(services.pool);
    if (state === undefined) {
      state = make(services);
      made.set(services.pool, state);
    }
    return state;
  };
}
