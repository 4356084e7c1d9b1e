import type { Pool, PoolClient } from 'pg';
import type { LogStream, RunState } from '@/core/wire';
import { holdsGroups, lineBreaks } from './line-count';

export interface Chunk {
  runId: string;
  attempt: number;
  tokenId: string;
  stream: LogStream;
  offset: number;
  data: Buffer;
  cursor: string | null;
  /** Which of several writers (the name of a pod). */
  source: string | null;
}

/** The common case in one statement: the chunk begins where the log ends and fits. Otherwise it changes nothing. */
const APPEND = `
WITH grown AS (
  UPDATE runs r SET log_bytes = log_bytes + octet_length($5::bytea), log_lines = log_lines + $9, log_cursor = coalesce($6, log_cursor)
  WHERE r.id = $1 AND r.attempt = $2 AND r.state IN ('leased', 'building', 'starting', 'running') AND NOT r.log_truncated
    AND r.log_bytes = $3 AND r.log_bytes + octet_length($5::bytea) <= $7
    AND EXISTS (SELECT 1 FROM agents a WHERE a.id = r.agent_id AND a.token_id = $8)
  RETURNING r.id, r.execution, r.log_bytes, r.log_lines
), stored AS (
  INSERT INTO log_chunks (run_id, "offset", stream, execution, data, line, lines, source, grouped)
  SELECT id, $3, $4, execution, $5, log_lines - $9, $9, $10, $11 FROM grown WHERE octet_length($5::bytea) > 0
)
SELECT log_bytes AS "nextOffset" FROM grown`;

/** The new end of the log; null when it was not the common case. */
export async function appendAtEnd(
  db: Pool | PoolClient,
  chunk: Chunk,
  maxBytes: number,
): Promise<number | null> {
  const { runId, attempt, offset, stream, data, cursor, tokenId, source } = chunk;
  const { rows } = await db.query<{ nextOffset: number }>({
    name: 'log-append',
    text: APPEND,
    values: [
      ...[runId, attempt, offset, stream, data, cursor, maxBytes, tokenId],
      ...[lineBreaks(data), source, holdsGroups(data)],
    ],
  });
  return rows[0]?.nextOffset ?? null;
}

export interface LogState {
  state: RunState;
  attempt: number;
  execution: number;
  logBytes: number;
  /** Line breaks; null while they are not counted. */
  logLines: number | null;
  truncated: boolean;
  entityId: string;
  tokenId: string | null;
}

export async function lockLog(client: PoolClient, runId: string): Promise<LogState | undefined> {
  const { rows } = await client.query<LogState>({
    name: 'log-lock',
    text: `SELECT r.state, r.attempt, r.execution, r.log_bytes AS "logBytes", r.log_lines AS "logLines", r.log_truncated AS truncated, r.entity_id AS "entityId", a.token_id AS "tokenId"
           FROM runs r LEFT JOIN agents a ON a.id = r.agent_id WHERE r.id = $1 FOR NO KEY UPDATE OF r`,
    values: [runId],
  });
  return rows[0];
}

/** Stores pieces one after the other at the end of a locked log. */
export async function storePieces(
  client: PoolClient,
  runId: string,
  { logBytes, logLines, execution }: LogState,
  pieces: readonly { stream: LogStream; data: Buffer; source: string | null }[],
  { truncated, cursor }: { truncated: boolean; cursor: string | null },
): Promise<number> {
  let end = logBytes;
  let line = logLines;
  for (const { stream, data, source } of pieces) {
    if (data.length === 0) continue;
    const lines = lineBreaks(data);
    await client.query(
      `INSERT INTO log_chunks (run_id, "offset", stream, execution, data, line, lines, source, grouped)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
      [runId, end, stream, execution, data, line, lines, source, holdsGroups(data)],
    );
    end += data.length;
    if (line !== null) line += lines;
  }
  await client.query(
    `UPDATE runs SET log_bytes = $2, log_truncated = log_truncated OR $3, log_cursor = coalesce($4, log_cursor), log_lines = $5
     WHERE id = $1`,
    [runId, end, truncated, cursor, line],
  );
  return end;
}
