import { withTransaction } from '../db';
import type { Services } from '../services';
import { packChunks } from './archive-format';
import type { ArchivedChunk } from './archive-format';

/** Runs looked at in one step. */
const RUNS = 200;
/** Chunks that one look into the database brings. */
const CHUNKS = 64;
const MARK = 'archive-logs';

interface Candidate {
  id: string;
  endedAt: Date;
  logBytes: number;
}

/** Runs that ended since the last time; those without a log only move the mark on. */
const ENDED = `
SELECT id, ended_at AS "endedAt", CASE WHEN log_archive IS NULL THEN log_bytes ELSE 0 END AS "logBytes" FROM runs
WHERE ended_at > $1 AND ended_at < now() - make_interval(hours => $2) AND pruned_at IS NULL ORDER BY ended_at LIMIT ${RUNS}`;
/** Logs that somebody had brought back to read them. */
const RESTORED = `
SELECT id, ended_at AS "endedAt", log_bytes AS "logBytes" FROM runs
WHERE log_restored_at < now() - make_interval(hours => $1) AND ended_at IS NOT NULL AND pruned_at IS NULL AND log_archive IS NULL
LIMIT ${RUNS}`;

export const archiveKey = (id: string, bytes: number): string => `logs/${id}/${bytes}`;

/**
 * Moves logs of runs that ended some time ago (SLIPWAY_LOG_ARCHIVE_HOURS; 0: never) out of the database into the blob store. Whoever reads
 * one brings it back (restore.ts). A task of one worker; safe to run twice at once, and to break off anywhere.
 */
export async function archiveLogs(
  s: Services,
  signal?: AbortSignal,
): Promise<{ logs: number; bytes: number }> {
  const hours = s.config.SLIPWAY_LOG_ARCHIVE_HOURS;
  const moved = { logs: 0, bytes: 0 };
  if (hours === 0) return moved;
  const move = async (run: Candidate) => {
    if (run.logBytes === 0 || !(await archiveLog(s, run))) return;
    moved.logs += 1;
    moved.bytes += run.logBytes;
  };
  const { rows: restored } = await s.pool.query<Candidate>(RESTORED, [hours]);
  for (const run of restored) {
    if (signal?.aborted === true) return moved;
    await move(run);
  }

  let found = RUNS;
  while (found === RUNS) {
    const { rows: marks } = await s.pool.query<{ at: Date }>('SELECT at FROM task_marks WHERE name = $1', [
      MARK,
    ]);
    const { rows } = await s.pool.query<Candidate>(ENDED, [marks[0]?.at ?? new Date(0), hours]);
    for (const run of rows) {
      // Not past what was not done.
      if (signal?.aborted === true) return moved;
      await move(run);
    }
    const last = rows.at(-1);
    if (last) await setMark(s, last.endedAt);
    found = rows.length;
  }
  return moved;
}

const setMark = (s: Services, at: Date) =>
  s.pool.query(
    'INSERT INTO task_marks (name, at) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET at = greatest(task_marks.at, excluded.at)',
    [MARK, at],
  );

const BATCH = `
SELECT "offset", stream, at, execution, line, lines, source, grouped, data FROM log_chunks
WHERE run_id = $1 AND "offset" >= $2 ORDER BY "offset" LIMIT ${CHUNKS}`;

async function* chunksOf(s: Services, id: string): AsyncGenerator<ArchivedChunk[]> {
  for (let next = 0; ;) {
    const { rows } = await s.pool.query<Omit<ArchivedChunk, 'at'> & { at: Date }>(BATCH, [id, next]);
    yield rows.map((row) => ({ ...row, at: row.at.toISOString() }));
    const last = rows.at(-1);
    if (!last || rows.length < CHUNKS) return;
    next = last.offset + 1;
  }
}

/** Whether the log was moved: not when the run went on meanwhile, was pruned, or its log was never counted by line. */
async function archiveLog(s: Services, { id, logBytes }: Candidate): Promise<boolean> {
  const key = archiveKey(id, logBytes);
  await s.blobs.put(key, packChunks(chunksOf(s, id)));
  const kept = await withTransaction(s.pool, async (client) => {
    const { rowCount } = await client.query(
      `UPDATE runs SET log_archive = $2, log_restored_at = NULL
       WHERE id = $1 AND log_archive IS NULL AND ended_at IS NOT NULL AND pruned_at IS NULL AND log_lines IS NOT NULL AND log_bytes = $3`,
      [id, key, logBytes],
    );
    if (rowCount !== 1) return false;
    await client.query('DELETE FROM log_chunks WHERE run_id = $1', [id]);
    return true;
  });
  // Another worker may have moved it to the very same key.
  if (!kept && !(await isArchivedAs(s, id, key))) await s.blobs.delete(key);
  return kept;
}

async function isArchivedAs(s: Services, id: string, key: string): Promise<boolean> {
  const { rows } = await s.pool.query<{ key: string | null }>(
    'SELECT log_archive AS key FROM runs WHERE id = $1',
    [id],
  );
  return rows[0]?.key === key;
}
