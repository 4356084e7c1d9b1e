import { z } from 'zod';
import { lineSchema } from './common';

/** A commit that a branch, tag or the head of a repository is to be looked up for. */
export const resolveRefSchema = z
  .object({
    repository: lineSchema(2000).pipe(z.string().min(1)),
    ref: lineSchema(500)
      .optional()
      .meta({ description: 'branch, tag or commit; the head of the repository otherwise' }),
  })
  .strict();

export const resolvedRefSchema = z
  .object({
    commit: z
      .string()
      .nullable()
      .meta({ description: 'null when the server cannot look it up; an agent does so when it builds' }),
    note: z.string().nullable().meta({ description: 'why there is no commit' }),
  })
  .meta({ id: 'ResolvedRef' });
export type ResolvedRef = z.infer<typeof resolvedRefSchema>;
