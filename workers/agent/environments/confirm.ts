import { AgentUsageError } from '../config';
import type { AgentLog } from '../support/logger';
import { CloudError } from './errors';
import type { Environment } from './types';

/** A cloud that does not answer in this time is not waited for, milliseconds. */
const PATIENCE_MS = 20_000;
const NAMES = { aws: 'AWS', gcp: 'Google Cloud', azure: 'Azure' };

/**
 * At the start of an agent: whether the credentials of its `environment` are there and good. A cloud that cannot be reached is no reason
 * not to start, since it may come back before the first run.
 *
 * @throws AgentUsageError that says what to set
 */
export async function confirmEnvironment(environment: Environment | null, log: AgentLog): Promise<void> {
  if (environment === null) return;
  try {
    log.info(`${NAMES[environment.type]}: ${await environment.verify(AbortSignal.timeout(PATIENCE_MS))}`);
  } catch (error) {
    if (!(error instanceof CloudError)) throw error;
    if (['credentials', 'config', 'denied', 'not-found'].includes(error.reason))
      throw new AgentUsageError(`environment.type is ${environment.type}: ${error.message}`);
    log.warn(`environment.type is ${environment.type}: ${error.message}`);
  }
}
