import type { AgentEnvironment } from '@/core/agent-config';
import { createAwsEnvironment } from './aws';
import { createAzureEnvironment } from './azure';
import { createGcpEnvironment } from './gcp';
import type { AwsEnvironment, AzureEnvironment, Environment, GcpEnvironment } from './types';

export { CloudError, type CloudErrorReason } from './errors';
export type { AwsEnvironment, AzureEnvironment, Environment, GcpEnvironment } from './types';

/** The platforms that an agent can act on: the one its file names, and the others by what their own variables say. */
export interface Environments {
  /** The one that the file names. */
  readonly configured: Environment | null;
  readonly aws: AwsEnvironment;
  readonly gcp: GcpEnvironment;
  readonly azure: AzureEnvironment;
}

/** Nothing is loaded or asked before it is used. */
export function createEnvironments(config: AgentEnvironment | null): Environments {
  const aws = createAwsEnvironment(config?.type === 'aws' ? config.region : null);
  const gcp = createGcpEnvironment(
    config?.type === 'gcp' ? config.region : null,
    config?.type === 'gcp' ? config.project : null,
  );
  const azure = createAzureEnvironment();
  const all = { aws, gcp, azure };
  return { ...all, configured: config === null ? null : all[config.type] };
}
