import type { StoreLocation } from '@/core/stores';
import { createAzureStore } from './azure';
import { createGcsStore } from './gcs';
import { createLocalStore } from './local';
import { createS3Store } from './s3';
import type { BlobStore } from './types';

/**
 * The SDKs are large: each store loads its own when it is first used. They do so inside their functions, since a bundle hoists the
 * imports at the head of every module that it holds.
 */
async function open(location: StoreLocation): Promise<BlobStore> {
  switch (location.type) {
    case 'local':
      return createLocalStore(location.directory);
    case 's3':
      return createS3Store(location);
    case 'gcs':
      return createGcsStore(location);
    case 'azure':
      return createAzureStore(location);
  }
}

/** The store at a location. It is opened by the first call. */
export function createBlobStore(location: StoreLocation): BlobStore {
  let opened: Promise<BlobStore> | undefined;
  const store = () => (opened ??= open(location));
  return {
    put: async (key, body) => (await store()).put(key, body),
    get: async (key) => (await store()).get(key),
    exists: async (key) => (await store()).exists(key),
    delete: async (key) => (await store()).delete(key),
    sweep: async (before) => (await store()).sweep(before),
  };
}

export { BlobMissing } from './types';
export type { BlobStore } from './types';
