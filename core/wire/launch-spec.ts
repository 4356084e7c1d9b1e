import { z } from 'zod';
import { jsonObjectSchema, jsonSchema, prioritySchema } from './common';
import { jobSourceSchema } from './jobs';
import { resourceSchema } from './queues';
import { originsSchema } from './runs';

/**
 * A launch after everything the server knows is put in: template values resolved and checked, job looked up, overrides merged.
 * Macros are not yet replaced (the agent knows the image and its own environment). Stored with the run; handed out with a lease;
 * the one input of the renderers.
 */
export const launchSpecSchema = z
  .object({
    runId: z.string(),
    runName: z.string(),
    entity: z.string(),
    project: z.string(),
    queue: z.string(),
    queueVersion: z.int(),
    author: z.string(),
    priority: prioritySchema.nullable(),
    resource: resourceSchema,
    /** Resolved, without its wrapper and without `builder`. */
    config: jsonSchema,
    /** JSON pointer into `config` → origin of the leaf. */
    origins: originsSchema,
    image: z.string().nullable(),
    source: jobSourceSchema.nullable(),
    entrypoint: z.array(z.string()).nullable(),
    args: z.array(z.string()),
    env: z.record(z.string(), z.string()),
    /** For the program, as SLIPWAY_CONFIG. */
    runConfig: jsonObjectSchema,
    /** Entries of the queue's allow-list that name what overrides otherwise never reach; the agent holds the run to them too. */
    protectedAllow: z.array(z.string()).optional(),
    builder: z.object({ acceleratorBaseImage: z.string().optional() }),
    startTimeoutSeconds: z.int(),
    /** Seconds between SIGTERM and SIGKILL; null: the agent's own setting. */
    stopGraceSeconds: z.int().nullable(),
  })
  .meta({ id: 'LaunchSpec' });
export type LaunchSpec = z.infer<typeof launchSpecSchema>;
