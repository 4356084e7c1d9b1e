import { randomFillSync } from 'node:crypto';

const pool = new Uint8Array(16 * 1024);
let used = pool.length;

/**
 * `length` cryptographically random bytes, each given once. A call into the generator costs far more than the bytes, so they are drawn
 * 16 KiB at a time. The view is good until the next call.
 */
export function randomSlice(length: number): Uint8Array {
  if (used + length > pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  used += length;
  return pool.subarray(used - length, used);
}
