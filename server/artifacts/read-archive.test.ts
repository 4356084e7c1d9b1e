import { createHash } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { pack } from 'tar-stream';
import { describe, expect, it } from 'vitest';
import { checkArchive } from './read-archive';

async function archive(content: Buffer | string = 'print(1)\n'): Promise<Buffer> {
  const tar = pack();
  tar.entry({ name: 'train.py' }, content);
  tar.finalize();
  return gzipSync(await buffer(tar));
}
/** In pieces of a few bytes, as a slow line brings them. */
async function* slowly(bytes: Buffer, step = 100): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += step) {
    await Promise.resolve();
    yield bytes.subarray(at, at + step);
  }
}
const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');
const whole = { size: null, limit: 1_000_000, first: true };
const read = (bytes: Buffer, expected: Partial<Parameters<typeof checkArchive>[1]> = {}) =>
  buffer(checkArchive(slowly(bytes), { ...whole, sha256: sha256(bytes), ...expected }).stream);

describe('an archive on its way', () => {
  it('passes unchanged', async () => {
    const small = await archive();
    expect((await read(small)).equals(small)).toBe(true);
    const large = await archive(Buffer.from(Array.from({ length: 200_000 }, (_, i) => (i * 7919) % 251)));
    expect((await read(large)).equals(large)).toBe(true);
  });

  it('is refused when it is another', async () => {
    const bytes = await archive();
    await expect(read(bytes, { sha256: '0'.repeat(64) })).rejects.toThrow('does not have the SHA-256');
  });

  it('is refused as soon as it is too large', async () => {
    const bytes = await archive(Buffer.from(Array.from({ length: 50_000 }, (_, i) => (i * 7919) % 251)));
    await expect(read(bytes, { limit: 300 })).rejects.toMatchObject({ kind: 'too-large' });
    await expect(read(bytes, { size: bytes.length + 1 })).rejects.toMatchObject({ kind: 'unreadable' });
    await expect(read(bytes, { size: bytes.length - 1 })).rejects.toMatchObject({ kind: 'unreadable' });
  });

  it.each([
    ['a text', Buffer.from('hello world')],
    ['nothing', Buffer.alloc(0)],
    ['a zip', Buffer.from('PK\u0003\u0004 and so on')],
    ['a packed text', gzipSync('hello world')],
    ['packed zeros without an end', gzipSync(Buffer.alloc(100))],
    ['the first bytes of gzip', Buffer.from([0x1f, 0x8b, 8, 0, 1, 2, 3])],
    ['a large packed text', gzipSync(Buffer.alloc(50_000, 'slipway '))],
  ])('is refused when it is %s', async (_, bytes) => {
    await expect(read(bytes)).rejects.toThrow('no gzip-compressed tar archive');
  });

  it('says that it broke off', async () => {
    const bytes = await archive();
    async function* cut() {
      yield* slowly(bytes.subarray(0, 50));
      throw new Error('ECONNRESET');
    }
    const { stream } = checkArchive(cut(), { ...whole, sha256: null });
    await expect(buffer(stream)).rejects.toMatchObject({ code: 'upload-cut' });
  });
});
