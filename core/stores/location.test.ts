import { describe, expect, it } from 'vitest';
import { parseStoreLocation } from './location';

describe('the address of a store', () => {
  it.each([
    ['s3://my-bucket', { type: 's3', bucket: 'my-bucket', prefix: '' }],
    ['s3://my-bucket/a/b/', { type: 's3', bucket: 'my-bucket', prefix: 'a/b' }],
    ['gs://my.bucket_1/a', { type: 'gcs', bucket: 'my.bucket_1', prefix: 'a' }],
    [
      'https://account.blob.core.windows.net/box/path',
      {
        type: 'azure',
        accountUrl: 'https://account.blob.core.windows.net',
        container: 'box',
        prefix: 'path',
      },
    ],
    [
      'http://127.0.0.1:10000/devstoreaccount1/box',
      { type: 'azure', accountUrl: 'http://127.0.0.1:10000/devstoreaccount1', container: 'box', prefix: '' },
    ],
    ['file:///var/lib/slipway', { type: 'local', directory: '/var/lib/slipway' }],
    ['/var/lib/slipway', { type: 'local', directory: '/var/lib/slipway' }],
  ])('%s', (text, expected) => {
    expect(parseStoreLocation(text)).toEqual(expected);
  });

  it.each(['', 's3://', 's3:///a', 'ftp://x/y', 'relative/path', 'https://example.com/a', 'file://', '/'])(
    '%j is none',
    (text) => {
      expect(parseStoreLocation(text)).toBeNull();
    },
  );
});
