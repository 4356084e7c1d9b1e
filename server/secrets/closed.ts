import { LRUCache } from 'lru-cache';
import { perProcess } from '../runs/per-process';
import type { Services } from '../services';
import { openBytes } from './seal';
import { secretPlace } from './secrets';

interface HeadRow {
  queue_id: string;
  name: string;
  key_id: string;
  nonce: Buffer<ArrayBuffer>;
}

/** Whether a sealed secret opens never changes while its process runs: key list and row (by its nonce) are the same. */
const known = perProcess(() => new LRUCache<string, boolean>({ max: 20_000 }));

const identity = ({ queue_id, name, key_id, nonce }: HeadRow) =>
  `${queue_id}/${name}/${key_id}/${nonce.toString('base64')}`;

/**
 * Names of the secrets of these queues that this server cannot open (key gone from the list, row changed), by queue id; queues where all
 * open are absent. Nothing is logged or kept of what is inside.
 */
export async function closedSecretsOf(
  s: Services,
  queueIds: readonly string[],
): Promise<Map<string, string[]>> {
  const closed = new Map<string, string[]>();
  if (queueIds.length === 0) return closed;
  const { rows } = await s.pool.query<HeadRow>({
    name: 'secret-heads',
    text: 'SELECT queue_id, name, key_id, nonce FROM secrets WHERE queue_id = ANY ($1::uuid[]) ORDER BY queue_id, name',
    values: [queueIds],
  });
  const fresh = rows.filter((row) => !known(s).has(identity(row)));
  if (fresh.length > 0) await tryThem(s, fresh);
  for (const row of rows) {
    if (known(s).get(identity(row)) === false)
      closed.set(row.queue_id, [...(closed.get(row.queue_id) ?? []), row.name]);
  }
  return closed;
}

async function tryThem(s: Services, heads: readonly HeadRow[]): Promise<void> {
  const { rows } = await s.pool.query<HeadRow & { ciphertext: Buffer<ArrayBuffer> }>(
    `SELECT x.queue_id, x.name, x.key_id, x.nonce, x.ciphertext FROM secrets x
     JOIN unnest($1::uuid[], $2::text[]) AS w(queue_id, name) ON w.queue_id = x.queue_id AND w.name = x.name`,
    [heads.map(({ queue_id }) => queue_id), heads.map(({ name }) => name)],
  );
  for (const row of rows) {
    const { queue_id: queueId, name, key_id: keyId, nonce, ciphertext } = row;
    let opens = true;
    try {
      openBytes(s.config, { keyId, nonce, ciphertext }, secretPlace(queueId, name));
    } catch {
      opens = false;
    }
    known(s).set(identity(row), opens);
  }
}
