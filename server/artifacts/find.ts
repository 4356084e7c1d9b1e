import type { PoolClient } from 'pg';
import type { Services } from '../services';

/** A whole archive. */
export interface StoredArtifact {
  size: number;
  pieces: string[];
  createdAt: Date;
}
export interface StoredPiece {
  id: string;
  start: number;
  size: number;
}

export const blobKey = (pieceId: string): string => `artifacts/${pieceId}`;

/** The archive of the entity, if it is whole. `use` notes that it was needed just now, which keeps it from being cleaned up. */
export async function findArtifact(
  { pool }: Pick<Services, 'pool'>,
  entityId: string,
  sha256: string,
  { use = false } = {},
): Promise<StoredArtifact | null> {
  const { rows } = await pool.query<{ size: string; pieces: string[]; created_at: Date; stale: boolean }>(
    `SELECT size, pieces, created_at, last_used_at < now() - interval '1 hour' AS stale
     FROM artifacts WHERE entity_id = $1 AND sha256 = $2`,
    [entityId, sha256],
  );
  const [row] = rows;
  if (!row) return null;
  if (use && row.stale) {
    await pool.query('UPDATE artifacts SET last_used_at = now() WHERE entity_id = $1 AND sha256 = $2', [
      entityId,
      sha256,
    ]);
  }
  return { size: Number(row.size), pieces: row.pieces, createdAt: row.created_at };
}

/** The stored pieces of an archive that follow one another without a gap, from its first byte on. */
export async function storedPieces(
  client: Services['pool'] | PoolClient,
  entityId: string,
  sha256: string,
): Promise<StoredPiece[]> {
  const { rows } = await client.query<{ id: string; start: string; size: string }>(
    'SELECT id, start, size FROM artifact_pieces WHERE entity_id = $1 AND sha256 = $2 AND stored',
    [entityId, sha256],
  );
  const byStart = new Map(
    rows.map((row) => [Number(row.start), { id: row.id, start: Number(row.start), size: Number(row.size) }]),
  );
  const pieces: StoredPiece[] = [];
  for (let next = byStart.get(0); next !== undefined; next = byStart.get(next.start + next.size))
    pieces.push(next);
  return pieces;
}

export const bytesOf = (pieces: readonly StoredPiece[]): number =>
  pieces.reduce((sum, { size }) => sum + size, 0);
