import type { Readable } from 'node:stream';
import type { ContainerClient } from '@azure/storage-blob';
import { azureError } from '../environments/azure';
import type { AzureEnvironment } from '../environments/types';
import { objectName } from './object-name';
import { metered } from './meter';
import type { Store } from './types';

/** Bytes; two are in memory at once. A blob of 50000 of them holds 400 GB. */
const BLOCK_BYTES = 8 * 2 ** 20;
const ROLE = 'the role Storage Blob Data Contributor';

interface Place {
  /** `https://account.blob.core.windows.net`, or an emulator with the account in its path. */
  accountUrl: string;
  container: string;
  prefix: string;
}

const accountOf = (accountUrl: string): string => {
  const { hostname, pathname } = new URL(accountUrl);
  return pathname === '/' ? (hostname.split('.')[0] ?? '') : pathname.slice(1);
};

/**
 * Azure Blob Storage. Credentials: AZURE_STORAGE_CONNECTION_STRING if it is of this account, else the account's key in
 * AZURE_STORAGE_KEY or AZURE_STORAGE_ACCESS_KEY, else the default chain.
 */
export function createAzureStore(address: string, place: Place, environment: AzureEnvironment): Store {
  const { accountUrl, container, prefix } = place;
  const url = (key: string) => `${accountUrl}/${container}/${objectName(prefix, key)}`;
  const fail = (doing: string) => (error: unknown) =>
    azureError(error, {
      doing,
      permission: `${ROLE} on the container ${container} of ${accountOf(accountUrl)}`,
    });
  let client: Promise<ContainerClient> | null = null;
  const blobOf = async (key: string) =>
    (await (client ??= createClient(place, environment))).getBlockBlobClient(objectName(prefix, key));

  return {
    address,
    url,
    put: async (key, source, signal) => {
      const blob = await blobOf(key);
      return metered(
        source,
        signal,
        (body, ended) => blob.uploadStream(body, BLOCK_BYTES, 2, { abortSignal: ended }),
        fail(`write ${url(key)}`),
      );
    },
    async get(key, signal) {
      try {
        const { readableStreamBody } = await (
          await blobOf(key)
        ).download(0, undefined, { abortSignal: signal });
        return readableStreamBody as Readable;
      } catch (error) {
        throw fail(`read ${url(key)}`)(error);
      }
    },
    async exists(key, signal) {
      try {
        return await (await blobOf(key)).exists({ abortSignal: signal });
      } catch (error) {
        throw fail(`look for ${url(key)}`)(error);
      }
    },
    async delete(key, signal) {
      try {
        await (await blobOf(key)).deleteIfExists({ abortSignal: signal, deleteSnapshots: 'include' });
      } catch (error) {
        throw fail(`delete ${url(key)}`)(error);
      }
    },
  };
}

async function createClient(place: Place, environment: AzureEnvironment): Promise<ContainerClient> {
  const { BlobServiceClient, StorageSharedKeyCredential } = await import('@azure/storage-blob');
  const account = accountOf(place.accountUrl);
  const options = { retryOptions: { maxTries: 3, tryTimeoutInMs: 60_000, retryDelayInMs: 500 } };
  const connection = process.env['AZURE_STORAGE_CONNECTION_STRING'];
  if (connection?.includes(`AccountName=${account};`)) {
    return BlobServiceClient.fromConnectionString(connection, options).getContainerClient(place.container);
  }
  const key = process.env['AZURE_STORAGE_KEY'] || process.env['AZURE_STORAGE_ACCESS_KEY'];
  const credential = key ? new StorageSharedKeyCredential(account, key) : await environment.credential();
  return new BlobServiceClient(place.accountUrl, credential, options).getContainerClient(place.container);
}
