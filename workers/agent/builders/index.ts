import type { BuilderType } from '@/core/agent-config';
import { createPrebuilt } from './prebuilt';
import type { Builder } from './types';

/** What each `builder.type` of the agent's file makes of a job. */
const BUILDERS: Record<BuilderType, () => Builder> = {
  noop: () => createPrebuilt('noop'),
  docker: () => createPrebuilt('docker'),
  kaniko: () => createPrebuilt('kaniko'),
};

export const createBuilder = (type: BuilderType): Builder => BUILDERS[type]();
export type { Builder } from './types';
