import { AgentUsageError } from '../config';
import { parseEcrAddress, type AgentConfig } from '@/core/agent-config';
import type { AgentLog } from '../support/logger';
import { CloudError } from './errors';
import type { Environment } from './types';

/** A cloud that does not answer in this time is not waited for, milliseconds. */
const PATIENCE_MS = 20_000;
const NAMES = { aws: 'AWS', gcp: 'Google Cloud', azure: 'Azure' };

/**
 * At the start of an agent: whether the credentials of its `environment` are there and good, and whether images go to the account that they
 * are of. A cloud that cannot be reached is no reason
 * not to start, since it may come back before the first run.
 *
 * @throws AgentUsageError that says what to set
 */
export async function confirmEnvironment(
  environment: Environment | null,
  config: Pick<AgentConfig, 'builder' | 'registry'>,
  log: AgentLog,
): Promise<void> {
  if (environment === null) return;
  const signal = AbortSignal.timeout(PATIENCE_MS);
  try {
    log.info(`${NAMES[environment.type]}: ${await environment.verify(signal)}`);
    const ecr = parseEcrAddress(config.builder?.destination ?? config.registry?.uri ?? '');
    if (environment.type !== 'aws' || ecr === null) return;
    const account = await environment.account(signal);
    if (account !== ecr.account) {
      log.warn(
        `Images go to the ECR of account ${ecr.account}, but the agent's credentials are of ${account}: the repository needs a policy that lets it in, or the address is wrong.`,
      );
    }
  } catch (error) {
    if (!(error instanceof CloudError)) throw error;
    if (['credentials', 'config', 'denied', 'not-found'].includes(error.reason))
      throw new AgentUsageError(`environment.type is ${environment.type}: ${error.message}`);
    log.warn(`environment.type is ${environment.type}: ${error.message}`);
  }
}
