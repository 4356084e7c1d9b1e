import { CloudError } from '../environments/errors';

export type StoreAddress =
  | { type: 's3' | 'gcs'; bucket: string; prefix: string }
  | { type: 'azure'; account: string; endpoint: string; container: string; prefix: string }
  | { type: 'local'; directory: string };

/** Reads an address of the agent's file, whose form was checked when the file was read. @throws CloudError for any other */
export function parseStoreAddress(address: string): StoreAddress {
  const bucket = /^(s3|gs):\/\/([^/]+)\/?(.*)$/.exec(address);
  if (bucket !== null) {
    const [, scheme, name = '', prefix = ''] = bucket;
    return { type: scheme === 's3' ? 's3' : 'gcs', bucket: name, prefix };
  }
  const azure = /^(https:\/\/([a-z0-9]+)\.blob\.core\.[a-z.]+)\/([^/?]+)\/?([^?]*)$/.exec(address);
  if (azure !== null) {
    const [, endpoint = '', account = '', container = '', prefix = ''] = azure;
    return { type: 'azure', account, endpoint, container, prefix };
  }
  const local = /^(?:file:\/\/)?(\/.+)$/.exec(address);
  if (local !== null) return { type: 'local', directory: local[1] ?? '' };
  throw new CloudError(
    'config',
    'build-context-store: expected s3://bucket/path, gs://bucket/path, https://account.blob.core.windows.net/container or an absolute path.',
  );
}

const KEY = /^[A-Za-z0-9_-][A-Za-z0-9._-]*(\/[A-Za-z0-9_-][A-Za-z0-9._-]*)*$/;

/** `prefix/key`. @throws Error for a key that could leave its place */
export function objectName(prefix: string, key: string): string {
  if (!KEY.test(key)) throw new Error(`"${key}" is not a key of a store`);
  return prefix === '' ? key : `${prefix.replace(/\/+$/, '')}/${key}`;
}
