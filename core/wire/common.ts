import { z } from 'zod';

/** Any JSON value. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
/** A JSON object. */
export type JsonObject = { [key: string]: Json };

export const jsonSchema: z.ZodType<Json> = z.lazy(() =>
  z.union([
    z.null(),
    z.boolean(),
    z.number(),
    z.string(),
    z.array(jsonSchema),
    z.record(z.string(), jsonSchema),
  ]),
);
export const jsonObjectSchema = z.record(z.string(), jsonSchema) as z.ZodType<JsonObject>;

/** Largest accepted text of a queue configuration, bytes of UTF-8. */
export const MAX_CONFIG_BYTES = 256 * 1024;
/** Largest accepted JSON request body, bytes. */
export const MAX_BODY_BYTES = 4 * 1024 * 1024;
/** Runs in one batch launch. */
export const MAX_BATCH = 1000;

const NAME = /^[A-Za-z0-9._-]{1,64}$/;
/** Names of entities, queues, jobs, projects: they stand in paths, so `.` and `..` are refused too. */
export const nameSchema = z
  .string()
  .regex(NAME, 'must be 1 to 64 characters: letters, digits, ".", "_" or "-"')
  .refine((name) => name !== '.' && name !== '..', 'must not be "." or ".."')
  .meta({ description: '1 to 64 letters, digits, `.`, `_` or `-`; case-sensitive' });

// eslint-disable-next-line no-control-regex -- control characters are just what is refused
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/;
/** One line of free text of at most `max` characters. */
export const lineSchema = (max: number) =>
  z
    .string()
    .trim()
    .max(max, `must be at most ${max} characters`)
    .refine((text) => !CONTROL.test(text), 'must not contain control characters or line breaks');

/** RFC 3339 time stamp in UTC. */
export const timeSchema = z.iso.datetime({ offset: true }).meta({ description: 'RFC 3339 time' });
export const uuidSchema = z.uuid();

/** Page of a list: `limit` 1 to 200 (default 50), `cursor` from the page before. */
export const pageQuerySchema = z.object({
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().max(200).optional(),
});
export type PageQuery = z.infer<typeof pageQuerySchema>;

/** `{items, nextCursor}`; `nextCursor` is null on the last page. */
export const pageOf = <T extends z.ZodType>(item: T) =>
  z.object({ items: z.array(item), nextCursor: z.string().nullable() });
export interface Page<T> {
  items: T[];
  nextCursor: string | null;
}

/** Where in the request a value is wrong. `path` is dotted: `templateValues.gpus`, `runs.3.name`. */
export const fieldErrorSchema = z
  .object({ path: z.string(), message: z.string() })
  .meta({ id: 'FieldError' });
export type FieldError = z.infer<typeof fieldErrorSchema>;

/** RFC 9457 problem document. */
export const problemSchema = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string().optional(),
    instance: z.string().optional(),
    requestId: z.string().optional(),
    errors: z.array(fieldErrorSchema).optional(),
  })
  .meta({ id: 'Problem' });
export type ProblemDocument = z.infer<typeof problemSchema>;

/** Priorities by name, the first goes first; on the wire of the original they are 0 to 3. */
export const PRIORITIES = ['critical', 'high', 'medium', 'low'] as const;
export const prioritySchema = z.enum(PRIORITIES).meta({ id: 'Priority' });
export type Priority = z.infer<typeof prioritySchema>;
