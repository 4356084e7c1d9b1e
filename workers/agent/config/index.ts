import { hostname } from 'node:os';
import {
  DEFAULT_AGENT_CONFIG,
  redactAgentConfig,
  type AgentConfig,
  type BuilderType,
} from '@/core/agent-config';
import { nameSchema, type JsonObject } from '@/core/wire';
import { findAgentCredentials, type AgentCredentials } from './credentials';
import { AgentUsageError } from './errors';
import { readConfigFile } from './file';

export { AgentUsageError } from './errors';

/** What the command line gives; it wins over the file. */
export interface AgentFlags {
  queues?: string[];
  maxJobs?: number;
  entity?: string;
  configFile?: string;
  name?: string;
  stateDir?: string;
  drainTimeoutSeconds?: number;
}

export interface AgentSettings {
  credentials: AgentCredentials;
  name: string;
  hostname: string;
  entity: string | undefined;
  queues: string[];
  /** -1: no limit. */
  maxJobs: number;
  /** Seconds between SIGTERM and SIGKILL where the queue says nothing. */
  stopGraceSeconds: number;
  macroEnv: Record<string, string>;
  /** The file with the flags over it. */
  config: AgentConfig;
  builderType: BuilderType;
  stateDirectory: string | undefined;
  drainTimeoutSeconds: number;
  /** For the agent's page: without secrets. */
  shownConfig: JsonObject;
  warnings: string[];
}

const DEFAULT_DRAIN_SECONDS = 600;

/** Everything the agent goes by, from flags, file and environment. @throws AgentUsageError */
export async function loadSettings(
  flags: AgentFlags,
  { env, engineAnswers }: { env: NodeJS.ProcessEnv; engineAnswers: () => Promise<boolean> },
): Promise<AgentSettings> {
  const file = await readConfigFile(flags.configFile, env);
  const config: AgentConfig = { ...(file?.config ?? DEFAULT_AGENT_CONFIG) };
  if (flags.entity !== undefined) config.entity = flags.entity;
  if (flags.queues?.length) config.queues = [...new Set(flags.queues)];
  if (flags.maxJobs !== undefined) config.maxJobs = flags.maxJobs;
  check(config);
  const credentials = await findAgentCredentials(env);
  const builderType = config.builder?.type ?? ((await engineAnswers()) ? 'docker' : 'noop');
  const name = flags.name ?? hostname();
  if (name.trim() === '' || name.length > 128)
    throw new AgentUsageError('--name must be 1 to 128 characters.');
  return {
    credentials,
    name,
    hostname: hostname(),
    entity: config.entity ?? undefined,
    queues: config.queues,
    maxJobs: config.maxJobs,
    stopGraceSeconds: config.stoppedRunTimeout,
    macroEnv: macroEnvironment(config.macroEnv, env),
    config,
    builderType,
    stateDirectory: flags.stateDir ?? (env['SLIPWAY_STATE_DIR'] || undefined),
    drainTimeoutSeconds: flags.drainTimeoutSeconds ?? DEFAULT_DRAIN_SECONDS,
    shownConfig: {
      ...redactAgentConfig(config),
      ...(config.builder ? {} : { builder: { type: builderType } }),
    },
    warnings: file?.warnings ?? [],
  };
}

function check({ queues, maxJobs }: AgentConfig): void {
  if (queues.length === 0) {
    throw new AgentUsageError(
      'No queue to serve: name one with -q, or list them under "queues" in launch-config.yaml.',
    );
  }
  for (const queue of queues) {
    const parsed = nameSchema.safeParse(queue);
    if (!parsed.success)
      throw new AgentUsageError(
        `"${queue}" is not a name of a queue: it ${parsed.error.issues[0]?.message ?? 'is wrong'}.`,
      );
  }
  if (!Number.isInteger(maxJobs) || (maxJobs !== -1 && maxJobs < 1) || maxJobs > 100_000) {
    throw new AgentUsageError('--max-jobs must be -1 (no limit) or a whole number from 1 to 100000.');
  }
}

function macroEnvironment(names: string[], env: NodeJS.ProcessEnv): Record<string, string> {
  const set = names.map((name) => [name, env[name]] as const);
  return Object.fromEntries(
    set.filter((entry): entry is readonly [string, string] => entry[1] !== undefined),
  );
}
