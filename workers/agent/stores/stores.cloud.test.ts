import { createHash } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { BlobServiceClient } from '@azure/storage-blob';
import { CreateBucketCommand, ListMultipartUploadsCommand, S3Client } from '@aws-sdk/client-s3';
import { Storage } from '@google-cloud/storage';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createEnvironments } from '../environments';
import { describeWithClouds } from '../testing/clouds';
import { setEnv, startHttp } from '../testing/clouds/http';
import { metered } from './meter';
import { createStore, type Store } from '.';

const signal = () => AbortSignal.timeout(30_000);
const open = (address: string): Store => createStore(address, createEnvironments(null));
/** More than one part or chunk of every store. */
const MANY = 20 * 2 ** 20 + 17;
function* bytes(count: number): Generator<Buffer> {
  const block = Buffer.from(Array.from({ length: 65_536 }, (_, i) => (i * 31) % 251));
  for (let left = count; left > 0; left -= block.length)
    yield block.subarray(0, Math.min(left, block.length));
}
const sha256 = (data: Buffer) => createHash('sha256').update(data).digest('hex');

/** What every store has to do. */
function behaves(make: () => Store, missing: (() => Store) | null): void {
  it('keeps what it is given, measures it, and gives it back', async () => {
    const store = make();
    const whole = Buffer.concat([...bytes(MANY)]);
    expect(await store.exists('a/big.tgz', signal())).toBe(false);
    const stored = await store.put('a/big.tgz', Readable.from(bytes(MANY)), signal());
    expect(stored).toEqual({ sha256: sha256(whole), bytes: MANY });
    expect(await store.exists('a/big.tgz', signal())).toBe(true);
    expect(sha256(await buffer(await store.get('a/big.tgz', signal())))).toBe(stored.sha256);

    await store.put('a/big.tgz', Readable.from([Buffer.from('less')]), signal());
    expect((await buffer(await store.get('a/big.tgz', signal()))).toString()).toBe('less');
    await store.delete('a/big.tgz', signal());
    await store.delete('a/big.tgz', signal());
    expect(await store.exists('a/big.tgz', signal())).toBe(false);
    await expect(store.get('a/big.tgz', signal())).rejects.toMatchObject({ reason: 'not-found' });
  });
  it('keeps nothing of a source that breaks off, and says what the source said', async () => {
    const store = make();
    const broken = Readable.from(
      (function* () {
        yield* bytes(MANY);
        throw new Error('the archive is damaged');
      })(),
    );
    await expect(store.put('broken.tgz', broken, signal())).rejects.toThrow('the archive is damaged');
    expect(await store.exists('broken.tgz', signal())).toBe(false);
  });
  it('keeps nothing of an upload that is stopped', async () => {
    const store = make();
    const stop = new AbortController();
    const endless = Readable.from(
      (async function* () {
        for (let i = 0; ; i++) {
          if (i === 200) stop.abort();
          yield Buffer.alloc(65_536);
          await new Promise((resolve) => setImmediate(resolve));
        }
      })(),
    );
    await expect(store.put('stopped.tgz', endless, stop.signal)).rejects.toThrow();
    expect(endless.destroyed).toBe(true);
    expect(await store.exists('stopped.tgz', signal())).toBe(false);
  });
  it('takes no key that leaves its place', () => {
    for (const key of ['../x', 'a/../b', '/x', 'a//b', '.hidden', ''])
      expect(() => make().url(key)).toThrow();
  });
  if (missing !== null) {
    it('names what does not exist', async () => {
      const put = missing().put('x', Readable.from([Buffer.from('x')]), signal());
      await expect(put).rejects.toMatchObject({ reason: 'not-found' });
      await expect(put).rejects.toThrow(/^Could not write .*absent/);
    });
  }
}

describeWithClouds('S3', ['moto'], () => {
  let s3: S3Client;
  beforeAll(async () => {
    s3 = new S3Client({ region: 'us-east-1', forcePathStyle: true });
    await s3.send(new CreateBucketCommand({ Bucket: 'bucket' }));
  });
  behaves(
    () => open('s3://bucket/contexts'),
    () => open('s3://absent/contexts'),
  );
  it('leaves no parts behind', async () => {
    expect((await s3.send(new ListMultipartUploadsCommand({ Bucket: 'bucket' }))).Uploads ?? []).toEqual([]);
  });
  it('names objects as builders take them', () => {
    expect(open('s3://bucket/contexts').url('abc.tgz')).toBe('s3://bucket/contexts/abc.tgz');
  });
  it('names the right that is missing', async () => {
    const denying = await startHttp((request, response) => {
      request.resume();
      response.writeHead(403, { 'content-type': 'application/xml' });
      response.end(
        '<Error><Code>AccessDenied</Code><Message>User: arn:aws:iam::1:user/x is not authorized</Message></Error>',
      );
    });
    const restore = setEnv({ AWS_ENDPOINT_URL: denying.url });
    const store = open('s3://bucket/contexts');
    await expect(store.put('x', Readable.from([Buffer.from('x')]), signal())).rejects.toThrow(
      "Could not write s3://bucket/contexts/x: AWS refused it. The agent's identity needs s3:PutObject on arn:aws:s3:::bucket/contexts/*. It said: User: arn:aws:iam::1:user/x is not authorized",
    );
    await expect(store.delete('x', signal())).rejects.toMatchObject({
      reason: 'denied',
      permission: 's3:DeleteObject on arn:aws:s3:::bucket/contexts/*',
    });
    restore();
    await denying.stop();
  });
});

describeWithClouds('Cloud Storage', ['gcs'], () => {
  beforeAll(() => new Storage().createBucket('bucket'));
  behaves(
    () => open('gs://bucket'),
    () => open('gs://absent/x'),
  );
  it('names objects as builders take them', () => {
    expect(open('gs://bucket').url('abc.tgz')).toBe('gs://bucket/abc.tgz');
  });
});

describeWithClouds('Azure Blob', ['azurite'], () => {
  const address = 'https://devstoreaccount1.blob.core.windows.net/container';
  beforeAll(() =>
    BlobServiceClient.fromConnectionString(
      process.env['AZURE_STORAGE_CONNECTION_STRING'] ?? '',
    ).createContainer('container'),
  );
  behaves(
    () => open(`${address}/contexts`),
    () => open('https://devstoreaccount1.blob.core.windows.net/absent'),
  );
  it('names objects as builders take them', () => {
    expect(open(address).url('abc.tgz')).toBe(`${address}/abc.tgz`);
  });
});

describe('a directory', () => {
  let directory: string;
  beforeAll(async () => {
    directory = await mkdtemp(path.join(tmpdir(), 'slipway-store-'));
  });
  afterAll(() => rm(directory, { recursive: true, force: true }));
  behaves(() => open(directory), null);
  it('leaves no parts behind', async () => {
    expect(await readdir(directory, { recursive: true })).toEqual(['a']);
  });
  it.skipIf(process.platform !== 'linux')('says when the disk is full', async () => {
    const full = metered(
      Readable.from(bytes(100_000)),
      signal(),
      async (body) => {
        const { createWriteStream } = await import('node:fs');
        const { pipeline } = await import('node:stream/promises');
        await pipeline(body, createWriteStream('/dev/full'));
      },
      (error) => error as Error,
    );
    await expect(full).rejects.toMatchObject({ code: 'ENOSPC' });
  });
});

it('gives up an upload that makes no progress', async () => {
  const silent = new Readable({ read: () => undefined });
  const never = metered(
    silent,
    signal(),
    (_body, ended) =>
      new Promise((_resolve, reject) => ended.addEventListener('abort', () => reject(new Error('aborted')))),
    (error) => error as Error,
    50,
  );
  await expect(never).rejects.toThrow('The upload makes no progress.');
  expect(silent.destroyed).toBe(true);
});
