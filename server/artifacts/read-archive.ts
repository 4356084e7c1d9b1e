import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { ProblemError, refused } from '@/core/problems';

/** Bytes of the beginning that are looked at: the first header of a tar archive, packed, is far smaller. */
const HEAD_BYTES = 16 * 1024;
const TAR_BLOCK = 512;

export interface Expected {
  /** Of the body; null when only its end tells. */
  size: number | null;
  /** Bytes at most. */
  limit: number;
  /** The body begins the archive. */
  first: boolean;
  /** The body is the whole archive and must have this SHA-256. */
  sha256: string | null;
}
export interface CheckedBody {
  /** What may be stored: it fails, with a ProblemError, when the body is not what was expected. */
  stream: Readable;
  /** Bytes that have gone through. */
  size: () => number;
}

/** Checks an archive on its way, holding no more than its first few kilobytes. */
export function checkArchive(body: AsyncIterable<Uint8Array>, expected: Expected): CheckedBody {
  let size = 0;
  async function* pass() {
    const hash = expected.sha256 === null ? null : createHash('sha256');
    let head: Uint8Array[] | null = expected.first ? [] : null;
    for await (const chunk of received(body)) {
      size += chunk.byteLength;
      if (size > (expected.size ?? expected.limit)) throw sizeProblem(expected);
      hash?.update(chunk);
      if (head === null) {
        yield chunk;
        continue;
      }
      head.push(chunk);
      if (size < HEAD_BYTES) continue;
      await checkHead(Buffer.concat(head));
      yield* head;
      head = null;
    }
    if (expected.size !== null && size !== expected.size) throw sizeProblem(expected);
    if (head !== null) {
      await checkHead(Buffer.concat(head));
      yield* head;
    }
    if (hash !== null && hash.digest('hex') !== expected.sha256) throw wrongHash();
  }
  return { stream: Readable.from(pass(), { objectMode: false }), size: () => size };
}

async function* received(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of body) yield chunk;
  } catch (error) {
    throw new ProblemError(
      'unreadable',
      'The upload broke off before it was complete. Send it again from where it stopped.',
      {
        code: 'upload-cut',
        cause: error,
      },
    );
  }
}

function sizeProblem({ size, limit }: Expected): ProblemError {
  if (size === null) return tooLarge(limit);
  return new ProblemError(
    'unreadable',
    `The body does not have the ${size} bytes that Content-Range announces.`,
  );
}

export const tooLarge = (limit: number) =>
  new ProblemError(
    'too-large',
    `The archive is larger than ${limit / 1024 / 1024} MiB, the most that is accepted. Leave data out with .dockerignore, and read it from a bucket or a volume.`,
  );

export const wrongHash = () =>
  refused(
    'The archive does not have the SHA-256 that its path names: it was damaged on its way, or is another file.',
    [{ path: 'sha256', message: 'is not that of the body' }],
  );

const noArchive = (why: string) =>
  refused(
    `This is no gzip-compressed tar archive: ${why}. "slipway job create code" makes one of a directory.`,
    [{ path: 'body', message: why }],
  );

/** Refuses what does not begin as a tar archive within gzip. Only the first header is unpacked, so that a bomb does no harm. */
async function checkHead(head: Buffer): Promise<void> {
  if (head[0] !== 0x1f || head[1] !== 0x8b) throw noArchive('it does not begin as gzip does');
  const block = await firstBlock(head);
  if (block.length < TAR_BLOCK || !isTarHeader(block))
    throw noArchive('what is packed does not begin as tar does');
}

async function firstBlock(head: Buffer): Promise<Buffer> {
  const gunzip = createGunzip({ chunkSize: TAR_BLOCK });
  const parts: Buffer[] = [];
  let size = 0;
  gunzip.end(head);
  try {
    for await (const part of gunzip as AsyncIterable<Buffer>) {
      parts.push(part);
      size += part.length;
      if (size >= TAR_BLOCK) break;
    }
  } catch {
    // The beginning of an archive ends amid its compressed data; what came before that counts.
  }
  return Buffer.concat(parts).subarray(0, TAR_BLOCK);
}

/** By the checksum in the header: the sum of its bytes, with spaces in place of the checksum itself (POSIX pax). */
function isTarHeader(block: Buffer): boolean {
  const stated = parseInt(
    block
      .toString('latin1', 148, 156)
      .replace(/[\0 ]+/g, ' ')
      .trim(),
    8,
  );
  let sum = 8 * 0x20;
  block.forEach((byte, at) => {
    if (at < 148 || at >= 156) sum += byte;
  });
  return sum === stated || block.every((byte) => byte === 0);
}
