import { z } from 'zod';
import { timeSchema } from './common';

/** Largest archive of source code, bytes. */
export const MAX_ARTIFACT_BYTES = 512 * 1024 * 1024;
/** Least bytes of one piece of an archive that is uploaded in pieces; the last piece may be smaller. */
export const MIN_PIECE_BYTES = 1024 * 1024;

export const sha256Schema = z.string().regex(/^[0-9a-f]{64}$/, 'must be a SHA-256 in hexadecimal');

/** How much of an archive the server has. */
export const artifactSchema = z
  .object({
    sha256: sha256Schema,
    complete: z.boolean().meta({ description: 'whole, checked, and ready to be launched' }),
    received: z.int().meta({ description: 'bytes that are there: where the next piece begins' }),
    createdAt: timeSchema.nullable().meta({ description: 'when it became complete' }),
  })
  .meta({ id: 'Artifact' });
export type Artifact = z.infer<typeof artifactSchema>;
