import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import {
  AbortMultipartUploadCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { emulatorMissing, startEmulator } from '../../scripts/lib/cloud-emulators.mjs';
import type { Emulator } from '../../scripts/lib/cloud-emulators.mjs';
import { actionsOf, asUserWith, guidePolicy, withoutAction } from '../../scripts/lib/guide-policies.mjs';
import { createBlobStore } from '.';

const missing = emulatorMissing('moto');
const where = { Bucket: 'bucket', Key: 'contexts/half' };

describe.skipIf(missing !== null)(
  `the rights of the guide for the server's own store${missing === null ? '' : ` (${missing})`}`,
  () => {
    const before = { ...process.env };
    let moto: Emulator;
    let s3: S3Client;
    beforeAll(async () => {
      moto = await startEmulator('moto');
      Object.assign(process.env, moto.env);
      s3 = new S3Client({ forcePathStyle: true });
      await s3.send(new CreateBucketCommand({ Bucket: 'bucket' }));
    });
    afterAll(async () => {
      process.env = before;
      await moto.stop();
    });

    it('are enough, and each is needed', async () => {
      const policy = await guidePolicy("The server's own store");
      const useStore = async () => {
        const store = createBlobStore({ type: 's3', bucket: 'bucket', prefix: 'contexts' });
        await store.put('one', Readable.from([Buffer.alloc(10 * 2 ** 20)]));
        expect(await buffer(await store.get('one'))).toHaveLength(10 * 2 ** 20);
        await store.delete('one');
        await expect(store.get('one')).rejects.toThrow('no blob one');
        return store.sweep(new Date(Date.now() + 60_000));
      };
      /** As a server leaves it that is killed amid an upload. */
      const abandoned = async () => (await s3.send(new CreateMultipartUploadCommand(where))).UploadId;
      await abandoned();
      expect(await asUserWith(policy, moto.url, useStore)).toBe(1);
      const notNeeded: string[] = [];
      for (const action of actionsOf(policy)) {
        const UploadId = await abandoned();
        await asUserWith(withoutAction(policy, action), moto.url, useStore).then(
          () => notNeeded.push(action),
          (error: unknown) => expect(String(error)).toMatch(/Access ?Denied|Forbidden/),
        );
        await s3.send(new AbortMultipartUploadCommand({ ...where, UploadId })).catch(() => undefined);
      }
      // S3 says 403 instead of 404 of what is not there to who may not list; moto does not.
      expect(notNeeded).toEqual(['s3:ListBucket']);
    });
  },
);
