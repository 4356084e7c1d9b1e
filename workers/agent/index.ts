import { createClient } from './client';
import { AgentUsageError, loadSettings, type AgentFlags } from './config';
import { exchangeApiKey, isApiKey } from './config/exchange';
import { createImages } from './images';
import { createEnvironments } from './environments';
import { confirmEnvironment } from './environments/confirm';
import { Agent, EXIT } from './loop/agent';
import { createRunners } from './runners';
import type { RunnerTable } from './runners/types';
import { engineAnswers } from './runners/docker/engine';
import { instanceId, openStateDirectory, stateDirectoryPath } from './state/directory';
import { openJournal } from './state/journal';
import { lockDirectory, StateDirectoryInUse } from './state/lock';
import { createLogger, type LogLevel } from './support/logger';
import { errorMessage } from './support/timing';
import { AGENT_VERSION } from './support/version';

export interface RunAgentOptions extends AgentFlags {
  logLevel?: LogLevel;
  /** Log as one JSON object a line. */
  json?: boolean;
  /** Acts as SIGTERM: takes no more work and waits for runs bound to this machine. Besides it the signals of the process are obeyed. */
  signal?: AbortSignal;
}

/**
 * Runs an agent until it is told to end. The first SIGTERM or SIGINT: no more work, and it waits for runs bound to this machine up to
 * `drainTimeoutSeconds` (600). The second: it ends now. Containers and processes that still run are adopted after the next start.
 *
 * @returns exit code: 0 ended as asked, 1 failed, 2 wrong use or configuration, 3 refused by the server
 */
export async function runAgent(options: RunAgentOptions): Promise<number> {
  const log = createLogger({ level: options.logLevel ?? 'info', json: options.json ?? false });
  let unlock: (() => Promise<void>) | undefined;
  let runners: RunnerTable = {};
  const ended = new AbortController();
  try {
    const settings = await loadSettings(options, { env: process.env, engineAnswers });
    for (const warning of settings.warnings) log.warn(warning);
    const environments = createEnvironments(settings.config.environment);
    await confirmEnvironment(environments.configured, settings.config, log);
    const { baseUrl, token: given } = settings.credentials;
    const directory = stateDirectoryPath({
      explicit: settings.stateDirectory,
      baseUrl,
      entity: settings.entity,
      name: settings.name,
    });
    await openStateDirectory(directory);
    unlock = await lockDirectory(directory);
    log.debug('State directory', { directory });
    const userAgent = `slipway-agent/${AGENT_VERSION}`;
    const { entity, queues, hostname } = settings;
    const token = isApiKey(given)
      ? await exchangeApiKey({
          baseUrl,
          token: given,
          log,
          userAgent,
          entity,
          queues,
          hostname,
          stateDirectory: directory,
        })
      : given;
    const client = createClient({ baseUrl, token, log, userAgent });
    runners = createRunners({ stateDirectory: directory, config: settings.config, environments });
    const agent = new Agent({
      settings,
      instanceId: await instanceId(directory),
      client,
      runners,
      images: await createImages(settings, { client, stateDirectory: directory, log, signal: ended.signal }),
      journal: await openJournal(directory),
      log,
    });
    return await untilSignalled(agent, settings.drainTimeoutSeconds, options.signal);
  } catch (error) {
    log.error(errorMessage(error));
    return error instanceof AgentUsageError || error instanceof StateDirectoryInUse
      ? EXIT.usage
      : EXIT.failed;
  } finally {
    ended.abort();
    for (const runner of Object.values(runners)) await runner.close?.();
    await unlock?.();
  }
}

async function untilSignalled(
  agent: Agent,
  drainTimeoutSeconds: number,
  signal: AbortSignal | undefined,
): Promise<number> {
  let signals = 0;
  const onSignal = () => {
    signals += 1;
    if (signals === 1) agent.drain(drainTimeoutSeconds);
    else agent.leave();
  };
  process.on('SIGTERM', onSignal);
  process.on('SIGINT', onSignal);
  signal?.addEventListener('abort', onSignal);
  try {
    if (signal?.aborted) onSignal();
    return await agent.run();
  } finally {
    process.off('SIGTERM', onSignal);
    process.off('SIGINT', onSignal);
    signal?.removeEventListener('abort', onSignal);
  }
}
