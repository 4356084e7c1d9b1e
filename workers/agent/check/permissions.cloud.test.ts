import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import {
  AbortMultipartUploadCommand,
  CreateBucketCommand,
  ListMultipartUploadsCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { beforeAll, expect, it } from 'vitest';
import { actionsOf, asUserWith, guidePolicy, withoutAction } from '../testing/clouds/policies';
import { createEnvironments } from '../environments';
import { createEcrRegistry } from '../registries/ecr';
import { createStore } from '../stores';
import { describeWithClouds } from '../testing/clouds';

const environments = () => createEnvironments({ type: 'aws', region: 'us-east-1' });
const signal = () => AbortSignal.timeout(20_000);
/** More than one part of an upload. */
const MANY = 10 * 2 ** 20;

describeWithClouds(
  'the rights of the guide are enough for an agent, and each is needed',
  ['moto'],
  (clouds) => {
    let s3: S3Client;
    beforeAll(async () => {
      s3 = new S3Client({ forcePathStyle: true });
      await s3.send(new CreateBucketCommand({ Bucket: 'bucket' }));
    });
    const parts = async () =>
      (await s3.send(new ListMultipartUploadsCommand({ Bucket: 'bucket' }))).Uploads ?? [];

    async function useStore(): Promise<void> {
      const store = createStore('s3://bucket/contexts', environments());
      async function* broken() {
        yield Buffer.alloc(MANY);
        await Promise.resolve();
        throw new Error('the source broke off');
      }
      await expect(store.put('half', Readable.from(broken()), signal())).rejects.toThrow(
        'the source broke off',
      );
      await store.put('whole', Readable.from([Buffer.alloc(MANY)]), signal());
      await buffer(await store.get('whole', signal()));
      await store.delete('whole', signal());
    }

    it('in the store of build contexts', async () => {
      const policy = await guidePolicy('Amazon S3');
      await asUserWith(policy, clouds.moto.url, useStore);
      expect(await parts()).toEqual([]);
      for (const action of actionsOf(policy)) {
        const less = asUserWith(withoutAction(policy, action), clouds.moto.url, useStore);
        if (action === 's3:AbortMultipartUpload') {
          await less.catch(() => undefined);
          const [left] = await parts();
          expect(left, 'parts of the upload that broke off').toBeDefined();
          await s3.send(
            new AbortMultipartUploadCommand({ Bucket: 'bucket', Key: left?.Key, UploadId: left?.UploadId }),
          );
        } else if (action === 's3:PutObject') await expect(less).rejects.toThrow();
        else await expect(less).rejects.toThrow(`needs ${action} on arn:aws:s3:::bucket/contexts/*`);
      }
    });

    it('at the registry, but for those that only pushes and pulls use', async () => {
      const destination = '123456789012.dkr.ecr.us-east-1.amazonaws.com/train';
      const useRegistry = async () => {
        const registry = createEcrRegistry(destination, environments().aws);
        const image = `${destination}:tag-${Date.now()}`;
        await registry.exists(image, signal());
        await registry.ensureRepository(image, signal());
        await registry.login(signal());
        await registry.tryPush(image, signal());
      };
      const guide = await guidePolicy('Amazon ECR');
      // moto does not know the resources of ECR.
      const policy = { ...guide, Statement: guide.Statement.map((one) => ({ ...one, Resource: '*' })) };
      const forPushesAndPulls = [];
      for (const action of actionsOf(policy)) {
        const refusal = await asUserWith(withoutAction(policy, action), clouds.moto.url, useRegistry).then(
          () => null,
          (error: unknown) => String(error),
        );
        if (refusal === null) forPushesAndPulls.push(action);
        else expect(refusal).toContain(`needs ${action} on `);
      }
      expect(forPushesAndPulls).toEqual([
        'ecr:BatchCheckLayerAvailability',
        'ecr:UploadLayerPart',
        'ecr:CompleteLayerUpload',
        'ecr:PutImage',
        'ecr:BatchGetImage',
        'ecr:GetDownloadUrlForLayer',
      ]);
    });
  },
);
