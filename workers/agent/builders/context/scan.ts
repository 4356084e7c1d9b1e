import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { compareBytes, type IgnoreFile } from '@/core/build';
import { RunFailure } from '../../runners/types';

/** A file or symbolic link of a build context. */
export interface ScannedFile {
  /** Inside the context, with `/`. */
  path: string;
  /** Text of the target of a symbolic link; null: a file. */
  link: string | null;
}

/** All files that `.dockerignore` leaves, in order of the bytes of their paths. Links are listed and not followed. */
export async function scanFiles(directory: string, ignore: IgnoreFile): Promise<ScannedFile[]> {
  const files: ScannedFile[] = [];
  const walk = async (folder: string): Promise<void> => {
    for (const entry of await readdir(join(directory, folder), { withFileTypes: true })) {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      // What Node shows of bytes that are no UTF-8: such a name cannot be told to a builder.
      if (entry.name.includes('\uFFFD')) throw badName(path);
      if (entry.isDirectory()) {
        if (!ignore.prunes(path)) await walk(path);
      } else if (!ignore.excludes(path)) {
        files.push({ path, link: entry.isSymbolicLink() ? await readlink(join(directory, path)) : null });
      }
    }
  };
  await walk('');
  const encoder = new TextEncoder();
  return files
    .map((file) => ({ file, bytes: encoder.encode(file.path) }))
    .sort((a, b) => compareBytes(a.bytes, b.bytes))
    .map(({ file }) => file);
}

const badName = (path: string) =>
  new RunFailure({
    phase: 'build',
    category: 'build',
    message: `The name of the file ${JSON.stringify(path)} of the source is not UTF-8. Rename it.`,
  });

/** Files read at the same time. */
const AT_ONCE = 4;

/** SHA-256 of each file, and of the text of each link's target. */
export async function hashFiles(
  directory: string,
  files: readonly ScannedFile[],
  signal: AbortSignal,
): Promise<{ path: string; sha256: string }[]> {
  const hashes: { path: string; sha256: string }[] = [];
  let next = 0;
  const work = async () => {
    for (let index = next++; index < files.length; index = next++) {
      const { path, link } = files[index] ?? { path: '', link: '' };
      const hash = createHash('sha256');
      if (link === null) await pipeline(createReadStream(join(directory, path)), hash, { signal });
      else hash.end(link);
      hashes[index] = { path, sha256: (hash.read() as Buffer).toString('hex') };
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return hashes;
}
