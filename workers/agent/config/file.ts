import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseAgentConfig, type AgentConfig } from '@/core/agent-config';
import { readFileIfExists } from '../support/files';
import { errorMessage } from '../support/timing';
import { AgentUsageError } from './errors';

export interface ConfigFile {
  path: string;
  config: AgentConfig;
  warnings: string[];
}

/**
 * Reads the configuration file: the one that is named, else `$SLIPWAY_LAUNCH_CONFIG`, else the first that exists of
 * `~/.config/slipway/launch-config.yaml` and `~/.config/wandb/launch-config.yaml`. Null when there is none of the last two.
 *
 * @throws AgentUsageError for one that is named and missing, or is not right; with every line that is wrong
 */
export async function readConfigFile(
  explicit: string | undefined,
  env: NodeJS.ProcessEnv,
): Promise<ConfigFile | null> {
  const named = explicit ?? (env['SLIPWAY_LAUNCH_CONFIG'] || undefined);
  if (named !== undefined) {
    const text = await read(resolve(named));
    if (text === null) throw new AgentUsageError(`The configuration file ${resolve(named)} does not exist.`);
    return parse(resolve(named), text);
  }
  const root = env['XDG_CONFIG_HOME'] || join(homedir(), '.config');
  for (const product of ['slipway', 'wandb']) {
    const path = join(root, product, 'launch-config.yaml');
    const text = await read(path);
    if (text !== null) return parse(path, text);
  }
  return null;
}

async function read(path: string): Promise<string | null> {
  try {
    return await readFileIfExists(path);
  } catch (error) {
    throw new AgentUsageError(`The configuration file ${path} cannot be read: ${errorMessage(error)}`);
  }
}

function parse(path: string, text: string): ConfigFile {
  const { config, problems } = parseAgentConfig(text);
  const lines = problems.map((p) => ({
    ...p,
    text: `${path}${p.line === undefined ? '' : `:${p.line}`}: ${p.message}`,
  }));
  if (config === null) {
    const errors = lines.filter(({ severity }) => severity === 'error').map((line) => line.text);
    throw new AgentUsageError(errors.join('\n') || `${path} is not a configuration of an agent.`);
  }
  return { path, config, warnings: lines.map((line) => line.text) };
}
