import type { PoolClient } from 'pg';
import { ProblemError } from '@/core/problems';
import { BlobMissing } from '../blobs';
import { withTransaction } from '../db';
import type { Services } from '../services';
import { unpackChunks } from './archive-format';
import type { ArchivedChunk } from './archive-format';

/** Bytes of one insert, about. */
const BATCH_BYTES = 1024 * 1024;

/** The parts of a chunk travel as arrays. What is there already is left: a run that was requeued has gone on writing behind its archive. */
const INSERT = `
INSERT INTO log_chunks (run_id, "offset", stream, at, execution, line, lines, source, grouped, data)
SELECT $1, * FROM unnest($2::bigint[], $3::text[], $4::timestamptz[], $5::int[], $6::bigint[], $7::int[], $8::text[], $9::boolean[], $10::bytea[])
ON CONFLICT DO NOTHING`;

/**
 * Brings an archived log back into the database, whole, before it is read; the next archiving takes it away again. Two readers at once
 * wait for the same work. Afterwards the archive is removed.
 *
 * @throws ProblemError unavailable `blob-missing` when the blob store has lost it
 */
export async function restoreLog(s: Services, id: string): Promise<void> {
  const key = await withTransaction(s.pool, async (client) => {
    const { rows } = await client.query<{ key: string | null }>(
      'SELECT log_archive AS key FROM runs WHERE id = $1 FOR NO KEY UPDATE',
      [id],
    );
    const archived = rows[0]?.key ?? null;
    if (archived === null) return null;
    await copy(s, client, id, archived);
    await client.query('UPDATE runs SET log_archive = NULL, log_restored_at = now() WHERE id = $1', [id]);
    return archived;
  });
  if (key === null) return;
  // What stays behind for a failure here is written over by the next archiving.
  await s.blobs.delete(key).catch((error: unknown) => {
    s.log.warn({ err: error, key }, 'the archive of a log that was restored could not be removed');
  });
}

async function copy(s: Services, client: PoolClient, id: string, key: string): Promise<void> {
  const archive = await s.blobs.get(key).catch((error: unknown) => {
    if (!(error instanceof BlobMissing)) throw error;
    s.log.error({ run: id, key }, 'the blob store has lost the log of a run');
    throw new ProblemError(
      'unavailable',
      'The log of this run was moved to the blob store, which does not have it any more. Server and worker must use the same store (SLIPWAY_BLOB_STORE).',
      { code: 'blob-missing', cause: error },
    );
  });
  let batch: ArchivedChunk[] = [];
  let bytes = 0;
  const write = async () => {
    const column = <T>(of: (chunk: ArchivedChunk) => T) => batch.map(of);
    await client.query(INSERT, [
      id,
      column((c) => c.offset),
      column((c) => c.stream),
      column((c) => c.at),
      column((c) => c.execution),
      column((c) => c.line),
      column((c) => c.lines),
      column((c) => c.source),
      column((c) => c.grouped),
      column((c) => c.data),
    ]);
    batch = [];
    bytes = 0;
  };
  for await (const chunk of unpackChunks(archive)) {
    batch.push(chunk);
    bytes += chunk.data.length;
    if (bytes >= BATCH_BYTES) await write();
  }
  if (batch.length > 0) await write();
}
