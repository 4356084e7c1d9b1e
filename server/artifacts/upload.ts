import { createHash } from 'node:crypto';
import { ProblemError, refused } from '@/core/problems';
import { MAX_ARTIFACT_BYTES, MIN_PIECE_BYTES } from '@/core/wire';
import type { Artifact } from '@/core/wire';
import type { PoolClient } from 'pg';
import { requireEntity } from '../access/require-entity';
import type { Actor } from '../access/actor';
import { withTransaction } from '../db';
import type { Services } from '../services';
import { blobKey, bytesOf, findArtifact, storedPieces } from './find';
import type { StoredPiece } from './find';
import { checkArchive, tooLarge, wrongHash } from './read-archive';

/** Which bytes of the archive a body is: `bytes start-end/total`, `end` included, as in Content-Range. */
export interface PieceRange {
  start: number;
  end: number;
  total: number;
}
export interface UploadInput {
  entity: string;
  sha256: string;
  /** Null: the body is the whole archive. */
  range: PieceRange | null;
  /** Bytes of the body, where it is known. */
  contentLength: number | null;
  body: AsyncIterable<Uint8Array>;
}
/** `known`: it was there already, and the body was not read. */
export type UploadResult = Artifact & { known: boolean };

/**
 * Takes an archive, or the next piece of one, straight into the blob store. An archive exists only when all of it is there and has the
 * SHA-256 that names it; the same upload may be sent again at any time.
 * @throws ProblemError 409 `wrong-offset` when a piece does not follow what is there, 413 above 512 MiB, 422 for what is no archive
 */
export async function uploadArtifact(s: Services, actor: Actor, input: UploadInput): Promise<UploadResult> {
  const entity = await requireEntity(s, actor, input.entity, 'member');
  const { sha256, range } = input;
  const total = range?.total ?? input.contentLength;
  if (total !== null && total > MAX_ARTIFACT_BYTES) throw tooLarge(MAX_ARTIFACT_BYTES);
  const known = await findArtifact(s, entity.id, sha256, { use: true });
  if (known) return { ...complete(sha256, known.size, known.createdAt), known: true };

  // The hash of a whole body is checked on the way.
  const done =
    range === null
      ? [await storePiece(s, entity.id, input)]
      : await addPiece(s, entity.id, { ...input, range });
  if (range !== null && bytesOf(done) < range.total)
    return { sha256, complete: false, received: bytesOf(done), createdAt: null, known: false };
  if (range !== null && (await hashOf(s, done)) !== sha256) {
    await dropPieces(s, done);
    throw wrongHash();
  }
  const createdAt = await finish(s, entity.id, sha256, done);
  return { ...complete(sha256, bytesOf(done), createdAt), known: false };
}

/** Stores the next piece; gives what there is now. The body is not read when all is there (a server may have died before the check). */
async function addPiece(
  s: Services,
  entityId: string,
  input: UploadInput & { range: PieceRange },
): Promise<StoredPiece[]> {
  const { range, sha256 } = input;
  checkRange(range);
  const pieces = await storedPieces(s.pool, entityId, sha256);
  const received = bytesOf(pieces);
  if (received === range.total) return pieces;
  if (range.start !== received) throw wrongOffset(range.start, received);
  return keepPiece(s, entityId, sha256, await storePiece(s, entityId, input));
}

/** How much of an archive the entity has; null when nothing is there. */
export async function getArtifact(
  s: Services,
  actor: Actor,
  input: { entity: string; sha256: string },
): Promise<Artifact | null> {
  const entity = await requireEntity(s, actor, input.entity, 'viewer');
  const known = await findArtifact(s, entity.id, input.sha256);
  if (known) return complete(input.sha256, known.size, known.createdAt);
  const received = bytesOf(await storedPieces(s.pool, entity.id, input.sha256));
  return received === 0 ? null : { sha256: input.sha256, complete: false, received, createdAt: null };
}

const complete = (sha256: string, received: number, createdAt: Date): Artifact => ({
  sha256,
  complete: true,
  received,
  createdAt: createdAt.toISOString(),
});

const wrongOffset = (start: number, received: number) =>
  new ProblemError(
    'conflict',
    `The piece begins at byte ${start}, but the server has ${received} bytes: go on from there.`,
    {
      code: 'wrong-offset',
    },
  );

function checkRange({ start, end, total }: PieceRange): void {
  if (end < start || end >= total)
    throw refused(
      'The Content-Range is not possible: expected "bytes START-END/TOTAL" with START ≤ END < TOTAL.',
    );
  if (end + 1 < total && end + 1 - start < MIN_PIECE_BYTES)
    throw refused(`A piece must have at least ${MIN_PIECE_BYTES} bytes, unless it is the last one.`);
}

/** Puts the body into the blob store. Its row comes first: what is killed meanwhile is found by the clean-up. */
async function storePiece(
  s: Services,
  entityId: string,
  { sha256, range, body }: UploadInput,
): Promise<StoredPiece> {
  const start = range?.start ?? 0;
  const { id } = await s.prisma.artifactPiece.create({
    data: { entityId, sha256, start },
    select: { id: true },
  });
  const checked = checkArchive(body, {
    size: range === null ? null : range.end + 1 - range.start,
    limit: MAX_ARTIFACT_BYTES,
    first: start === 0,
    sha256: range === null ? sha256 : null,
  });
  try {
    await s.blobs.put(blobKey(id), checked.stream);
  } catch (error) {
    await s.prisma.artifactPiece.delete({ where: { id } }).catch(() => {}); // the clean-up finds it
    throw error;
  }
  return { id, start, size: checked.size() };
}

/** Says that the piece counts, unless another upload has brought that part meanwhile. Gives what there is now, without gaps. */
async function keepPiece(
  s: Services,
  entityId: string,
  sha256: string,
  piece: StoredPiece,
): Promise<StoredPiece[]> {
  const { pieces, kept } = await locked(s, entityId, sha256, async (client) => {
    const { rowCount } = await client.query(
      `UPDATE artifact_pieces p SET stored = true, size = $2 WHERE id = $1 AND NOT EXISTS (
         SELECT FROM artifact_pieces o WHERE o.entity_id = p.entity_id AND o.sha256 = p.sha256 AND o.start = p.start AND o.stored)`,
      [piece.id, piece.size],
    );
    return { kept: rowCount === 1, pieces: await storedPieces(client, entityId, sha256) };
  });
  if (!kept) await dropPieces(s, [piece]);
  return pieces;
}

async function hashOf(s: Services, pieces: readonly StoredPiece[]): Promise<string> {
  const hash = createHash('sha256');
  for (const { id } of pieces)
    for await (const chunk of await s.blobs.get(blobKey(id))) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

/** Makes the archive known. Of two that end at the same time the first counts, and the pieces of the other are cleaned up later. */
async function finish(
  s: Services,
  entityId: string,
  sha256: string,
  pieces: readonly StoredPiece[],
): Promise<Date> {
  return locked(s, entityId, sha256, async (client) => {
    const ids = pieces.map(({ id }) => id);
    const { rows } = await client.query<{ created_at: Date }>(
      `INSERT INTO artifacts (entity_id, sha256, size, pieces) VALUES ($1, $2, $3, $4::uuid[])
       ON CONFLICT (entity_id, sha256) DO UPDATE SET last_used_at = now() RETURNING created_at`,
      [entityId, sha256, bytesOf(pieces), ids],
    );
    const [row] = rows;
    if (!row) throw new Error('an insert gave no row');
    return row.created_at;
  });
}

/** One at a time for each archive. */
function locked<T>(
  s: Services,
  entityId: string,
  sha256: string,
  work: (client: PoolClient) => Promise<T>,
): Promise<T> {
  return withTransaction(s.pool, async (client) => {
    await client.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [
      `artifact ${entityId} ${sha256}`,
    ]);
    return work(client);
  });
}

/** Blobs first: a row without a blob is harmless, a blob without a row would stay for ever. */
export async function dropPieces(s: Services, pieces: readonly { id: string }[]): Promise<void> {
  for (const { id } of pieces) await s.blobs.delete(blobKey(id));
  await s.prisma.artifactPiece.deleteMany({ where: { id: { in: pieces.map(({ id }) => id) } } });
}
