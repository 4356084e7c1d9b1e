import { randomBytes, randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { createBuilder } from '../builders';
import { createClient, isReason } from '../client';
import { loadSettings, type AgentFlags, type AgentSettings } from '../config';
import { isApiKey } from '../config/exchange';
import { CloudError, createEnvironments } from '../environments';
import { connectKube } from '../kube/client';
import { hasClusterCredentials } from '../kube/credentials';
import { createRegistry } from '../registries';
import { engineAnswers } from '../runners/docker/engine';
import { SageMakerApi } from '../runners/sagemaker/client';
import { VertexApi } from '../runners/vertex/client';
import { createStore } from '../stores';
import { createLogger } from '../support/logger';
import { errorMessage } from '../support/timing';
import { AGENT_VERSION } from '../support/version';

export interface CheckLine {
  check: string;
  /** `skipped`: the agent's file asks for nothing of the kind, or the agent may not use what only queues of one kind need. */
  result: 'ok' | 'failed' | 'skipped';
  /** What was seen, or what is wrong and which permission is missing. */
  detail: string;
}

/** Milliseconds that one check may take. */
const TIMEOUT_MS = 30_000;

/** Thrown by a check for something that is not asked for. */
class Skipped extends Error {}

/**
 * Tries everything that the agent's file needs, each thing without leaving anything behind: environment, registry, store, builder,
 * resources, server.
 *
 * @throws AgentUsageError when flags, file or credentials of the server cannot be right
 */
export async function checkAgent(flags: AgentFlags): Promise<CheckLine[]> {
  const settings = await loadSettings(flags, { env: process.env, engineAnswers });
  const warnings = settings.warnings.map((detail): CheckLine => ({
    check: 'configuration',
    result: 'ok',
    detail,
  }));
  const checks: [string, (settings: AgentSettings, signal: AbortSignal) => Promise<string>][] = [
    ['server and token', server],
    ['environment', environment],
    ['registry pull', (own, signal) => registry(own, signal, 'pull')],
    ['registry push', (own, signal) => registry(own, signal, 'push')],
    ['store write, read and delete', store],
    ['builder', builder],
    ['resource docker', docker],
    ['resource kubernetes', kubernetes],
    ['resource sagemaker', sageMaker],
    ['resource gcp-vertex', vertex],
  ];
  const lines = await Promise.all(
    checks.map(async ([check, run]): Promise<CheckLine> => {
      try {
        return { check, result: 'ok', detail: await run(settings, AbortSignal.timeout(TIMEOUT_MS)) };
      } catch (error) {
        const result = error instanceof Skipped ? 'skipped' : 'failed';
        return { check, result, detail: errorMessage(error) };
      }
    }),
  );
  return [...warnings, ...lines];
}

/** An agent that does not exist is asked about: who is let in learns that, nobody else does. */
async function server({ credentials }: AgentSettings, signal: AbortSignal): Promise<string> {
  const { baseUrl, token } = credentials;
  if (isApiKey(token)) {
    const answer = await fetch(`${baseUrl}/api/v1/viewer`, {
      headers: { authorization: `Bearer ${token}` },
      signal,
    });
    if (!answer.ok) throw new Error(`${baseUrl} does not accept the API key (${answer.status}).`);
    return `${baseUrl} accepts the API key`;
  }
  const log = createLogger({ level: 'error', json: false });
  const client = createClient({ baseUrl, token, log, userAgent: `slipway-agent/${AGENT_VERSION}` });
  try {
    await client.heartbeat({ agentId: randomUUID(), session: 1, runs: [], status: 'polling' }, { signal });
  } catch (error) {
    if (isReason(error, 'aborted'))
      throw new Error(`${baseUrl} did not answer within ${TIMEOUT_MS / 1000} seconds.`, { cause: error });
    if (!isReason(error, 'not-found')) throw error;
  }
  return `${baseUrl} accepts the agent token`;
}

function environment({ config }: AgentSettings, signal: AbortSignal): Promise<string> {
  const { configured } = createEnvironments(config.environment);
  if (configured === null) throw new Skipped('no environment is configured');
  return configured.verify(signal);
}

const destinationOf = ({ config }: AgentSettings): string | null =>
  config.builder ? config.builder.destination : (config.registry?.uri ?? null);

async function registry(
  settings: AgentSettings,
  signal: AbortSignal,
  right: 'pull' | 'push',
): Promise<string> {
  const destination = destinationOf(settings);
  if (destination === null) throw new Skipped('no destination is configured: images stay on this machine');
  if (settings.builderType === 'kaniko' && right === 'push' && settings.config.builder?.secretName) {
    throw new Skipped('builds push with their own Secret');
  }
  const opened = createRegistry({ destination, config: settings.config });
  const image = `${destination}:slipway-check`;
  if (right === 'push') return opened.tryPush(image, signal);
  await opened.exists(image, signal);
  return `images of ${destination} can be looked up`;
}

async function store({ config }: AgentSettings, signal: AbortSignal): Promise<string> {
  const address = config.builder?.buildContextStore ?? null;
  if (address === null) throw new Skipped('no build-context-store is configured');
  const opened = createStore(address, createEnvironments(config.environment));
  const key = `slipway-check-${randomBytes(6).toString('hex')}`;
  await opened.put(key, Readable.from([Buffer.from(key)]), signal);
  const read = await text(await opened.get(key, signal));
  await opened.delete(key, signal);
  if (read !== key) throw new Error(`${address} gave back something else than was written.`);
  return `${address} was written, read and deleted in`;
}

async function builder({ config, builderType }: AgentSettings, signal: AbortSignal): Promise<string> {
  if (builderType === 'noop') throw new Skipped('builder.type is noop: the agent builds nothing');
  if (builderType === 'docker') {
    if (await engineAnswers()) return 'a Docker engine answers';
    throw new Error(
      'No Docker engine answers. Start it, or give the user of the agent the right to its socket (group docker).',
    );
  }
  const log = createLogger({ level: 'error', json: false });
  const made = createBuilder(builderType, { config, registry: null, log });
  return (await made.probe?.(signal)) ?? 'ready';
}

async function docker(): Promise<string> {
  if (await engineAnswers()) return 'a Docker engine answers';
  throw new Skipped('no Docker engine answers: runs of Docker queues cannot be served');
}

async function kubernetes({ config }: AgentSettings, signal: AbortSignal): Promise<string> {
  if (!(await hasClusterCredentials(config.kubernetes)))
    throw new Skipped('no kubeconfig and no service account: runs of Kubernetes queues cannot be served');
  const client = await connectKube(config.kubernetes);
  const namespace = config.namespace ?? client.namespace;
  await client.request(`/apis/batch/v1/namespaces/${encodeURIComponent(namespace)}/jobs`, {
    query: { limit: 1 },
    signal,
  });
  return `${client.server} answers, and Jobs of the namespace ${namespace} can be listed`;
}

async function sageMaker({ config }: AgentSettings, signal: AbortSignal): Promise<string> {
  const { configured, aws } = createEnvironments(config.environment);
  if (configured !== aws)
    throw new Skipped('environment.type is not aws: runs of SageMaker queues cannot be served');
  await served('SageMaker', () => new SageMakerApi(aws).changedSince(Date.now(), signal));
  return 'training jobs can be listed';
}

async function vertex({ config }: AgentSettings, signal: AbortSignal): Promise<string> {
  const { configured, gcp } = createEnvironments(config.environment);
  const { region: location, project } = gcp;
  if (configured !== gcp || location === null || project === null)
    throw new Skipped(
      'environment.type is not gcp, or region or project is not set: runs of Vertex queues cannot be served',
    );
  await served('Vertex', () =>
    new VertexApi(gcp).list({ project, location }, 'labels.slipway-check=none', signal),
  );
  return `custom jobs of ${project} in ${location} can be listed`;
}

/** An agent may well be there for other queues and only build with the cloud: a right that is missing is told, and is no failure. */
async function served(kind: string, call: () => Promise<unknown>): Promise<void> {
  try {
    await call();
  } catch (error) {
    if (error instanceof CloudError && error.reason === 'denied')
      throw new Skipped(`runs of ${kind} queues cannot be served: ${error.message}`);
    throw error;
  }
}
