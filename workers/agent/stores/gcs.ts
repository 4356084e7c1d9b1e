import { pipeline } from 'node:stream/promises';
import type { File, Storage } from '@google-cloud/storage';
import { gcpError } from '../environments/gcp';
import type { GcpEnvironment } from '../environments/types';
import { orAborted } from '../support/abort';
import { objectName } from './object-name';
import { metered } from './meter';
import type { Store } from './types';

/** Bytes in memory at once; what is sent again after a failure. */
const CHUNK_BYTES = 8 * 2 ** 20;

/** Google Cloud Storage, or an emulator (STORAGE_EMULATOR_HOST). */
export function createGcsStore(
  address: string,
  { bucket, prefix }: { bucket: string; prefix: string },
  environment: GcpEnvironment,
): Store {
  const url = (key: string) => `gs://${bucket}/${objectName(prefix, key)}`;
  const fail = (doing: string, permission: string) => (error: unknown) =>
    gcpError(error, { doing, permission: `${permission} on the bucket ${bucket}` });
  let storage: Promise<Storage> | null = null;
  const fileOf = async (key: string): Promise<File> =>
    (await (storage ??= createStorage(environment))).bucket(bucket).file(objectName(prefix, key));

  return {
    address,
    url,
    put: async (key, source, signal) => {
      const file = await fileOf(key);
      return metered(
        source,
        signal,
        (body, ended) =>
          pipeline(body, file.createWriteStream({ resumable: true, chunkSize: CHUNK_BYTES }), {
            signal: ended,
          }),
        // Replacing an object takes the right to delete it.
        fail(`write ${url(key)}`, 'storage.objects.create and storage.objects.delete'),
      );
    },
    async get(key, signal) {
      const file = await fileOf(key);
      try {
        // The stream itself would tell only when it is read.
        await orAborted(file.getMetadata(), signal);
      } catch (error) {
        throw fail(`read ${url(key)}`, 'storage.objects.get')(error);
      }
      return file.createReadStream();
    },
    async exists(key, signal) {
      try {
        return (await orAborted((await fileOf(key)).exists(), signal))[0];
      } catch (error) {
        throw fail(`look for ${url(key)}`, 'storage.objects.get')(error);
      }
    },
    async delete(key, signal) {
      try {
        await orAborted((await fileOf(key)).delete({ ignoreNotFound: true }), signal);
      } catch (error) {
        throw fail(`delete ${url(key)}`, 'storage.objects.delete')(error);
      }
    },
  };
}

async function createStorage({ project }: GcpEnvironment): Promise<Storage> {
  const { Storage } = await import('@google-cloud/storage');
  return new Storage({
    ...(project === null ? {} : { projectId: project }),
    retryOptions: { totalTimeout: 60, maxRetries: 3 },
  });
}
