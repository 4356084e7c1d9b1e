import type { ConfigProblem } from '@/core/wire';
import { parseStoreLocation } from '@/core/stores';
import { STORE_FORMS, destinationProblem, registryAddress, registryTypeOf } from './addresses';
import { environmentMismatches, incompleteAddress } from './cloud-addresses';
import type { AgentFile } from './schema';
import type { Path } from './source';
import type { AgentBuilder, AgentConfig, RegistryType } from './types';

export type Say = (severity: ConfigProblem['severity'], path: Path, message: string) => void;

/** What an agent works with when it has no file. */
export const DEFAULT_AGENT_CONFIG: AgentConfig = {
  entity: null,
  queues: [],
  maxJobs: 1,
  stoppedRunTimeout: 60,
  macroEnv: [],
  namespace: null,
  kubernetes: { kubeconfig: null, context: null },
  additionalTargetNamespaces: null,
  secureMode: false,
  environment: null,
  registry: null,
  builder: null,
};
const DEFAULT_BUILD_JOB_NAME = 'slipway-container-build';

/** Fills in defaults and puts right what may be written in several ways. */
export function normalize(file: AgentFile, say: Say): AgentConfig {
  const registry = readRegistry(file, say);
  return {
    entity: file.entity ?? DEFAULT_AGENT_CONFIG.entity,
    queues: [...new Set(file.queues ?? [])],
    maxJobs: file.max_jobs ?? DEFAULT_AGENT_CONFIG.maxJobs,
    stoppedRunTimeout: file.stopped_run_timeout ?? DEFAULT_AGENT_CONFIG.stoppedRunTimeout,
    macroEnv: [...new Set(file.macro_env ?? [])],
    namespace: file.namespace ?? null,
    kubernetes: {
      kubeconfig: file.kubernetes?.kubeconfig ?? null,
      context: file.kubernetes?.context ?? null,
    },
    additionalTargetNamespaces: file.additionalTargetNamespaces ?? null,
    secureMode: file.secure_mode ?? false,
    environment: file.environment ?? null,
    registry,
    builder: readBuilder(file, registry?.uri ?? null, say),
  };
}

function readRegistry({ registry }: AgentFile, say: Say): AgentConfig['registry'] {
  if (registry === undefined) return null;
  const { uri, type } = registry;
  if (uri === undefined) {
    if (type === undefined) say('error', ['registry'], 'A registry has a uri, a type or both.');
    return type === undefined ? null : { type, uri: null };
  }
  const { address, warning } = registryAddress(uri);
  if (warning !== null) say('warning', ['registry', 'uri'], warning);
  const found = registryTypeOf(address);
  if (type !== undefined) checkType(type, address, say);
  return { type: type ?? found, uri: address };
}

function checkType(type: RegistryType, address: string, say: Say): void {
  // `docker` takes any registry of the protocol, with the host's own credentials.
  if (type === 'docker' || type === registryTypeOf(address)) return;
  say(
    'error',
    ['registry', 'type'],
    `registry.type is ${type}, but ${address} is not one of that kind; leave type out.`,
  );
}

function readBuilder(file: AgentFile, registryUri: string | null, say: Say): AgentBuilder | null {
  const { builder } = file;
  if (builder === undefined) return null;
  const key = builder.destination === undefined && builder.uri !== undefined ? 'uri' : 'destination';
  if (builder.destination !== undefined && builder.uri !== undefined) {
    say('warning', ['builder', 'uri'], 'builder.uri is left out: builder.destination is set too.');
  }
  const own = readDestination(builder[key], ['builder', key], say);
  const destination = own ?? (builder.type === 'noop' ? null : registryUri);
  const named: Path = own === null ? ['registry', 'uri'] : ['builder', key];
  if (own === null && destination !== null) checkDestination(destination, named, say);
  const type = file.registry?.uri === undefined ? file.registry?.type : undefined;
  if (destination !== null && type !== undefined) checkType(type, destination, say);
  if (destination !== null)
    for (const mismatch of environmentMismatches(destination, file.environment ?? null))
      say('warning', named, mismatch);
  const store = builder['build-context-store'] ?? null;
  if (store !== null && parseStoreLocation(store) === null) {
    say('error', ['builder', 'build-context-store'], `builder.build-context-store: ${STORE_FORMS}`);
  }
  if (builder.type === 'kaniko') {
    if (store === null)
      say(
        'error',
        ['builder'],
        'The kaniko builder needs build-context-store, where it gets the source from.',
      );
    if (destination === null)
      say(
        'error',
        ['builder'],
        'The kaniko builder needs destination (or registry.uri), where it pushes images to.',
      );
  }
  return {
    type: builder.type,
    destination,
    platform: builder.platform ?? null,
    buildContextStore: store?.replace(/\/+$/, '') ?? null,
    buildJobName: builder['build-job-name'] ?? DEFAULT_BUILD_JOB_NAME,
    kanikoImage: builder['kaniko-image'] ?? null,
    kanikoConfig: builder['kaniko-config'] ?? null,
    secretName: builder['secret-name'] ?? null,
    secretKey: builder['secret-key'] ?? null,
  };
}

function readDestination(written: string | undefined, path: Path, say: Say): string | null {
  if (written === undefined) return null;
  const { address, warning } = registryAddress(written);
  if (warning !== null) say('warning', path, warning);
  checkDestination(address, path, say);
  return address;
}

function checkDestination(address: string, path: Path, say: Say): void {
  const wrong = destinationProblem(address);
  if (wrong !== null) say('error', path, `${path.join('.')}: ${wrong}.`);
  const lacks = incompleteAddress(address);
  if (lacks === null) return;
  // A registry alone may be all that was meant by `registry`: only builds need the rest.
  if (path[0] === 'registry')
    say('warning', path, `Images cannot be named by this alone: ${lacks}. Set builder.destination.`);
  else say('error', path, `${path.join('.')}: ${lacks}.`);
}
