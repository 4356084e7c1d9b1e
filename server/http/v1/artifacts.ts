import { z } from 'zod';
import { notFound, refused } from '@/core/problems';
import { artifactSchema, nameSchema, sha256Schema } from '@/core/wire';
import type { Artifact } from '@/core/wire';
import { getArtifact, uploadArtifact } from '../../artifacts';
import type { PieceRange } from '../../artifacts';
import { endpoint, Reply } from '../endpoint';

const PATH = '/api/v1/entities/{entity}/artifacts/{sha256}';
const params = z.object({ entity: nameSchema, sha256: sha256Schema });
const GZIP = 'application/gzip';

export const artifactEndpoints = [
  endpoint({
    method: 'get',
    path: PATH,
    tag: 'Jobs',
    caller: 'user',
    summary: 'How much of an archive of code the server has',
    description: 'Not found when nothing of it is there. `received` is where an upload in pieces goes on.',
    params,
    answer: artifactSchema,
    handle: async ({ services, actor, params: ref }) => {
      const artifact = await getArtifact(services, actor, ref);
      if (!artifact) throw notFound('The archive');
      return artifact;
    },
  }),
  endpoint({
    method: 'put',
    path: PATH,
    tag: 'Jobs',
    caller: 'user',
    summary: 'Upload an archive of code, whole or in pieces',
    description:
      'A gzip-compressed tar archive of at most 512 MiB, named by its SHA-256. Whole, or in pieces of 1 MiB at least, one after the other, each with `Content-Range: bytes START-END/TOTAL`; a piece that does not follow what is there is refused with 409 `wrong-offset`. Sending again what is there does no harm.',
    params,
    headers: { 'Content-Range': '`bytes START-END/TOTAL` when the body is a piece of the archive' },
    rawBody: { type: GZIP, description: 'The bytes of the archive, or of the piece' },
    answer: artifactSchema,
    status: 201,
    alsoStatus: { 200: 'It was there already', 202: 'The piece is stored, others are missing' },
    handle: async ({ services, actor, params: ref, c }) => {
      const length = c.req.header('content-length');
      const { known, ...artifact } = await uploadArtifact(services, actor, {
        ...ref,
        range: readRange(c.req.header('content-range')),
        contentLength: length === undefined ? null : Number(length),
        body: bodyOf(c.req.raw),
      });
      return new Reply<Artifact>(statusOf(artifact, known), artifact);
    },
  }),
];

const statusOf = ({ complete }: Artifact, known: boolean) => {
  if (known) return 200;
  return complete ? 201 : 202;
};

function readRange(header: string | undefined): PieceRange | null {
  if (header === undefined) return null;
  const [, start, end, total] = /^bytes (\d{1,12})-(\d{1,12})\/(\d{1,12})$/.exec(header) ?? [];
  if (start === undefined || end === undefined || total === undefined)
    throw refused('The header Content-Range is not readable.', [
      { path: 'Content-Range', message: 'must be "bytes START-END/TOTAL"' },
    ]);
  return { start: Number(start), end: Number(end), total: Number(total) };
}

async function* bodyOf(request: Request): AsyncGenerator<Uint8Array> {
  if (request.body) yield* request.body as unknown as AsyncIterable<Uint8Array>;
}
