import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pack, type Pack } from 'tar-stream';
import type { ScannedFile } from './scan';

/**
 * What files have in the image whatever they had in the source, so that equal sources make equal images. Executable, since a program
 * that has lost its bit does not start; a time that every archive format can hold.
 */
const MODE = 0o755;
const TIME = new Date('2000-01-01T00:00:00Z');

/** The files of a context and its Dockerfile as a tar. The Dockerfile takes the place of a file of the same path. */
export function contextTar(
  directory: string,
  files: readonly ScannedFile[],
  dockerfile: { path: string; text: string },
): Readable {
  const tar = pack();
  const fill = async () => {
    await put(tar, { name: dockerfile.path, mode: MODE }, Buffer.from(dockerfile.text, 'utf8'));
    for (const { path, link } of files) {
      if (path === dockerfile.path) continue;
      if (link === null) await putFile(tar, path, join(directory, path));
      else await put(tar, { name: path, mode: 0o777, type: 'symlink', linkname: link }, null);
    }
    tar.finalize();
  };
  fill().catch((error: unknown) => tar.destroy(error as Error));
  const output = Readable.from(tar as AsyncIterable<Uint8Array>, { objectMode: false });
  output.once('close', () => tar.destroy());
  return output;
}

type TarHeader = Parameters<Pack['entry']>[0];

function put(tar: Pack, header: TarHeader, content: Buffer | null): Promise<void> {
  return new Promise((resolve, reject) => {
    const done = (error?: Error | null) => (error ? reject(error) : resolve());
    if (content === null) tar.entry({ ...header, mtime: TIME }, done);
    else tar.entry({ ...header, mtime: TIME, size: content.length }, content, done);
  });
}

async function putFile(tar: Pack, name: string, path: string): Promise<void> {
  const { size } = await stat(path);
  if (size === 0) return put(tar, { name, mode: MODE }, Buffer.alloc(0));
  await new Promise<void>((resolve, reject) => {
    const entry = tar.entry({ name, mode: MODE, mtime: TIME, size }, (error) =>
      error ? reject(error) : resolve(),
    );
    const source = createReadStream(path, { end: size - 1 });
    source.once('error', (error) => {
      entry.destroy(error);
      reject(error);
    });
    source.pipe(entry);
  });
}
