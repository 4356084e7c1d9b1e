import type { AgentConfig, RegistryType } from '@/core/agent-config';
import { registryTypeOf } from '@/core/agent-config';
import { createEnvironments, type Environments } from '../environments';
import { createAcrRegistry } from './acr';
import { createEcrRegistry } from './ecr';
import { createGcrRegistry } from './gcr';
import { createOciRegistry } from './oci';
import type { Registry } from './types';

export interface RegistryOptions {
  /** Image name without tag that images are pushed to. */
  destination: string;
  /** For credentials of a cloud: `environment`. */
  config: AgentConfig;
}

const REGISTRIES: Record<RegistryType, (destination: string, environments: Environments) => Registry> = {
  docker: () => createOciRegistry(),
  ecr: (destination, { aws }) => createEcrRegistry(destination, aws),
  gcr: (_destination, { gcp }) => createGcrRegistry(gcp),
  acr: (destination, { azure }) => createAcrRegistry(destination, azure),
};

/** The registry of a destination, of the type that the agent's file names or the address shows. */
export function createRegistry({ destination, config }: RegistryOptions): Registry {
  // A destination elsewhere than the registry of the file is of its own kind.
  const { registry } = config;
  const uri = registry?.uri ?? null;
  const elsewhere = uri !== null && hostOf(uri) !== hostOf(destination);
  const type = elsewhere ? registryTypeOf(destination) : (registry?.type ?? registryTypeOf(destination));
  return REGISTRIES[type](destination, createEnvironments(config.environment));
}

const hostOf = (address: string): string => address.split('/')[0] ?? '';

export { RegistryError, type Registry, type RegistryCredentials } from './types';
