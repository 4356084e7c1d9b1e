import { parseStoreLocation } from '@/core/stores';
import { CloudError, type Environments } from '../environments';
import { STORE_FORMS } from '@/core/agent-config';
import { createAzureStore } from './azure-blob';
import { createGcsStore } from './gcs';
import { createLocalStore } from './local';
import { createS3Store } from './s3';
import type { Store } from './types';

export type { Store } from './types';

/** The store of an address: `s3://`, `gs://`, Azure Blob, or a directory. Connects when it is used. @throws CloudError */
export function createStore(address: string, { aws, gcp, azure }: Environments): Store {
  const parsed = parseStoreLocation(address);
  if (parsed === null) throw new CloudError('config', `build-context-store: ${STORE_FORMS}`);
  switch (parsed.type) {
    case 's3':
      return createS3Store(address, parsed, aws);
    case 'gcs':
      return createGcsStore(address, parsed, gcp);
    case 'azure':
      return createAzureStore(address, parsed, azure);
    case 'local':
      return createLocalStore(address, parsed.directory);
  }
}
