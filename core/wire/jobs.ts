import { z } from 'zod';
import { sha256Schema } from './artifacts';
import { runStateSchema } from './run-state';
import { jsonObjectSchema, lineSchema, nameSchema, timeSchema, uuidSchema } from './common';

const relativePath = z
  .string()
  .max(1000)
  .refine((p) => !p.startsWith('/') && !p.split(/[\\/]/).includes('..'), 'must be a path inside the source');
const built = {
  directory: relativePath.optional().meta({ description: 'sub-directory that is the build context' }),
  dockerfile: relativePath.optional(),
  pythonVersion: z
    .string()
    .regex(/^\d+\.\d+(\.\d+)?$/)
    .optional(),
};
const entrypoint = z.union([z.string().max(32_768), z.array(z.string().max(32_768)).max(1000)]);

/** Where the code of a job comes from. */
export const jobSourceSchema = z
  .discriminatedUnion('type', [
    z.object({ type: z.literal('image'), image: lineSchema(1000).pipe(z.string().min(1)) }).strict(),
    z
      .object({
        type: z.literal('git'),
        repository: lineSchema(2000).pipe(z.string().min(1)),
        ref: lineSchema(500).optional(),
        commit: z
          .string()
          .regex(/^[0-9a-f]{40,64}$/)
          .optional(),
        ...built,
      })
      .strict(),
    z
      .object({
        type: z.literal('code'),
        artifact: sha256Schema,
        ...built,
      })
      .strict(),
  ])
  .meta({ id: 'JobSource' });
export type JobSource = z.infer<typeof jobSourceSchema>;

export const createJobSchema = z
  .object({
    name: nameSchema,
    description: z.string().max(10_000).default(''),
    source: jobSourceSchema,
    entrypoint: entrypoint.optional(),
    inputSchema: jsonObjectSchema.optional(),
    aliases: z.array(nameSchema).max(20).default([]),
  })
  .strict()
  .meta({ id: 'CreateJob' });
export type CreateJob = z.infer<typeof createJobSchema>;

export const createJobVersionSchema = createJobSchema.omit({ name: true, description: true }).strict();
export type CreateJobVersion = z.infer<typeof createJobVersionSchema>;

/** A run, as jobs name it. */
const jobRunSchema = z.object({
  id: z.string(),
  name: z.string(),
  queue: z.string(),
  state: runStateSchema,
  createdAt: timeSchema,
});

export const jobVersionSchema = z
  .object({
    version: z.int(),
    source: jobSourceSchema,
    entrypoint: z.array(z.string()),
    inputSchema: jsonObjectSchema.nullable(),
    aliases: z.array(z.string()),
    author: z.string(),
    createdAt: timeSchema,
    lastRun: jobRunSchema.nullable().meta({ description: 'the last run of this version' }),
  })
  .meta({ id: 'JobVersion' });
export type JobVersion = z.infer<typeof jobVersionSchema>;

export const jobSchema = z
  .object({
    id: uuidSchema,
    entity: z.string(),
    name: z.string(),
    description: z.string(),
    latest: jobVersionSchema,
    versions: z.int(),
    lastRun: jobRunSchema.nullable(),
    recentRuns: z.int().meta({ description: 'runs launched in the last 30 days' }),
    createdAt: timeSchema,
  })
  .meta({ id: 'Job' });
export type Job = z.infer<typeof jobSchema>;
