import type { AgentConfig, BuilderType } from '@/core/agent-config';
import type { AgentLog } from '../support/logger';
import type { Registry } from '../registries';
import { createDockerBuilder } from './docker';
import { createKanikoBuilder } from './kaniko';
import { createNoopBuilder } from './noop';
import type { Builder } from './types';

export interface BuilderOptions {
  /** The whole of the agent's file: `builder`, and for builds in the cloud `environment`, `registry`, `namespace`. */
  config: AgentConfig;
  /** Of `builder.destination`; null: images stay on this host. */
  registry: Registry | null;
  log: AgentLog;
}

/** The builders by `builder.type` of the agent's file. What one needs of large libraries it loads when it builds. */
const BUILDERS: Record<BuilderType, (options: BuilderOptions) => Builder> = {
  noop: createNoopBuilder,
  docker: createDockerBuilder,
  kaniko: createKanikoBuilder,
};

export const createBuilder = (type: BuilderType, options: BuilderOptions): Builder => BUILDERS[type](options);
export type { BuildLog, Builder } from './types';
