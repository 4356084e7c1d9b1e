import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdtemp, open, rm, writeFile, type FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { pack, type Pack } from 'tar-stream';
import { MAX_ARTIFACT_BYTES } from '@/core/wire';
import { UsageError } from '../errors';
import { formatBytes } from '../output';
import { walk, type Entry } from './walk';

/** Fast: source code is small, and data packs badly at any level. */
const GZIP_LEVEL = 3;
/** Byte of the gzip header that names the operating system; 255 is "unknown" (RFC 1952). */
const OS_BYTE = 9;

export interface Archive {
  /** A temporary file that has no name any more, so that nothing is left of it however the process ends; `remove` lets go of it. */
  file: FileHandle;
  sha256: string;
  /** Bytes of the archive. */
  size: number;
  files: number;
  skipped: string[];
  remove: () => Promise<void>;
}

/**
 * Packs a directory into a gzip-compressed tar archive. The same content gives the same bytes: names in order, no time stamps, owners or
 * modes but "executable". Needs little memory, whatever the size.
 * @param onProgress is told how many bytes of files have been read, and of how many
 * @throws UsageError for links that lead out, and above 512 MiB
 */
export async function packDirectory(
  directory: string,
  {
    keep = [],
    onProgress,
  }: { keep?: readonly string[]; onProgress?: (done: number, total: number) => void } = {},
): Promise<Archive> {
  const { entries, skipped } = await walk(directory, keep);
  const files = entries.filter((entry) => entry.kind === 'file');
  if (files.length === 0)
    throw new UsageError(
      `${directory} has no files to pack: it is empty, or .gitignore and .dockerignore leave out everything.`,
    );
  const total = files.reduce((sum, { size }) => sum + size, 0);
  const { file, remove } = await temporaryFile();
  const measure = measured(files);
  try {
    const tar = pack();
    await Promise.all([
      fill(tar, directory, entries, (done) => onProgress?.(done, total)),
      pipeline(tar, createGzip({ level: GZIP_LEVEL }), measure.stream, (packed) => writeFile(file, packed)),
    ]);
  } catch (error) {
    await remove();
    throw error;
  }
  return { file, ...measure.result(), files: files.length, skipped, remove };
}

async function temporaryFile(): Promise<{ file: FileHandle; remove: () => Promise<void> }> {
  const folder = await mkdtemp(path.join(tmpdir(), 'slipway-pack-'));
  const clear = () => rm(folder, { recursive: true, force: true });
  const file = await open(path.join(folder, 'code.tar.gz'), 'wx+', 0o600).catch(async (error: unknown) => {
    await clear();
    throw error;
  });
  // Systems that cannot remove an open file do so at the end.
  await clear().catch(() => {});
  return {
    file,
    remove: async () => {
      await file.close();
      await clear();
    },
  };
}

/** Makes the header the same everywhere, and takes size and hash of what goes through. */
function measured(files: readonly { path: string; size: number }[]) {
  const hash = createHash('sha256');
  let size = 0;
  const stream = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      if (size <= OS_BYTE && size + chunk.length > OS_BYTE) chunk[OS_BYTE - size] = 255;
      size += chunk.length;
      hash.update(chunk);
      if (size > MAX_ARTIFACT_BYTES) done(tooLarge(files));
      else done(null, chunk);
    },
  });
  return { stream, result: () => ({ sha256: hash.digest('hex'), size }) };
}

function tooLarge(files: readonly { path: string; size: number }[]): UsageError {
  const largest = [...files].sort((a, b) => b.size - a.size).slice(0, 3);
  const list = largest.map((file) => `  ${formatBytes(file.size)}  ${JSON.stringify(file.path)}`).join('\n');
  return new UsageError(
    `The packed directory is larger than ${formatBytes(MAX_ARTIFACT_BYTES)}, the most that is accepted. Leave data out with .dockerignore, and read it from a bucket or a volume. The largest files:\n${list}`,
  );
}

async function fill(
  tar: Pack,
  directory: string,
  entries: readonly Entry[],
  onRead: (done: number) => void,
): Promise<void> {
  let done = 0;
  try {
    for (const entry of entries) {
      if (entry.kind !== 'file') {
        await put(tar, header(entry));
        continue;
      }
      await putFile(tar, path.join(directory, entry.path), entry, (bytes) => onRead((done += bytes)));
    }
    tar.finalize();
  } catch (error) {
    tar.destroy(error instanceof Error ? error : new Error(String(error)));
    throw error;
  }
}

type Header = Parameters<Pack['entry']>[0];

const header = (entry: Entry): Header => {
  const base = { name: entry.path, mtime: new Date(0), uid: 0, gid: 0, uname: '', gname: '' };
  if (entry.kind === 'directory') return { ...base, name: `${entry.path}/`, type: 'directory', mode: 0o755 };
  if (entry.kind === 'link')
    return { ...base, type: 'symlink', linkname: entry.target, mode: 0o777, size: 0 };
  return { ...base, type: 'file', size: entry.size, mode: entry.executable ? 0o755 : 0o644 };
};

const put = (tar: Pack, head: Header): Promise<void> =>
  new Promise((resolve, reject) => {
    const done = (error?: Error | null) => {
      if (error) reject(error);
      else resolve();
    };
    if (head.type === 'file') tar.entry(head, Buffer.alloc(0), done);
    else tar.entry(head, done);
  });

/** Exactly the bytes that were announced: a file that grows meanwhile is cut there, one that shrinks is an error. */
async function putFile(
  tar: Pack,
  file: string,
  entry: Extract<Entry, { kind: 'file' }>,
  onRead: (bytes: number) => void,
): Promise<void> {
  if (entry.size === 0) return put(tar, header(entry));
  let read = 0;
  const counted = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      read += chunk.length;
      onRead(chunk.length);
      done(null, chunk);
    },
    flush(done) {
      done(
        read === entry.size
          ? null
          : new UsageError(
              `${JSON.stringify(entry.path)} has changed while it was packed. Run the command again.`,
            ),
      );
    },
  });
  await pipeline(createReadStream(file, { end: entry.size - 1 }), counted, tar.entry(header(entry)));
}
