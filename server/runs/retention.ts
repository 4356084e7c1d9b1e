import type { Pool } from 'pg';
import { withTransaction } from '../db';
import type { Services } from '../services';

/** Runs of one transaction; a run may have many megabytes of log. */
const RUNS = 100;
/** Rows of one statement. */
const ROWS = 5000;

/**
 * Removes what is older than SLIPWAY_RETENTION_DAYS: events, log and submissions of ended runs (the runs themselves, with state, failure
 * and specification, stay), audit rows and idempotency keys. In small pieces, each its own transaction. A task of one worker.
 */
export async function retention(
  s: Services,
  signal?: AbortSignal,
): Promise<{ runs: number; audit: number; keys: number }> {
  const days = s.config.SLIPWAY_RETENTION_DAYS;
  return {
    runs: await repeat(RUNS, signal, () => pruneRuns(s, days)),
    audit: await repeat(ROWS, signal, () => deleteRows(s.pool, AUDIT, days)),
    keys: await repeat(ROWS, signal, () => deleteRows(s.pool, KEYS, days)),
  };
}

async function repeat(
  full: number,
  signal: AbortSignal | undefined,
  step: () => Promise<number>,
): Promise<number> {
  for (let total = 0; ;) {
    const count = await step();
    total += count;
    if (count < full || signal?.aborted) return total;
  }
}

const OLD_RUNS = `
SELECT id, log_archive AS archive FROM runs WHERE ended_at < now() - make_interval(days => $1) AND pruned_at IS NULL
ORDER BY ended_at LIMIT ${RUNS} FOR NO KEY UPDATE SKIP LOCKED`;

async function pruneRuns(s: Services, days: number): Promise<number> {
  const archives: string[] = [];
  const pruned = await withTransaction(s.pool, async (client) => {
    const { rows } = await client.query<{ id: string; archive: string | null }>(OLD_RUNS, [days]);
    const ids = rows.map(({ id }) => id);
    if (ids.length === 0) return 0;
    archives.push(...rows.flatMap(({ archive }) => archive ?? []));
    await client.query('DELETE FROM log_chunks WHERE run_id = ANY ($1::text[])', [ids]);
    await client.query('DELETE FROM run_events WHERE run_id = ANY ($1::text[])', [ids]);
    await client.query('DELETE FROM run_submissions WHERE run_id = ANY ($1::text[])', [ids]);
    await client.query(
      'UPDATE runs SET pruned_at = now(), log_bytes = 0, log_start = 0, log_lines = 0, log_archive = NULL, log_restored_at = NULL WHERE id = ANY ($1::text[])',
      [ids],
    );
    return ids.length;
  });
  for (const key of archives) {
    await s.blobs.delete(key).catch((error: unknown) => {
      s.log.warn({ err: error, key }, 'the archived log of an old run could not be removed');
    });
  }
  return pruned;
}

const AUDIT = `DELETE FROM audit_events WHERE id IN (SELECT id FROM audit_events WHERE at < now() - make_interval(days => $1) ORDER BY id LIMIT ${ROWS})`;
/** By the place of the row: the key has three columns. */
const KEYS = `
DELETE FROM idempotency_keys WHERE ctid = ANY (ARRAY(
  SELECT ctid FROM idempotency_keys WHERE created_at < now() - make_interval(days => $1) LIMIT ${ROWS}))`;

async function deleteRows(pool: Pool, statement: string, days: number): Promise<number> {
  const { rowCount } = await pool.query(statement, [days]);
  return rowCount ?? 0;
}
