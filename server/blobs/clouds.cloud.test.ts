import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { CreateBucketCommand, ListMultipartUploadsCommand, S3Client } from '@aws-sdk/client-s3';
import { BlobServiceClient } from '@azure/storage-blob';
import { Storage } from '@google-cloud/storage';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { StoreLocation } from '@/core/stores';
import { emulatorMissing, startEmulator } from '../../scripts/lib/cloud-emulators.mjs';
import type { Emulator, EmulatorKind } from '../../scripts/lib/cloud-emulators.mjs';
import { BlobMissing, createBlobStore } from '.';

/** More than one part or block of every store. */
const MANY = 20 * 2 ** 20 + 17;
function* bytes(count: number): Generator<Buffer> {
  const block = Buffer.from(Array.from({ length: 65_536 }, (_, i) => (i * 31) % 251));
  for (let left = count; left > 0; left -= block.length)
    yield block.subarray(0, Math.min(left, block.length));
}
const sha256 = (data: Buffer) => createHash('sha256').update(data).digest('hex');

const CLOUDS: {
  name: string;
  kind: EmulatorKind;
  location: StoreLocation;
  prepare: () => Promise<unknown>;
}[] = [
  {
    name: 'S3',
    kind: 'moto',
    location: { type: 's3', bucket: 'blobs', prefix: 'slipway' },
    prepare: () => new S3Client({ forcePathStyle: true }).send(new CreateBucketCommand({ Bucket: 'blobs' })),
  },
  {
    name: 'Cloud Storage',
    kind: 'gcs',
    location: { type: 'gcs', bucket: 'blobs', prefix: 'slipway' },
    prepare: () => new Storage().createBucket('blobs'),
  },
  {
    name: 'Azure Blob',
    kind: 'azurite',
    location: {
      type: 'azure',
      accountUrl: 'https://account.blob.core.windows.net',
      container: 'blobs',
      prefix: 'slipway',
    },
    prepare: () =>
      BlobServiceClient.fromConnectionString(process.env.AZURE_STORAGE_CONNECTION_STRING ?? '')
        .getContainerClient('blobs')
        .create(),
  },
];

for (const { name, kind, location, prepare } of CLOUDS) {
  const missing = emulatorMissing(kind);
  describe.skipIf(missing !== null)(`blobs in ${name}${missing === null ? '' : ` (${missing})`}`, () => {
    const before = { ...process.env };
    let emulator: Emulator;
    beforeAll(async () => {
      emulator = await startEmulator(kind);
      Object.assign(process.env, emulator.env);
      await prepare();
    });
    afterAll(async () => {
      process.env = before;
      await emulator.stop();
    });

    it('are kept whole, given back, and gone when they are deleted', async () => {
      const store = createBlobStore(location);
      expect(await store.exists('a/big')).toBe(false);
      await store.put('a/big', Readable.from(bytes(MANY)));
      expect(await store.exists('a/big')).toBe(true);
      expect(sha256(await buffer(await store.get('a/big')))).toBe(sha256(Buffer.concat([...bytes(MANY)])));
      await store.delete('a/big');
      await store.delete('a/big');
      expect(await store.exists('a/big')).toBe(false);
      await expect(store.get('a/big')).rejects.toBeInstanceOf(BlobMissing);
    });

    it('are not there when what was to be kept breaks off', async () => {
      const store = createBlobStore(location);
      const broken = Readable.from(
        (function* () {
          yield* bytes(MANY);
          throw new Error('the archive is damaged');
        })(),
      );
      await expect(store.put('broken', broken)).rejects.toThrow('the archive is damaged');
      expect(await store.exists('broken')).toBe(false);
      await store.sweep(new Date(Date.now() + 60_000));
      if (kind === 'moto') {
        const { Uploads } = await new S3Client({ forcePathStyle: true }).send(
          new ListMultipartUploadsCommand({ Bucket: 'blobs' }),
        );
        expect(Uploads ?? []).toEqual([]);
      }
    });
  });
}
