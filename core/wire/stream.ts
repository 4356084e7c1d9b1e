import { z } from 'zod';
import { runStateSchema } from './run-state';

/**
 * Messages of `GET /api/v1/stream?topic=run:ID,queue:ENTITY/NAME,entity:NAME`. They say that something changed, not the whole of it:
 * the browser patches what it shows and asks for the rest. `reset` is sent when a resume point is too old: ask for everything again.
 * `refused` is the first message of a stream that was asked for with `partial`, where some of its topics cannot be heard.
 */
export const streamMessageSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('run'),
    runId: z.string(),
    entity: z.string(),
    queue: z.string(),
    state: runStateSchema,
    stopping: z.boolean(),
    seq: z.int(),
  }),
  z.object({ type: z.literal('log'), runId: z.string(), bytes: z.int() }),
  z.object({ type: z.literal('queue'), entity: z.string(), queue: z.string() }),
  z.object({ type: z.literal('agent'), entity: z.string(), agentId: z.string() }),
  z.object({ type: z.literal('reset') }),
  z.object({ type: z.literal('refused'), topics: z.array(z.string()) }),
]);
export type StreamMessage = z.infer<typeof streamMessageSchema>;
export const streamQuerySchema = z.object({
  topic: z.string().max(4000),
  partial: z.literal('1').optional().meta({
    description:
      'topics that do not exist or may not be heard are left out and named, instead of refusing all',
  }),
});
