import { CloudError, type CloudErrorReason } from '../environments';
import { RegistryError, type RegistryErrorReason } from './types';

const REASONS: Record<CloudErrorReason, RegistryErrorReason> = {
  credentials: 'unauthorized',
  denied: 'forbidden',
  'not-found': 'config',
  'rate-limited': 'rate-limited',
  unavailable: 'unavailable',
  timeout: 'timeout',
  space: 'unavailable',
  config: 'config',
};

/** What a platform said, as the error of registries. */
export const registryError = (error: unknown): unknown =>
  error instanceof CloudError
    ? new RegistryError(REASONS[error.reason], error.message, { cause: error })
    : error;
