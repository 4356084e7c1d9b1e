import type { Readable } from 'node:stream';
import type { S3Client } from '@aws-sdk/client-s3';
import { awsError } from '../environments/aws';
import type { AwsEnvironment } from '../environments/types';
import { objectName } from './object-name';
import { metered } from './meter';
import type { Store } from './types';

/** Bytes; two are in memory at once. */
const PART_BYTES = 8 * 2 ** 20;
/** How long an upload that was stopped may take to remove its parts, milliseconds. */
const TAKE_BACK_MS = 10_000;

/** Amazon S3 and what speaks its protocol (AWS_ENDPOINT_URL_S3). */
export function createS3Store(
  address: string,
  { bucket, prefix }: { bucket: string; prefix: string },
  environment: AwsEnvironment,
): Store {
  const where = (key: string) => ({ Bucket: bucket, Key: objectName(prefix, key) });
  const url = (key: string) => `s3://${bucket}/${objectName(prefix, key)}`;
  const objects = `arn:aws:s3:::${bucket}/${prefix === '' ? '' : `${prefix}/`}*`;
  const fail = (doing: string, permission: string) => (error: unknown) =>
    awsError(error, { doing, permission: `${permission} on ${objects}` });
  let client: Promise<S3Client> | null = null;
  const connect = () => (client ??= createClient(environment));

  return {
    address,
    url,
    async put(key, source, signal) {
      const [{ Upload }, s3] = await Promise.all([import('@aws-sdk/lib-storage'), connect()]);
      return metered(
        source,
        signal,
        async (body, ended) => {
          const upload = new Upload({
            client: s3,
            params: { ...where(key), Body: body },
            partSize: PART_BYTES,
            queueSize: 2,
            leavePartsOnError: false,
          });
          // The body breaks off with the signal, and the upload then takes back its parts by itself; `abort` would leave them.
          let timer: NodeJS.Timeout | undefined;
          const hurry = () => (timer = setTimeout(() => void upload.abort(), TAKE_BACK_MS));
          ended.addEventListener('abort', hurry, { once: true });
          try {
            await upload.done();
          } finally {
            clearTimeout(timer);
            ended.removeEventListener('abort', hurry);
          }
        },
        fail(`write ${url(key)}`, 's3:PutObject'),
      );
    },
    async get(key, signal) {
      const { GetObjectCommand } = await import('@aws-sdk/client-s3');
      try {
        const { Body } = await (
          await connect()
        ).send(new GetObjectCommand(where(key)), { abortSignal: signal });
        return Body as Readable;
      } catch (error) {
        throw fail(`read ${url(key)}`, 's3:GetObject')(error);
      }
    },
    async exists(key, signal) {
      const { HeadObjectCommand, NotFound } = await import('@aws-sdk/client-s3');
      try {
        await (await connect()).send(new HeadObjectCommand(where(key)), { abortSignal: signal });
        return true;
      } catch (error) {
        if (error instanceof NotFound) return false;
        // Without the right to list, S3 answers 403 also for an object that is not there.
        throw fail(`look for ${url(key)}`, `s3:ListBucket on arn:aws:s3:::${bucket} and s3:GetObject`)(error);
      }
    },
    async delete(key, signal) {
      const { DeleteObjectCommand } = await import('@aws-sdk/client-s3');
      try {
        await (await connect()).send(new DeleteObjectCommand(where(key)), { abortSignal: signal });
      } catch (error) {
        throw fail(`delete ${url(key)}`, 's3:DeleteObject')(error);
      }
    },
  };
}

async function createClient({ clientConfig }: AwsEnvironment): Promise<S3Client> {
  const { S3Client } = await import('@aws-sdk/client-s3');
  const elsewhere = Boolean(process.env['AWS_ENDPOINT_URL_S3'] ?? process.env['AWS_ENDPOINT_URL']);
  return new S3Client({
    ...clientConfig,
    // The bucket may lie in another region than the agent.
    followRegionRedirects: true,
    // Other servers of the protocol seldom have a host name a bucket.
    forcePathStyle: elsewhere,
  });
}
