import { z } from 'zod';
import { nameSchema, runIdSchema, secretNameSchema, uuidSchema } from '@/core/wire';

// Parameters of paths. What does not fit a schema is "not found", before anything is asked of the database.
export const entityParams = z.object({ entity: nameSchema });
export const queueParams = z.object({ entity: nameSchema, queue: nameSchema });
export const versionParams = z.object({
  entity: nameSchema,
  queue: nameSchema,
  n: z.coerce.number().int().min(1).max(2_147_483_647),
});
export const secretParams = z.object({ entity: nameSchema, queue: nameSchema, name: secretNameSchema });
export const jobParams = z.object({ entity: nameSchema, job: nameSchema });
export const runParams = z.object({ id: runIdSchema });
export const idParams = z.object({ id: uuidSchema });
export const entityIdParams = z.object({ entity: nameSchema, id: uuidSchema });
export const memberParams = z.object({ entity: nameSchema, userId: uuidSchema });

/** Lists that are short by nature come whole, in the shape of every other list. */
export const whole = <T>(items: T[]): { items: T[]; nextCursor: string | null } => ({
  items,
  nextCursor: null,
});
