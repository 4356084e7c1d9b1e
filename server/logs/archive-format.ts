import { Readable } from 'node:stream';
import { createGunzip, createGzip } from 'node:zlib';

/** A row of `log_chunks` but for the run it belongs to. */
export interface ArchivedChunk {
  offset: number;
  stream: string;
  at: string;
  execution: number;
  line: number;
  lines: number;
  source: string | null;
  grouped: boolean;
  data: Buffer;
}

/** Longest head of a chunk, bytes: what is longer is no archive of ours. */
const MAX_HEAD = 64 * 1024;
const MAX_DATA = 64 * 1024 * 1024;

/**
 * An archived log: gzip over, for each chunk in order, two numbers of four bytes (big-endian: length of the head, length of the data),
 * the head as JSON, the data.
 */
export function packChunks(batches: AsyncIterable<ArchivedChunk[]>): Readable {
  async function* frames(): AsyncGenerator<Buffer> {
    for await (const chunks of batches) {
      for (const { data, ...head } of chunks) {
        const text = Buffer.from(JSON.stringify(head));
        const sizes = Buffer.alloc(8);
        sizes.writeUInt32BE(text.length, 0);
        sizes.writeUInt32BE(data.length, 4);
        yield Buffer.concat([sizes, text, data]);
      }
    }
  }
  const source = Readable.from(frames(), { objectMode: false });
  const packed = createGzip({ level: 6 });
  source.once('error', (error) => packed.destroy(error));
  packed.once('close', () => source.destroy());
  return source.pipe(packed);
}

/** The chunks of an archive, one after the other. Throws when it is cut short or is none. */
export async function* unpackChunks(archive: Readable): AsyncGenerator<ArchivedChunk> {
  const unpacked = createGunzip();
  archive.once('error', (error) => unpacked.destroy(error));
  archive.pipe(unpacked);
  let wanted = 8;
  let parts: Buffer[] = [];
  let held = 0;
  for await (const piece of unpacked as AsyncIterable<Buffer>) {
    parts.push(piece);
    held += piece.length;
    // Joined only when there is enough: a chunk of megabytes comes in many pieces.
    if (held < wanted) continue;
    let rest: Buffer = Buffer.concat(parts);
    for (;;) {
      wanted = 8;
      if (rest.length < wanted) break;
      const [head, data] = [rest.readUInt32BE(0), rest.readUInt32BE(4)];
      if (head > MAX_HEAD || data > MAX_DATA) throw new Error('the archive of a log is damaged');
      wanted = 8 + head + data;
      if (rest.length < wanted) break;
      yield {
        ...(JSON.parse(rest.toString('utf8', 8, 8 + head)) as Omit<ArchivedChunk, 'data'>),
        // A copy: a view would keep the whole piece in memory.
        data: Buffer.from(rest.subarray(8 + head, wanted)),
      };
      rest = rest.subarray(wanted);
    }
    parts = [rest];
    held = rest.length;
  }
  if (held > 0) throw new Error('the archive of a log ends too early');
}
