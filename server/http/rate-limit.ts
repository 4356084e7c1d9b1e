import { LRUCache } from 'lru-cache';
import { ProblemError } from '@/core/problems';

export interface RateLimit {
  /** Calls a second that go on for ever; 0 turns the limit off. */
  perSecond: number;
  /** Calls that may come at once after a pause. */
  burst: number;
}
export interface RateLimiter {
  /** Counts one call; throws 429 when there are too many. */
  take(key: string): void;
  /** Throws 429 when the next call would be one too many; counts nothing. */
  check(key: string): void;
}

/** Token buckets by key, in the memory of this process: it slows down who hammers, it is no quota. */
export function createRateLimiter(
  { perSecond, burst }: RateLimit,
  now: () => number = () => performance.now(),
): RateLimiter {
  const buckets = new LRUCache<string, { level: number; at: number }>({ max: 10_000 });

  function refilled(key: string): { level: number; at: number } {
    const time = now();
    let bucket = buckets.get(key);
    if (!bucket) {
      bucket = { level: burst, at: time };
      buckets.set(key, bucket);
    }
    bucket.level = Math.min(burst, bucket.level + ((time - bucket.at) / 1000) * perSecond);
    bucket.at = time;
    return bucket;
  }
  function check(key: string): void {
    if (perSecond === 0) return;
    const { level } = refilled(key);
    if (level >= 1) return;
    throw new ProblemError(
      'too-many-requests',
      'Too many requests in a short time. Wait a little and try again.',
      {
        retryAfterSeconds: Math.max(1, Math.ceil((1 - level) / perSecond)),
      },
    );
  }
  return {
    check,
    take: (key) => {
      check(key);
      if (perSecond > 0) refilled(key).level -= 1;
    },
  };
}
