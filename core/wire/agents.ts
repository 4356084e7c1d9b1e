import { z } from 'zod';
import { jsonObjectSchema, lineSchema, nameSchema, problemSchema, timeSchema, uuidSchema } from './common';
import { logStreamSchema } from './logs';
import { failureSchema, runIdSchema } from './runs';
import { runStateSchema } from './run-state';
import { launchSpecSchema } from './launch-spec';

// ---------------------------------------------------------------- what people see of agents

/** Runs that have to fail in a row, before their program ran, for the agent to count as sick. */
export const SICK_AFTER_FAILURES = 5;
export const agentStatusSchema = z.enum(['online', 'draining', 'paused', 'lost', 'stopped']);
export const agentSchema = z
  .object({
    id: uuidSchema,
    name: z.string(),
    hostname: z.string(),
    version: z.string(),
    status: agentStatusSchema,
    queues: z.array(z.object({ name: z.string(), exists: z.boolean() })),
    maxJobs: z.int().meta({ description: '-1: no limit' }),
    running: z.array(
      z.object({ id: z.string(), name: z.string(), state: runStateSchema, queue: z.string() }),
    ),
    config: jsonObjectSchema.meta({ description: 'without secrets' }),
    command: z.enum(['none', 'drain', 'stop']),
    pauseNote: z.string().nullable(),
    pausedBy: z.string().nullable().meta({ description: 'null while it is paused: by the server itself' }),
    pausedUntil: timeSchema.nullable().meta({ description: 'when it goes on by itself' }),
    health: z
      .object({
        sick: z.boolean().meta({
          description: `${SICK_AFTER_FAILURES} runs or more failed in a row before their program ran`,
        }),
        failuresInRow: z.int().meta({
          description: 'in phase agent or build, or in phase submit where the platform is to blame',
        }),
        lastFailure: z.string().nullable().meta({ description: 'message of the latest of them' }),
        recentEnded: z.int().meta({ description: 'of its last 20 runs' }),
        recentFailed: z.int(),
      })
      .meta({ description: 'how its runs went' }),
    tokenName: z.string().nullable(),
    lastHeartbeatAt: timeSchema,
    createdAt: timeSchema,
  })
  .meta({ id: 'Agent' });
export type Agent = z.infer<typeof agentSchema>;

/** A run that has ended on an agent. */
export const agentRunSchema = z
  .object({
    id: z.string(),
    name: z.string(),
    state: runStateSchema,
    queue: z.string(),
    failure: failureSchema.nullable(),
    startedAt: timeSchema.nullable(),
    endedAt: timeSchema,
  })
  .meta({ id: 'AgentRun' });
export type AgentRun = z.infer<typeof agentRunSchema>;

export const pauseAgentSchema = z
  .object({
    note: z.string().max(500).default(''),
    minutes: z
      .int()
      .min(1)
      .max(60 * 24 * 30)
      .nullable()
      .default(null)
      .meta({ description: 'after so long it goes on by itself; null: when somebody resumes it' }),
  })
  .strict();

export const agentSettingsSchema = z
  .object({
    pauseSick: z
      .boolean()
      .meta({ description: 'pause agents whose runs fail in a row before their program ran' }),
  })
  .strict()
  .meta({ id: 'AgentSettings' });
export type AgentSettings = z.infer<typeof agentSettingsSchema>;

// ---------------------------------------------------------------- the agents' own interface

export const registerSchema = z
  .object({
    name: lineSchema(128).pipe(z.string().min(1)),
    hostname: lineSchema(256),
    version: lineSchema(64),
    queues: z.array(nameSchema).min(1).max(200),
    maxJobs: z.int().min(-1).max(100_000),
    config: jsonObjectSchema.default({}),
    instanceId: z
      .string()
      .min(8)
      .max(128)
      .regex(/^[A-Za-z0-9._-]+$/),
  })
  .meta({ id: 'RegisterAgent' });
export type RegisterAgent = z.infer<typeof registerSchema>;
export const registeredSchema = z
  .object({
    agentId: uuidSchema,
    /** Raised by each registration; sent back with lease and heartbeat, so that an older process with the same instance id is refused. */
    session: z.int(),
    entity: z.string(),
    leaseSeconds: z.number(),
    heartbeatSeconds: z.number(),
    /** Largest log of a run, bytes. */
    maxLogBytes: z.int(),
    serverTime: timeSchema,
    /** Queues asked for that do not exist or that the token does not cover. */
    unknownQueues: z.array(z.string()),
  })
  .meta({ id: 'RegisteredAgent' });
export type RegisteredAgent = z.infer<typeof registeredSchema>;

export const leaseRequestSchema = z
  .object({
    agentId: uuidSchema,
    session: z.int().optional(),
    max: z.int().min(1).max(1000).default(1),
    waitSeconds: z.number().min(0).max(30).default(0),
  })
  .meta({ id: 'LeaseRequest' });
export type LeaseRequest = z.infer<typeof leaseRequestSchema>;

/** What an agent that adopts a run has to know. */
export const adoptionSchema = z.object({
  state: runStateSchema,
  externalRef: z.string().nullable(),
  /** How far the log has come, and the opaque cursor the last agent sent with its last chunk. */
  logOffset: z.int(),
  logCursor: z.string().nullable(),
  submittedAt: timeSchema.nullable(),
});

export const leasedRunSchema = z
  .object({
    id: runIdSchema,
    attempt: z.int(),
    /** Raised by each retry, preemption or requeue: what an earlier execution left at the resource must not be taken for this one. */
    execution: z.int().optional(),
    leaseExpiresAt: timeSchema,
    /** The run was submitted under an older lease: look the external job up first by its deterministic name. */
    adopt: z.boolean(),
    adoption: adoptionSchema.nullable(),
    spec: launchSpecSchema,
    /** Secrets of the queue, put into the program's environment and masked in its log. */
    secrets: z.record(z.string(), z.string()),
  })
  .meta({ id: 'LeasedRun' });
export type LeasedRun = z.infer<typeof leasedRunSchema>;
export const leaseAnswerSchema = z.object({ runs: z.array(leasedRunSchema) });
export type LeaseAnswer = z.infer<typeof leaseAnswerSchema>;

export const heartbeatRequestSchema = z
  .object({
    agentId: uuidSchema,
    session: z.int().optional(),
    runs: z
      .array(z.object({ id: runIdSchema, attempt: z.int() }))
      .max(10_000)
      .default([]),
    /** `stopped` is the good-bye of an agent that ends. */
    status: z.enum(['polling', 'running', 'draining', 'stopped']).default('polling'),
  })
  .meta({ id: 'Heartbeat' });
export type HeartbeatRequest = z.infer<typeof heartbeatRequestSchema>;
export const heartbeatAnswerSchema = z
  .object({
    leases: z.array(z.object({ id: z.string(), ok: z.boolean(), leaseExpiresAt: timeSchema.nullable() })),
    stop: z.array(z.string()).meta({ description: 'runs that shall be stopped' }),
    lost: z.array(z.string()).meta({ description: 'runs this agent has no lease of any more' }),
    command: z.enum(['none', 'drain', 'stop']),
    paused: z.boolean(),
  })
  .meta({ id: 'HeartbeatAnswer' });
export type HeartbeatAnswer = z.infer<typeof heartbeatAnswerSchema>;

/**
 * What an agent reports. With a `state`, `data` holds by state: `starting` {externalRef, submission}; `running` {externalRef?};
 * `finished` {exitCode}; `failed` {phase, category, message, exitCode}; `stopped` {exitCode?, forced?}; `preempted` {reason}.
 * Without one, `data.kind` is `warning` {reason, message}, `adopted` {externalRef}, `image` {image}, `note` {message} or
 * `parts` {parts: RunPart[], url?, total}: all pods, instances or worker pools of the run as they are now.
 */
export const agentEventSchema = z.object({
  seq: z.int().min(1),
  state: runStateSchema.optional(),
  at: timeSchema.optional(),
  data: jsonObjectSchema.default({}),
});
export type AgentEvent = z.infer<typeof agentEventSchema>;
export const reportRequestSchema = z
  .object({ attempt: z.int(), events: z.array(agentEventSchema).min(1).max(100) })
  .meta({ id: 'Report' });
export type ReportRequest = z.infer<typeof reportRequestSchema>;
export const reportAnswerSchema = z
  .object({ lastSeq: z.int(), state: runStateSchema, stop: z.boolean() })
  .meta({ id: 'ReportAnswer' });
export type ReportAnswer = z.infer<typeof reportAnswerSchema>;

/** Reports of many runs in one call. Each is taken or refused by itself, as if it had come alone. */
export const reportsRequestSchema = z
  .object({
    reports: z
      .array(reportRequestSchema.safeExtend({ runId: runIdSchema }))
      .min(1)
      .max(500),
  })
  .meta({ id: 'Reports' });
/** In the order of the reports; one of the two is null. */
export const reportsAnswerSchema = z
  .object({
    results: z.array(z.object({ answer: reportAnswerSchema.nullable(), problem: problemSchema.nullable() })),
  })
  .meta({ id: 'ReportsAnswer' });
export type ReportsAnswer = z.infer<typeof reportsAnswerSchema>;

/** `offset`: of the first byte of `data` in the whole log of the run. A repeated chunk is accepted and changes nothing; a gap is 409. */
export const logRequestSchema = z
  .object({
    attempt: z.int(),
    stream: logStreamSchema,
    offset: z.int().min(0),
    data: z.string().meta({ description: 'UTF-8 text, or base64 with `encoding: base64`' }),
    encoding: z.enum(['utf8', 'base64']).default('utf8'),
    cursor: z.string().max(4000).optional(),
    source: lineSchema(253)
      .pipe(z.string().min(1))
      .optional()
      .meta({ description: 'which of several writers of one run: the name of a pod, instance or replica' }),
  })
  .meta({ id: 'LogChunk' });
export type LogRequest = z.input<typeof logRequestSchema>;
export const logAnswerSchema = z
  .object({ nextOffset: z.int(), truncated: z.boolean() })
  .meta({ id: 'LogAnswer' });
export type LogAnswer = z.infer<typeof logAnswerSchema>;
