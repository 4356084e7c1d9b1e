import { z } from 'zod';

export const RUN_STATES = [
  'pending',
  'leased',
  'building',
  'starting',
  'running',
  'finished',
  'failed',
  'stopped',
  'preempted',
] as const;
export const runStateSchema = z.enum(RUN_STATES).meta({ id: 'RunState' });
export type RunState = z.infer<typeof runStateSchema>;
