import { pipeline } from 'node:stream/promises';
import { BlobMissing } from './types';
import type { BlobStore } from './types';

/** Bytes in memory at once; what is sent again after a failure. */
const CHUNK_BYTES = 8 * 1024 * 1024;
const isMissing = (error: unknown) => error instanceof Error && (error as { code?: unknown }).code === 404;

/**
 * Blobs in Google Cloud Storage. Project and credentials are the application default ones; `STORAGE_EMULATOR_HOST` names another
 * address. An object appears only when its upload is complete.
 */
export async function createGcsStore({
  bucket,
  prefix,
}: {
  bucket: string;
  prefix: string;
}): Promise<BlobStore> {
  const { Storage } = await import('@google-cloud/storage');
  const storage = new Storage({ retryOptions: { totalTimeout: 60, maxRetries: 3 } });
  const fileOf = (key: string) => storage.bucket(bucket).file(prefix === '' ? key : `${prefix}/${key}`);

  return {
    put: (key, body) =>
      pipeline(
        body,
        fileOf(key).createWriteStream({
          resumable: true,
          chunkSize: CHUNK_BYTES,
          contentType: 'application/octet-stream',
        }),
      ),

    async get(key) {
      const file = fileOf(key);
      try {
        // The stream asks only when it is read: too late to say that there is nothing.
        await file.getMetadata();
      } catch (error) {
        throw isMissing(error) ? new BlobMissing(key) : error;
      }
      return file.createReadStream();
    },

    async exists(key) {
      const [there] = await fileOf(key).exists();
      return there;
    },

    async delete(key) {
      await fileOf(key).delete({ ignoreNotFound: true });
    },

    // An upload that never ended is kept aside by Google for a week, costs nothing and cannot be listed.
    sweep: () => Promise.resolve(0),
  };
}
