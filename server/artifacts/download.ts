import { Readable } from 'node:stream';
import { ProblemError, notFound } from '@/core/problems';
import type { AgentActor } from '../access/actor';
import { BlobMissing } from '../blobs';
import type { Services } from '../services';
import { blobKey, findArtifact } from './find';

/**
 * The archive of a run, for an agent. An agent token opens only archives of runs that its agents have leased and that have not ended:
 * nothing else that the entity has uploaded. The launch has checked that its author may use the archive.
 */
export async function downloadForAgent(
  s: Services,
  actor: AgentActor,
  { sha256 }: { sha256: string },
): Promise<{ size: number; stream: Readable }> {
  const { rows } = await s.pool.query<{ entity_id: string }>(
    `SELECT a.entity_id FROM artifacts a WHERE a.sha256 = $2 AND EXISTS (
       SELECT FROM agents g JOIN runs r ON r.agent_id = g.id AND r.state IN ('leased', 'building', 'starting', 'running')
       JOIN run_specs x ON x.run_id = r.id
       WHERE g.token_id = $1 AND x.spec -> 'source' ->> 'artifact' = $2)
     LIMIT 1`,
    [actor.tokenId, sha256],
  );
  const found = rows[0] && (await findArtifact(s, rows[0].entity_id, sha256));
  if (!found) throw notFound('The archive of a run that this agent has');
  const [first, ...others] = found.pieces;
  if (first === undefined) throw new Error(`artifact ${sha256} has no pieces`);
  const opened = await s.blobs.get(blobKey(first)).catch((error: unknown) => {
    if (!(error instanceof BlobMissing)) throw error;
    s.log.error({ sha256, piece: first }, 'the blob store has lost a piece of an archive');
    throw new ProblemError(
      'unavailable',
      'The archive is known, but the blob store does not have it any more. Upload the code again.',
      {
        code: 'blob-missing',
        cause: error,
      },
    );
  });
  return { size: found.size, stream: Readable.from(joined(s, opened, others), { objectMode: false }) };
}

async function* joined(s: Services, first: Readable, others: readonly string[]): AsyncGenerator<Uint8Array> {
  yield* first as AsyncIterable<Uint8Array>;
  for (const id of others) yield* (await s.blobs.get(blobKey(id))) as AsyncIterable<Uint8Array>;
}
