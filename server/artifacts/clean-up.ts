import type { Services } from '../services';
import { dropPieces } from './upload';

/** How long an upload may stand still before what it brought is removed, seconds. */
const UPLOAD_SECONDS = 24 * 3600;
/** Pieces of one statement. */
const PIECES = 200;

/**
 * Removes uploads that were never finished, and archives that no job refers to and no launch has used for SLIPWAY_RETENTION_DAYS.
 * A task of one worker. `uploadSeconds`: how long an upload may stand still.
 */
export async function cleanUpArtifacts(
  s: Services,
  signal?: AbortSignal,
  { uploadSeconds = UPLOAD_SECONDS } = {},
): Promise<{ artifacts: number; pieces: number; partial: number }> {
  const artifacts = await forgetUnused(s);
  let pieces = 0;
  for (let found = PIECES; found === PIECES && signal?.aborted !== true; pieces += found) {
    const { rows } = await s.pool.query<{ id: string }>(ABANDONED, [uploadSeconds]);
    await dropPieces(s, rows);
    found = rows.length;
  }
  const partial = await s.blobs.sweep(new Date(Date.now() - uploadSeconds * 1000));
  return { artifacts, pieces, partial };
}

/** Pieces of no whole archive whose upload has brought nothing for $1 seconds. */
const ABANDONED = `
  SELECT p.id FROM artifact_pieces p
  WHERE p.created_at < now() - make_interval(secs => $1)
    AND NOT EXISTS (SELECT FROM artifacts a WHERE a.entity_id = p.entity_id AND a.sha256 = p.sha256 AND p.id = ANY (a.pieces))
    AND NOT EXISTS (SELECT FROM artifact_pieces n WHERE n.entity_id = p.entity_id AND n.sha256 = p.sha256
                    AND n.created_at >= now() - make_interval(secs => $1))
  ORDER BY p.created_at LIMIT ${PIECES}`;

/** The rows only: their pieces then belong to nothing, and go with the abandoned ones. */
async function forgetUnused(s: Services): Promise<number> {
  const { rowCount } = await s.pool.query(
    `DELETE FROM artifacts a WHERE a.last_used_at < now() - make_interval(days => $1)
       AND NOT EXISTS (SELECT FROM job_versions v WHERE v.source ->> 'artifact' = a.sha256)
       AND NOT EXISTS (
         SELECT FROM runs r JOIN run_specs x ON x.run_id = r.id
         WHERE r.ended_at IS NULL AND r.entity_id = a.entity_id AND x.spec -> 'source' ->> 'artifact' = a.sha256)`,
    [s.config.SLIPWAY_RETENTION_DAYS],
  );
  return rowCount ?? 0;
}
