import { z } from 'zod';
import {
  MAX_BATCH,
  fieldErrorSchema,
  jsonObjectSchema,
  jsonSchema,
  lineSchema,
  nameSchema,
  pageQuerySchema,
  prioritySchema,
  timeSchema,
} from './common';
import { configProblemSchema, failureCategorySchema, resourceSchema, templateValuesSchema } from './queues';
import { jobSourceSchema } from './jobs';
import { runStateSchema } from './run-state';

export const failurePhaseSchema = z.enum(['agent', 'build', 'submit', 'run']);
export type FailurePhase = z.infer<typeof failurePhaseSchema>;
export const failureSchema = z
  .object({
    phase: failurePhaseSchema,
    category: failureCategorySchema,
    message: z.string(),
    exitCode: z.int().nullable(),
  })
  .meta({ id: 'Failure' });
export type Failure = z.infer<typeof failureSchema>;

/** Run ids are container, Kubernetes and SageMaker names. */
export const RUN_ID = /^[a-z][a-z0-9]{7,15}$/;
export const runIdSchema = z.string().regex(RUN_ID, 'is not a run id');

// ---------------------------------------------------------------- launching

/** A command as a list, or as text that is split as a shell splits it (without a shell). */
export const commandSchema = z.union([z.string().max(32_768), z.array(z.string().max(32_768)).max(1000)]);
export const envNameSchema = z
  .string()
  .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'must be letters, digits and "_", not beginning with a digit')
  .max(256);

export const launchSchema = z
  .object({
    job: z
      .string()
      .max(200)
      .optional()
      .meta({ description: '`name` (latest), `name:v3` or `name:alias`, or `entity/name:v3`' }),
    image: lineSchema(1000).pipe(z.string().min(1)).optional(),
    source: jobSourceSchema.optional(),
    name: lineSchema(128).pipe(z.string().min(1)).optional(),
    project: nameSchema.optional(),
    priority: prioritySchema.optional(),
    templateValues: templateValuesSchema.default({}),
    args: z.array(z.string().max(32_768)).max(1000).optional(),
    entrypoint: commandSchema.optional(),
    env: z.record(envNameSchema, z.string().max(128 * 1024)).default({}),
    config: jsonObjectSchema.optional().meta({ description: 'handed to the program as SLIPWAY_CONFIG' }),
    resourceArgs: jsonObjectSchema
      .optional()
      .meta({ description: 'only paths on the allow-list of the queue' }),
    notBefore: timeSchema.optional(),
    labels: z
      .array(lineSchema(100).pipe(z.string().min(1)))
      .max(50)
      .default([]),
  })
  .strict()
  .meta({ id: 'Launch' });
export type Launch = z.infer<typeof launchSchema>;
export type LaunchInput = z.input<typeof launchSchema>;

export const batchLaunchSchema = z.object({ runs: z.array(launchSchema).min(1).max(MAX_BATCH) }).strict();
export const batchAnswerSchema = z.object({ runs: z.array(z.object({ id: z.string(), name: z.string() })) });

/** Where a value of the resolved configuration comes from. */
export const ORIGINS = ['queue', 'template', 'override', 'macro', 'default', 'launch'] as const;
export const originSchema = z.enum(ORIGINS);
export type Origin = z.infer<typeof originSchema>;
/** JSON pointer of each leaf → origin. */
export const originsSchema = z.record(z.string(), originSchema);
export type Origins = z.infer<typeof originsSchema>;

export const submissionSchema = z
  .object({
    kind: z.enum(['docker-run', 'process', 'kubernetes', 'sagemaker', 'vertex']),
    /** As a person reads it: a command line, YAML or JSON. */
    text: z.string(),
    argv: z.array(z.string()).optional(),
    document: jsonSchema.optional(),
    /** For each element of `argv` (docker, process), variable of a process (`/env/NAME`) or leaf of `document`: by JSON pointer (`/3`, `/spec/template`). */
    origins: originsSchema,
  })
  .meta({ id: 'Submission' });
export type Submission = z.infer<typeof submissionSchema>;

export const previewSchema = z
  .object({
    resolvedConfig: jsonSchema,
    origins: originsSchema,
    submission: submissionSchema.nullable(),
    problems: z.array(configProblemSchema),
    errors: z.array(fieldErrorSchema).meta({ description: 'what a launch would be refused for' }),
  })
  .meta({ id: 'Preview' });
export type Preview = z.infer<typeof previewSchema>;

/** A piece of what a run consists of at its resource. `state` is the resource's own word: `Running`, `Pending`, `OOMKilled`. */
export const runPartSchema = z
  .object({
    name: z.string().max(300),
    kind: z.enum(['pod', 'instance', 'worker-pool']),
    state: z.string().max(100),
    message: z.string().max(1000).optional(),
    /** In the console of the cloud. */
    url: z.string().max(2000).optional(),
  })
  .meta({ id: 'RunPart' });
export type RunPart = z.infer<typeof runPartSchema>;
/** Parts in one event; of more only the first are told. */
export const MAX_PARTS = 200;

// ---------------------------------------------------------------- runs

export const WAIT_REASONS = [
  'ready',
  'agents-busy',
  'no-agent',
  'never-had-agent',
  'no-runner',
  'paused',
  'limit',
  'not-before',
  'backoff',
  'awaiting-host',
  'awaiting-adoption',
  'agents-paused',
  'secrets-closed',
] as const;
export const waitingSchema = z
  .object({
    reason: z.enum(WAIT_REASONS),
    message: z.string(),
    /** 1 for the next run of its queue. */
    position: z.int().nullable(),
    ahead: z.int().nullable(),
    /** Whose runs are before it, in people. */
    peopleAhead: z.int().nullable(),
    /** From the last starts of the queue; null when too little is known. */
    estimateSeconds: z.number().nullable(),
  })
  .meta({ id: 'Waiting' });
export type Waiting = z.infer<typeof waitingSchema>;

export const runSummarySchema = z
  .object({
    id: z.string(),
    name: z.string(),
    entity: z.string(),
    queue: z.string(),
    queueDeleted: z.boolean(),
    queueVersion: z.int(),
    resource: resourceSchema,
    project: z.string().nullable(),
    state: runStateSchema,
    /** A stop was asked for and has not ended yet. */
    stopping: z.boolean(),
    priority: prioritySchema.nullable().meta({ description: 'null where the queue has no priorities' }),
    attempt: z.int(),
    author: z.string(),
    job: z.object({ name: z.string(), version: z.int() }).nullable(),
    image: z.string().nullable(),
    labels: z.array(z.string()),
    agent: z.object({ id: z.string(), name: z.string() }).nullable(),
    failure: failureSchema.nullable(),
    exitCode: z.int().nullable(),
    createdAt: timeSchema,
    notBefore: timeSchema.nullable(),
    leasedAt: timeSchema.nullable(),
    submittedAt: timeSchema.nullable(),
    startedAt: timeSchema.nullable(),
    endedAt: timeSchema.nullable(),
    waiting: waitingSchema.nullable(),
  })
  .meta({ id: 'RunSummary' });
export type RunSummary = z.infer<typeof runSummarySchema>;

export const runSchema = runSummarySchema
  .extend({
    source: jobSourceSchema.nullable().meta({ description: 'what it runs; null for a plain command' }),
    externalRef: z.string().nullable(),
    retries: z.int(),
    preemptions: z.int(),
    stop: z.object({ at: timeSchema, by: z.string(), killAfterSeconds: z.int() }).nullable(),
    entrypoint: z.array(z.string()).nullable(),
    args: z.array(z.string()),
    env: z.record(z.string(), z.string()),
    config: jsonObjectSchema.nullable(),
    templateValues: templateValuesSchema,
    resourceArgs: jsonObjectSchema.nullable(),
    log: z.object({ bytes: z.int(), truncated: z.boolean(), complete: z.boolean() }),
    warnings: z.array(
      z.object({ reason: z.string(), message: z.string(), count: z.int(), lastAt: timeSchema }),
    ),
    permissions: z.object({ stop: z.boolean(), requeue: z.boolean(), edit: z.boolean() }),
  })
  .meta({ id: 'Run' });
export type Run = z.infer<typeof runSchema>;

export const runListQuerySchema = pageQuerySchema.extend({
  queue: z.string().optional(),
  state: z
    .string()
    .optional()
    .meta({ description: 'one or several states, separated by commas; `active` means not ended' }),
  project: z.string().optional(),
  author: z.string().optional(),
  label: z.string().optional(),
  job: z.string().max(200).optional().meta({ description: 'name of a job, or `name:v3` for one version' }),
  category: failureCategorySchema.optional().meta({ description: 'failed runs of this category' }),
  from: timeSchema.optional().meta({ description: 'launched at or after' }),
  to: timeSchema.optional().meta({ description: 'launched before' }),
  q: z.string().max(200).optional().meta({ description: 'in id or name' }),
  order: z
    .enum(['newest', 'queue'])
    .default('newest')
    .meta({ description: '`queue`: waiting runs in the order they will start' }),
});
export type RunListQuery = z.infer<typeof runListQuerySchema>;

/** What a list, a bulk action or a saved view keeps of the runs. */
export const runFilterSchema = runListQuerySchema
  .omit({ limit: true, cursor: true, order: true })
  .partial()
  .strict()
  .meta({ id: 'RunFilter' });
export type RunFilter = z.infer<typeof runFilterSchema>;

export const runHistogramQuerySchema = runListQuerySchema
  .omit({ limit: true, cursor: true, order: true })
  .extend({ bins: z.coerce.number().int().min(1).max(200).default(60) });
export const runHistogramSchema = z
  .object({
    from: timeSchema,
    to: timeSchema,
    stepSeconds: z.number(),
    total: z.int(),
    bins: z.array(
      z.object({ at: timeSchema, active: z.int(), finished: z.int(), failed: z.int(), stopped: z.int() }),
    ),
  })
  .meta({ id: 'RunHistogram' });
export type RunHistogram = z.infer<typeof runHistogramSchema>;

export const saveRunViewSchema = z
  .object({
    name: lineSchema(64).pipe(z.string().min(1)),
    filter: runFilterSchema.default({}),
    columns: z.array(z.string().max(40)).max(30).default([]),
  })
  .strict();
export type SaveRunView = z.infer<typeof saveRunViewSchema>;
/** A saved way of looking at the runs of an entity. No columns: those that are shown by default. */
export const runViewSchema = z
  .object({
    id: z.string(),
    name: z.string(),
    filter: runFilterSchema,
    columns: z.array(z.string()),
    author: z.string(),
    updatedAt: timeSchema,
    mayChange: z.boolean(),
  })
  .meta({ id: 'RunView' });
export type RunView = z.infer<typeof runViewSchema>;

export const updateRunSchema = z
  .object({ name: lineSchema(128).pipe(z.string().min(1)), priority: prioritySchema })
  .partial()
  .strict();
export type UpdateRun = z.infer<typeof updateRunSchema>;

export const runEventSchema = z
  .object({
    seq: z.int(),
    at: timeSchema,
    attempt: z.int(),
    actor: z.string(),
    kind: z.string(),
    state: runStateSchema.nullable(),
    data: jsonSchema,
  })
  .meta({ id: 'RunEvent' });
export type RunEvent = z.infer<typeof runEventSchema>;

export const runSubmissionSchema = z
  .object({ attempt: z.int(), createdAt: timeSchema, submission: submissionSchema })
  .meta({ id: 'RunSubmission' });
export type RunSubmission = z.infer<typeof runSubmissionSchema>;

export const bulkSchema = z
  .object({
    action: z.enum(['stop', 'requeue', 'priority']),
    priority: prioritySchema.optional(),
    ids: z.array(runIdSchema).max(1000).optional(),
    filter: runFilterSchema.optional(),
    dryRun: z
      .boolean()
      .optional()
      .meta({ description: 'only count: `matched` says how many runs it would be' }),
    expect: z.int().optional().meta({ description: 'refuse (409) unless so many runs match now' }),
  })
  .strict();
export const bulkAnswerSchema = z.object({
  matched: z.int().meta({ description: 'runs that the action is for; at most 1000 are changed by one call' }),
  results: z.array(z.object({ id: z.string(), ok: z.boolean(), message: z.string().optional() })),
});
export type BulkAnswer = z.infer<typeof bulkAnswerSchema>;
