import type { StoreLocation } from '@/core/stores';
import { createLocalStore } from './local';
import type { BlobStore } from './types';

/** The SDKs are large: each is loaded when its kind of store is first used. */
async function open(location: StoreLocation): Promise<BlobStore> {
  switch (location.type) {
    case 'local':
      return createLocalStore(location.directory);
    case 's3':
      return (await import('./s3')).createS3Store(location);
    case 'gcs':
      return (await import('./gcs')).createGcsStore(location);
    case 'azure':
      return (await import('./azure')).createAzureStore(location);
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
