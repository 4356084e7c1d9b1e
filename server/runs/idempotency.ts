import { createHash } from 'node:crypto';
import { ProblemError, refused } from '@/core/problems';
import type { Json } from '@/core/wire';
import type { Services } from '../services';
import type { IdempotencyClaim } from './enqueue-sql';

const KEY = /^[\x21-\x7e]{1,200}$/;

/** Refuses what is no key: 1 to 200 printable ASCII characters without spaces. */
function checkIdempotencyKey(key: string): void {
  if (KEY.test(key)) return;
  throw refused('The Idempotency-Key must be 1 to 200 printable ASCII characters.', [
    { path: 'Idempotency-Key', message: 'must be 1 to 200 printable ASCII characters without spaces' },
  ]);
}

/** SHA-256 of a body, whatever the order of its keys. */
const requestHash = (body: unknown): Buffer =>
  createHash('sha256')
    .update(canonical(body as Json))
    .digest();

function canonical(value: Json | undefined): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (value !== null && typeof value === 'object') {
    const entries = Object.entries(value).filter(([, each]) => (each as unknown) !== undefined);
    return `{${entries
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, each]) => `${JSON.stringify(key)}:${canonical(each)}`)
      .join(',')}}`;
  }
  return value === undefined ? 'null' : JSON.stringify(value);
}

/** The runs that an earlier launch with this key made; null when there was none. The same key with another body: 422. */
export async function earlierRuns(
  s: Services,
  queueId: string,
  { actorId, key, requestHash: hash }: IdempotencyClaim,
): Promise<string[] | null> {
  const { rows } = await s.pool.query<{ run_id: string; run_ids: string[]; request_hash: Buffer }>({
    name: 'idempotency-key',
    text: 'SELECT run_id, run_ids, request_hash FROM idempotency_keys WHERE queue_id = $1 AND actor_id = $2 AND key = $3',
    values: [queueId, actorId, key],
  });
  const found = rows[0];
  if (!found) return null;
  if (!found.request_hash.equals(hash)) {
    throw new ProblemError(
      'refused',
      'This Idempotency-Key was used for another launch on this queue. Use a new key for a new launch.',
      {
        code: 'idempotency-key-reused',
        errors: [{ path: 'Idempotency-Key', message: 'was used with another body' }],
      },
    );
  }
  return found.run_ids.length > 0 ? found.run_ids : [found.run_id];
}

/** What a launch claims with its key, if it came with one; refuses what is no key. */
export function claimOf(actorId: string, key: string | undefined, body: unknown): IdempotencyClaim | null {
  if (key === undefined) return null;
  checkIdempotencyKey(key);
  return { actorId, key, requestHash: requestHash(body) };
}
