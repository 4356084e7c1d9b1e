import type { ListMultipartUploadsCommandOutput } from '@aws-sdk/client-s3';
import type { Readable } from 'node:stream';
import { BlobMissing } from './types';
import type { BlobStore } from './types';

/** Bytes of one part of a multipart upload, held in memory while they travel. */
const PART_BYTES = 8 * 1024 * 1024;

/**
 * Blobs in S3, or whatever speaks its protocol (`AWS_ENDPOINT_URL_S3`). Region and credentials come from the SDK's own default chain.
 * An object appears only when its last part has arrived.
 */
export async function createS3Store({
  bucket: Bucket,
  prefix,
}: {
  bucket: string;
  prefix: string;
}): Promise<BlobStore> {
  const {
    AbortMultipartUploadCommand,
    DeleteObjectCommand,
    GetObjectCommand,
    HeadObjectCommand,
    ListMultipartUploadsCommand,
    NoSuchKey,
    NotFound,
    S3Client,
  } = await import('@aws-sdk/client-s3');
  const { Upload } = await import('@aws-sdk/lib-storage');
  const custom = process.env.AWS_ENDPOINT_URL_S3 ?? process.env.AWS_ENDPOINT_URL;
  const client = new S3Client({ forcePathStyle: custom !== undefined });
  const at = (key: string) => ({ Bucket, Key: prefix === '' ? key : `${prefix}/${key}` });
  const isMissing = (error: unknown) => error instanceof NotFound || error instanceof NoSuchKey;

  return {
    async put(key, body) {
      const upload = new Upload({
        client,
        params: { ...at(key), Body: body },
        partSize: PART_BYTES,
        queueSize: 2,
      });
      try {
        await upload.done();
      } catch (error) {
        body.destroy();
        throw error;
      }
    },

    async get(key) {
      try {
        return (await client.send(new GetObjectCommand(at(key)))).Body as Readable;
      } catch (error) {
        throw isMissing(error) ? new BlobMissing(key) : error;
      }
    },

    async exists(key) {
      try {
        await client.send(new HeadObjectCommand(at(key)));
        return true;
      } catch (error) {
        if (isMissing(error)) return false;
        throw error;
      }
    },

    async delete(key) {
      await client.send(new DeleteObjectCommand(at(key)));
    },

    async sweep(before) {
      let removed = 0;
      const Prefix = prefix === '' ? undefined : `${prefix}/`;
      let next: { KeyMarker?: string; UploadIdMarker?: string } | null = {};
      while (next !== null) {
        const page: ListMultipartUploadsCommandOutput = await client.send(
          new ListMultipartUploadsCommand({ Bucket, Prefix, ...next }),
        );
        for (const { Key, UploadId, Initiated } of page.Uploads ?? []) {
          if (Initiated === undefined || Initiated >= before) continue;
          await client.send(new AbortMultipartUploadCommand({ Bucket, Key, UploadId }));
          removed++;
        }
        next =
          page.IsTruncated === true
            ? { KeyMarker: page.NextKeyMarker, UploadIdMarker: page.NextUploadIdMarker }
            : null;
      }
      return removed;
    },
  };
}
