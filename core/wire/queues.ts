import { z } from 'zod';
import { jsonSchema, lineSchema, nameSchema, pageQuerySchema, timeSchema, uuidSchema } from './common';

export const RESOURCES = [
  'local-container',
  'local-process',
  'kubernetes',
  'sagemaker',
  'gcp-vertex',
] as const;
export const resourceSchema = z.enum(RESOURCES).meta({ id: 'Resource' });
/** Kind of compute a queue points at. */
export type ResourceId = z.infer<typeof resourceSchema>;

export const configFormatSchema = z.enum(['yaml', 'json']).meta({ id: 'ConfigFormat' });
export type ConfigFormat = z.infer<typeof configFormatSchema>;

/** The configuration as it was typed, comments included. Its size is checked by `core/templates` (256 KiB). */
export const configSourceSchema = z
  .object({ format: configFormatSchema, source: z.string() })
  .meta({ id: 'ConfigSource' });
export type ConfigSource = z.infer<typeof configSourceSchema>;

// ---------------------------------------------------------------- template variables

export const VARIABLE_NAME = /^[A-Za-z][A-Za-z0-9_-]*$/;
export const variableNameSchema = z
  .string()
  .max(64)
  .regex(VARIABLE_NAME, 'must begin with a letter and hold only letters, digits, "_" and "-"');

export const variableTypeSchema = z.enum(['string', 'integer', 'float']);
export type VariableType = z.infer<typeof variableTypeSchema>;

/** One tile: what a submitter may put in for a placeholder. Cross-field rules are in `core/templates`. */
export const templateVariableSchema = z
  .object({
    type: variableTypeSchema,
    description: z.string().max(2000).optional(),
    default: z.union([z.string().max(10_000), z.number()]).optional(),
    min: z.number().optional().meta({ description: 'integer and float only' }),
    max: z.number().optional().meta({ description: 'integer and float only' }),
    options: z
      .array(z.union([z.string().max(10_000), z.number()]))
      .max(1000)
      .optional()
      .meta({ description: 'the values allowed; none or an empty list means any' }),
    pattern: z
      .string()
      .max(500)
      .optional()
      .meta({ description: 'string only: a regular expression the whole value must match' }),
  })
  .strict()
  .meta({ id: 'TemplateVariable' });
export type TemplateVariable = z.infer<typeof templateVariableSchema>;

export const templateVariablesSchema = z.record(variableNameSchema, templateVariableSchema);
export type TemplateVariables = z.infer<typeof templateVariablesSchema>;

/** Values a submitter gives, by variable name. */
export const templateValuesSchema = z.record(
  z.string().max(64),
  z.union([z.string().max(100_000), z.number(), z.boolean(), z.null()]),
);
export type TemplateValues = z.infer<typeof templateValuesSchema>;

// ---------------------------------------------------------------- parse

export const severitySchema = z.enum(['error', 'warning', 'info']);
/** Something to say about a configuration. `line` and `column` count from 1; `path` is dotted, list items by number. */
export const configProblemSchema = z
  .object({
    severity: severitySchema,
    message: z.string(),
    line: z.int().optional(),
    column: z.int().optional(),
    endLine: z.int().optional(),
    endColumn: z.int().optional(),
    path: z.string().optional(),
    /** Set when the problem is in a tile. */
    variable: z.string().optional(),
  })
  .meta({ id: 'ConfigProblem' });
export type ConfigProblem = z.infer<typeof configProblemSchema>;

export const placeholderSchema = z
  .object({
    name: z.string(),
    path: z.string(),
    line: z.int(),
    column: z.int(),
    endColumn: z.int(),
    wholeValue: z.boolean(),
    suggestedType: variableTypeSchema,
  })
  .meta({ id: 'Placeholder' });
export type Placeholder = z.infer<typeof placeholderSchema>;

export const macroUseSchema = z
  .object({
    name: z.string(),
    path: z.string(),
    line: z.int(),
    column: z.int(),
    endColumn: z.int(),
    /** One of the macros of Slipway; otherwise perhaps a variable of the agent (`macro_env`). */
    known: z.boolean(),
  })
  .meta({ id: 'MacroUse' });
export type MacroUse = z.infer<typeof macroUseSchema>;

export const parseRequestSchema = z.object({
  resource: resourceSchema,
  format: configFormatSchema,
  source: z.string(),
  templates: templateVariablesSchema.optional(),
});
export type ParseRequest = z.infer<typeof parseRequestSchema>;
export const parseAnswerSchema = z
  .object({
    placeholders: z.array(placeholderSchema),
    macros: z.array(macroUseSchema),
    problems: z.array(configProblemSchema),
    /** A tile for each placeholder: settings given in the request are kept, new ones get the suggested type. */
    templates: templateVariablesSchema,
  })
  .meta({ id: 'ParseAnswer' });
export type ParseAnswer = z.infer<typeof parseAnswerSchema>;

// ---------------------------------------------------------------- queues

export const FAILURE_CATEGORIES = [
  'user-error',
  'oom',
  'image-pull',
  'build',
  'agent-lost',
  'start-timeout',
  'config',
  'quota',
  'deleted',
  'platform',
  'internal',
] as const;
export const failureCategorySchema = z.enum(FAILURE_CATEGORIES);
export type FailureCategory = z.infer<typeof failureCategorySchema>;

/** When a failed run is put back into its queue by itself. Preemptions and lost agents never use up `limit`. */
export const retryPolicySchema = z
  .object({
    limit: z.int().min(0).max(100).default(0),
    categories: z.array(failureCategorySchema).max(20).default([]),
    exitCodes: z.array(z.int().min(0).max(255)).max(256).default([]),
    backoffSeconds: z
      .number()
      .min(0)
      .max(86_400)
      .default(10)
      .meta({ description: 'before the first retry; doubled each time' }),
    maxBackoffSeconds: z.number().min(0).max(86_400).default(600),
  })
  .strict()
  .meta({ id: 'RetryPolicy' });
export type RetryPolicy = z.infer<typeof retryPolicySchema>;

/** A dotted path or JSON pointer that `resourceArgs` may set; `*` stands for one key. */
export const allowPathSchema = z.string().min(1).max(500);

const queueSettings = {
  prioritized: z.boolean(),
  description: z.string().max(10_000),
  maxInFlight: z.int().min(1).max(1_000_000).nullable(),
  retryPolicy: retryPolicySchema,
  overrideAllow: z.array(allowPathSchema).max(200),
  startTimeoutSeconds: z
    .int()
    .min(10)
    .max(7 * 86_400),
  stopGraceSeconds: z.int().min(0).max(86_400).nullable(),
  config: configSourceSchema,
  templates: templateVariablesSchema,
  note: lineSchema(500).meta({ description: 'said of this version of the configuration' }),
};

export const createQueueSchema = z
  .object({
    name: nameSchema,
    resource: resourceSchema,
    prioritized: queueSettings.prioritized.default(false),
    description: queueSettings.description.default(''),
    maxInFlight: queueSettings.maxInFlight.default(null),
    retryPolicy: queueSettings.retryPolicy.prefault({}),
    overrideAllow: queueSettings.overrideAllow.default([]),
    startTimeoutSeconds: queueSettings.startTimeoutSeconds.default(1800),
    stopGraceSeconds: queueSettings.stopGraceSeconds.default(null),
    config: queueSettings.config.default({ format: 'yaml', source: '' }),
    templates: queueSettings.templates.default({}),
    note: queueSettings.note.default(''),
  })
  .strict()
  .meta({ id: 'CreateQueue' });
export type CreateQueue = z.infer<typeof createQueueSchema>;
export type CreateQueueInput = z.input<typeof createQueueSchema>;

export const updateQueueSchema = z
  .object({
    ...queueSettings,
    /** The version this change was made from: 409 if the queue has moved on. */
    baseVersion: z.int().min(1),
  })
  .partial()
  .strict()
  .meta({ id: 'UpdateQueue' });
export type UpdateQueue = z.infer<typeof updateQueueSchema>;

export const pauseSchema = z.object({ note: lineSchema(500).default('') }).strict();

export const queueDaySchema = z
  .object({
    waiting: z.array(z.int()).meta({ description: 'runs that waited, hour by hour, the last entry is now' }),
    waitP95Seconds: z
      .number()
      .nullable()
      .meta({ description: 'of the runs that started; null when none did' }),
    finished: z.int(),
    failed: z.int(),
  })
  .meta({ id: 'QueueDay' });
export type QueueDay = z.infer<typeof queueDaySchema>;

export const QUEUE_STATES = [
  'paused',
  'unserved',
  'blocked',
  'no-agent',
  'agents-paused',
  'failing',
  'active',
] as const;
/** The condition of a queue, as its badge shows it. */
export const queueStateSchema = z.enum(QUEUE_STATES);
export type QueueState = z.infer<typeof queueStateSchema>;

export const queueListQuerySchema = pageQuerySchema.extend({
  q: z.string().max(200).optional().meta({ description: 'in name or description, in any case' }),
  resource: resourceSchema.optional(),
  state: queueStateSchema.optional(),
});
export type QueueListQuery = z.infer<typeof queueListQuerySchema>;

/** The queues of an entity in a few numbers. */
export const overviewSchema = z
  .object({
    queues: z.int(),
    waiting: z.int(),
    inFlight: z.int(),
    oldestWait: z.object({ queue: z.string(), since: timeSchema }).nullable(),
    /** Queues where runs wait and no agent is online. */
    uncovered: z.int(),
    agents: z.object({ online: z.int(), lost: z.int(), ever: z.boolean() }),
    firstRun: z
      .enum(['none', 'launched', 'finished'])
      .meta({ description: 'how far the entity has come: `finished` once a run has, or there are 200' }),
  })
  .meta({ id: 'Overview' });
export type Overview = z.infer<typeof overviewSchema>;

export const queueSummarySchema = z
  .object({
    id: uuidSchema,
    entity: z.string(),
    name: z.string(),
    resource: resourceSchema,
    prioritized: z.boolean(),
    description: z.string(),
    maxInFlight: z.int().nullable(),
    version: z.int(),
    paused: z.object({ at: timeSchema, by: z.string(), note: z.string() }).nullable(),
    createdAt: timeSchema,
    createdBy: z.string(),
    updatedAt: timeSchema,
    counts: z.object({ waiting: z.int(), inFlight: z.int() }),
    /** Agents that serve the queue. `slots` is null when one of them has no limit. `everHad`: was there ever one. */
    agents: z.object({
      online: z.int(),
      paused: z.int().meta({ description: 'of those online: paused or draining, they take no work' }),
      busy: z.int(),
      slots: z.int().nullable(),
      everHad: z.boolean(),
      lastSeenAt: timeSchema.nullable(),
    }),
    /** Since when its oldest waiting run waits. */
    oldestWaitingSince: timeSchema.nullable(),
    /** Whether an agent of this release can run this resource at all. */
    servable: z.boolean(),
    /** The last five runs that ended within a day all failed. */
    failing: z.boolean(),
    closedSecrets: z.array(z.string()).meta({
      description: 'names of secrets that the server cannot open; no run is handed out without them',
    }),
    /** Figures of the last 24 hours; they may be half a minute old. */
    day: queueDaySchema,
  })
  .meta({ id: 'QueueSummary' });
export type QueueSummary = z.infer<typeof queueSummarySchema>;

export const queueSchema = queueSummarySchema
  .extend({
    config: configSourceSchema,
    templates: templateVariablesSchema,
    problems: z.array(configProblemSchema),
    retryPolicy: retryPolicySchema,
    overrideAllow: z.array(z.string()),
    startTimeoutSeconds: z.int(),
    stopGraceSeconds: z.int().nullable(),
    secrets: z.array(z.string()).meta({ description: 'names only' }),
  })
  .meta({ id: 'Queue' });
export type Queue = z.infer<typeof queueSchema>;

export const queueVersionSchema = z
  .object({
    version: z.int(),
    author: z.string(),
    createdAt: timeSchema,
    note: z.string(),
    runs: z.int().meta({ description: 'runs that were enqueued with it' }),
    config: configSourceSchema,
    templates: templateVariablesSchema,
    problems: z.array(configProblemSchema),
  })
  .meta({ id: 'QueueVersion' });
export type QueueVersion = z.infer<typeof queueVersionSchema>;

/** What launches have overridden on a queue: each template value and override path with how often. */
export const queueOverridesSchema = z
  .object({
    templateValues: z.array(z.object({ name: z.string(), value: jsonSchema, runs: z.int() })),
    resourceArgs: z.array(z.object({ path: z.string(), value: jsonSchema, runs: z.int() })),
  })
  .meta({ id: 'QueueOverrides' });
export type QueueOverrides = z.infer<typeof queueOverridesSchema>;

export const secretNameSchema = z
  .string()
  .regex(/^[A-Za-z_][A-Za-z0-9_]{0,127}$/, 'must be a name of an environment variable');
export const putSecretSchema = z
  .object({
    value: z
      .string()
      .min(1)
      .max(64 * 1024),
  })
  .strict();
export const secretSchema = z
  .object({ name: z.string(), updatedAt: timeSchema, updatedBy: z.string() })
  .meta({ id: 'SecretName' });
export type SecretName = z.infer<typeof secretSchema>;

/** `?force=true` of a deletion: stop what is in flight, then delete. */
export const deleteQueueQuerySchema = z.object({ force: z.enum(['true', 'false']).default('false') });
