import { z } from 'zod';
import { timeSchema } from './common';

export const logQuerySchema = z.object({
  offset: z.coerce.number().int().min(0).default(0),
  limit: z.coerce
    .number()
    .int()
    .min(1)
    .max(8 * 1024 * 1024)
    .default(1024 * 1024),
});
/** Kinds of log chunks. */
export const logStreamSchema = z.enum(['stdout', 'stderr', 'build', 'system']);
export type LogStream = z.infer<typeof logStreamSchema>;

/** Only some streams (separated by commas), or only one writer. */
const logFilterSchema = z.object({
  stream: z
    .string()
    .transform((text) => text.split(','))
    .pipe(z.array(logStreamSchema).min(1).max(4))
    .optional()
    .meta({ description: 'one or several of stdout, stderr, build, system, separated by commas' }),
  source: z
    .string()
    .min(1)
    .max(253)
    .optional()
    .meta({ description: 'only this writer (a pod, an instance, a replica)' }),
});

export const logLinesQuerySchema = logFilterSchema.extend({
  from: z.coerce
    .number()
    .int()
    .min(0)
    .max(Number.MAX_SAFE_INTEGER)
    .optional()
    .meta({ description: 'first row, from 0; without it the last rows come' }),
  limit: z.coerce.number().int().min(1).max(2000).default(500),
});
/** Rows of a log. With a filter `from` and `total` count the rows that pass it; numbers are those of the whole log. */
export const logLinesAnswerSchema = z
  .object({
    from: z.int(),
    total: z.int(),
    bytes: z.int(),
    complete: z.boolean(),
    truncated: z.boolean(),
    lines: z.array(
      z.object({
        number: z.int(),
        offset: z.int(),
        bytes: z.int(),
        text: z
          .string()
          .meta({ description: 'of a line drawn over itself with carriage returns, the last state' }),
        cutBytes: z.int().meta({ description: 'bytes left out at the end of a very long line' }),
        redraws: z.int(),
        stream: logStreamSchema,
        source: z.string().nullable(),
        at: timeSchema,
      }),
    ),
  })
  .meta({ id: 'LogLines' });
export type LogLinesAnswer = z.infer<typeof logLinesAnswerSchema>;

export const logOutlineSchema = z
  .object({
    total: z.int(),
    phases: z.array(
      z.object({
        kind: z.enum(['build', 'run']),
        execution: z.int(),
        firstLine: z.int(),
        from: timeSchema,
        to: timeSchema,
      }),
    ),
    groups: z.array(
      z.object({ line: z.int(), kind: z.enum(['folded', 'open', 'quiet']), title: z.string() }),
    ),
    writers: z.array(
      z.object({ stream: logStreamSchema, source: z.string().nullable(), lines: z.int(), bytes: z.int() }),
    ),
  })
  .meta({ id: 'LogOutline' });
export type LogOutline = z.infer<typeof logOutlineSchema>;

export const logDownloadQuerySchema = logFilterSchema.extend({
  format: z
    .enum(['raw', 'text'])
    .default('raw')
    .meta({ description: '`text`: without colours, progress bars in their last state' }),
  timestamps: z.enum(['true', 'false']).default('false'),
});

export const logSearchQuerySchema = logFilterSchema.extend({
  q: z.string().min(1).max(500),
  regex: z.enum(['true', 'false']).default('false'),
  context: z.coerce.number().int().min(0).max(20).default(0),
  limit: z.coerce.number().int().min(1).max(1000).default(200),
});
export const logSearchAnswerSchema = z
  .object({
    hits: z.array(
      z.object({
        /** In the whole log, from 1. */
        line: z.int(),
        /** In what was searched, from 0. */
        row: z.int(),
        offset: z.int(),
        text: z.string(),
        before: z.array(z.string()),
        after: z.array(z.string()),
      }),
    ),
    total: z.int(),
    truncated: z.boolean(),
    rows: z.array(z.int()).meta({ description: 'rows (from 0) of all hits, at most 20,000' }),
    /** Rows that were searched. */
    searched: z.int(),
  })
  .meta({ id: 'LogSearch' });
export type LogSearchAnswer = z.infer<typeof logSearchAnswerSchema>;
