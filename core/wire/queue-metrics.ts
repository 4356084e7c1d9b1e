import { z } from 'zod';
import { timeSchema } from './common';
import { runStateSchema } from './run-state';

export const metricsQuerySchema = z.object({
  from: timeSchema.optional(),
  to: timeSchema.optional(),
  step: z.coerce
    .number()
    .int()
    .min(1)
    .max(86_400)
    .optional()
    .meta({ description: 'seconds; ranges over four days take whole hours' }),
  group: z.enum(['author', 'job']).optional(),
});
const metricsGroupSchema = z.object({
  name: z.string(),
  enqueued: z.int(),
  started: z.int(),
  finished: z.int(),
  failed: z.int(),
  stopped: z.int(),
  busySeconds: z.number(),
  points: z.array(z.int()).meta({ description: 'one number a step: what the groups are counted by' }),
});
export const queueMetricsSchema = z
  .object({
    from: timeSchema,
    to: timeSchema,
    stepSeconds: z.int(),
    waiting: z.int(),
    inFlight: z.int(),
    oldestWaitSeconds: z.number().nullable(),
    maxInFlight: z.int().nullable(),
    points: z.array(
      z.object({
        at: timeSchema,
        enqueued: z.int(),
        started: z.int(),
        finished: z.int(),
        failed: z.int(),
        stopped: z.int(),
        waiting: z.number().meta({ description: 'runs that waited, on average' }),
        inFlight: z.number().meta({ description: 'runs in flight, on average' }),
        oldestWait: z.number().meta({ description: 'seconds that the oldest waiting run had waited' }),
        waitP50: z.number().nullable(),
        waitP95: z.number().nullable(),
        waitP99: z.number().nullable(),
      }),
    ),
    failures: z
      .array(metricsGroupSchema.pick({ name: true, failed: true, points: true }))
      .meta({ description: 'failed runs by category' }),
    groups: z.array(metricsGroupSchema).meta({ description: 'launched runs by what `group` asks for' }),
  })
  .meta({ id: 'QueueMetrics' });
export type QueueMetrics = z.infer<typeof queueMetricsSchema>;

/** Which agent had which runs when. */
export const queueTimelineSchema = z
  .object({
    from: timeSchema,
    to: timeSchema,
    truncated: z.boolean(),
    runs: z.array(
      z.object({
        id: z.string(),
        name: z.string(),
        state: runStateSchema,
        author: z.string(),
        agent: z.string(),
        from: timeSchema,
        to: timeSchema.nullable(),
        category: z.string().nullable(),
      }),
    ),
  })
  .meta({ id: 'QueueTimeline' });
export type QueueTimeline = z.infer<typeof queueTimelineSchema>;
