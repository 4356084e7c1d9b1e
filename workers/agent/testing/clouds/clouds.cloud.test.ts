import { BlobServiceClient } from '@azure/storage-blob';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { Storage } from '@google-cloud/storage';
import { expect, it } from 'vitest';
import { describeWithClouds } from '.';

describeWithClouds('the emulators', ['moto', 'gcs', 'azurite'], () => {
  it('answer the official SDKs by their own variables', async () => {
    const sts = new STSClient();
    expect((await sts.send(new GetCallerIdentityCommand())).Account).toBe('123456789012');

    const storage = new Storage();
    await storage.createBucket('bucket');
    expect((await storage.getBuckets())[0].map(({ name }) => name)).toEqual(['bucket']);

    const connection = process.env['AZURE_STORAGE_CONNECTION_STRING'] ?? '';
    const blobs = BlobServiceClient.fromConnectionString(connection);
    await blobs.createContainer('container');
    expect(await blobs.getContainerClient('container').exists()).toBe(true);
  });
});
