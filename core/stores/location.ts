/** Where files are kept: a directory of the machine, or a bucket or container and the path in it (without slashes at its ends). */
export type StoreLocation =
  | { type: 'local'; directory: string }
  | { type: 's3'; bucket: string; prefix: string }
  | { type: 'gcs'; bucket: string; prefix: string }
  | { type: 'azure'; accountUrl: string; container: string; prefix: string };

const BUCKET = /^(s3|gs):\/\/([a-z0-9](?:[a-z0-9._-]{0,220}[a-z0-9])?)(?:\/(.*))?$/;
/** The second form is that of the storage emulator: the account stands in the path. */
const AZURE =
  /^(https:\/\/[a-z0-9]{3,24}\.blob\.core\.[a-z.]+|http:\/\/(?:127\.0\.0\.1|localhost):\d+\/[a-z0-9]{3,24})\/([a-z0-9$](?:-?[a-z0-9])*)(?:\/(.*))?$/;
const LOCAL = /^(?:file:\/\/)?(\/.+)$/;

const trim = (path: string | undefined): string => (path ?? '').replace(/^\/+|\/+$/g, '');

/**
 * Reads `s3://bucket/path`, `gs://bucket/path`, `https://account.blob.core.windows.net/container/path`, `file:///directory` or
 * `/directory`; null when it is none of them.
 */
export function parseStoreLocation(text: string): StoreLocation | null {
  const bucket = BUCKET.exec(text);
  if (bucket) {
    const [, scheme, name = '', prefix] = bucket;
    return { type: scheme === 's3' ? 's3' : 'gcs', bucket: name, prefix: trim(prefix) };
  }
  const azure = AZURE.exec(text);
  if (azure) {
    const [, accountUrl = '', container = '', prefix] = azure;
    return { type: 'azure', accountUrl, container, prefix: trim(prefix) };
  }
  const directory = LOCAL.exec(text)?.[1];
  return directory === undefined ? null : { type: 'local', directory };
}
