import { DEFAULT_AGENT_CONFIG } from '@/core/agent-config';
import { createClient } from '../client';
import type { AgentSettings } from '../config';
import { createImages } from '../images';
import { Agent } from '../loop/agent';
import type { RunnerTable } from '../runners/types';
import { openJournal } from '../state/journal';
import type { AgentLog } from '../support/logger';

/** An agent with runners of a test's own making, without limit of runs. */
export async function composeAgent({
  server: { baseUrl, token },
  name,
  runners,
  stateDirectory,
  log,
}: {
  server: { baseUrl: string; token: string };
  name: string;
  runners: RunnerTable;
  stateDirectory: string;
  log: AgentLog;
}): Promise<Agent> {
  const settings: AgentSettings = {
    credentials: { baseUrl, token },
    name,
    hostname: 'test',
    entity: undefined,
    queues: ['default'],
    maxJobs: -1,
    stopGraceSeconds: 5,
    macroEnv: {},
    config: DEFAULT_AGENT_CONFIG,
    builderType: 'noop',
    stateDirectory,
    drainTimeoutSeconds: 10,
    shownConfig: {},
    warnings: [],
  };
  const client = createClient({ baseUrl, token, log, userAgent: 'test' });
  const { signal } = new AbortController();
  return new Agent({
    settings,
    instanceId: `instance-${name.replaceAll(/[^\w.-]/g, '-')}`,
    client,
    runners,
    images: await createImages(settings, { client, stateDirectory, log, signal }),
    journal: await openJournal(stateDirectory),
    log,
  });
}
