import type { Readable } from 'node:stream';
import { BlobMissing } from './types';
import type { BlobStore } from './types';

/** Bytes of one block, held in memory while they travel. */
const BLOCK_BYTES = 8 * 1024 * 1024;

/**
 * Blobs in a container of Azure Blob Storage, with Azure's default credentials (or `AZURE_STORAGE_CONNECTION_STRING`). A blob appears
 * only when its list of blocks is committed.
 */
export async function createAzureStore(location: {
  accountUrl: string;
  container: string;
  prefix: string;
}): Promise<BlobStore> {
  const { BlobServiceClient, RestError } = await import('@azure/storage-blob');
  const { DefaultAzureCredential } = await import('@azure/identity');
  const isMissing = (error: unknown) => error instanceof RestError && error.statusCode === 404;
  const connection = process.env.AZURE_STORAGE_CONNECTION_STRING;
  const service =
    connection === undefined
      ? new BlobServiceClient(location.accountUrl, new DefaultAzureCredential())
      : BlobServiceClient.fromConnectionString(connection);
  const container = service.getContainerClient(location.container);
  const blobOf = (key: string) =>
    container.getBlockBlobClient(location.prefix === '' ? key : `${location.prefix}/${key}`);

  return {
    async put(key, body) {
      const failed = new AbortController();
      let cause: unknown;
      body.once('error', (error) => {
        cause = error;
        failed.abort();
      });
      try {
        await blobOf(key).uploadStream(body, BLOCK_BYTES, 2, { abortSignal: failed.signal });
      } catch (error) {
        body.destroy();
        throw cause ?? error;
      }
    },

    async get(key) {
      try {
        return (await blobOf(key).download()).readableStreamBody as Readable;
      } catch (error) {
        throw isMissing(error) ? new BlobMissing(key) : error;
      }
    },

    exists: (key) => blobOf(key).exists(),

    async delete(key) {
      await blobOf(key).deleteIfExists();
    },

    // Blocks that were never committed are dropped by Azure after a week and cannot be listed by account.
    sweep: () => Promise.resolve(0),
  };
}
