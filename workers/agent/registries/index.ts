import type { AgentConfig, RegistryType } from '@/core/agent-config';
import { registryTypeOf } from '@/core/agent-config';
import { createOciRegistry } from './oci';
import type { Registry } from './types';

export interface RegistryOptions {
  /** Image name without tag that images are pushed to. */
  destination: string;
  /** For credentials of a cloud: `environment`. */
  config: AgentConfig;
}

const REGISTRIES: Record<RegistryType, (options: RegistryOptions) => Registry> = {
  docker: () => createOciRegistry(),
  ecr: () => createOciRegistry(),
  gcr: () => createOciRegistry(),
  acr: () => createOciRegistry(),
};

/** The registry of a destination, of the type that the agent's file names or the address shows. */
export const createRegistry = (options: RegistryOptions): Registry =>
  REGISTRIES[options.config.registry?.type ?? registryTypeOf(options.destination)](options);
export { RegistryError, type Registry, type RegistryCredentials } from './types';
