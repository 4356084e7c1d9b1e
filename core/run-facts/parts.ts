import { z } from 'zod';
import { runPartSchema, type RunEvent } from '@/core/wire';

const partsSchema = z.looseObject({
  parts: z.array(runPartSchema),
  url: z.string().optional(),
  total: z.number().optional(),
});
type ToldParts = z.infer<typeof partsSchema>;

/** What the agent said last about the pods, instances or worker pools of a run; undefined where it said nothing. */
export function latestParts(events: readonly RunEvent[]): ToldParts | undefined {
  const event = events.findLast((each) => each.kind === 'parts');
  return event === undefined ? undefined : partsSchema.safeParse(event.data).data;
}
