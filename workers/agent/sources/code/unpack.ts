import { createReadStream, createWriteStream } from 'node:fs';
import { link, lstat, mkdir, open, stat, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { extract, type Header } from 'tar-stream';
import { RunFailure } from '../../runners/types';
import { errorCode, errorMessage } from '../../support/timing';

export interface UnpackLimits {
  entries: number;
  /** Of all files together. */
  bytes: number;
  /** Bytes of files for each byte of the archive … */
  ratio: number;
  /** … from so many bytes on. */
  ratioFromBytes: number;
}

export const UNPACK_LIMITS: UnpackLimits = {
  entries: 200_000,
  bytes: 8 * 2 ** 30,
  ratio: 200,
  ratioFromBytes: 256 * 2 ** 20,
};

type Entry = AsyncIterable<unknown> & { header: Header; resume(): unknown };

const bad = (message: string) => new RunFailure({ phase: 'build', category: 'build', message });

/**
 * Unpacks a tar, gzipped or not, into an empty directory. Everything stays inside it: names that lead out, devices and links to the
 * outside are refused, and links are made only after all files, so that nothing is ever written through one.
 *
 * @throws RunFailure that names the entry, or says that the archive is damaged or too large; errors of the file system as they are
 */
export async function unpack(
  archive: string,
  directory: string,
  limits: UnpackLimits,
  signal: AbortSignal,
): Promise<void> {
  const archiveBytes = (await stat(archive)).size;
  const unpacking = new Unpacking(directory, archiveBytes, limits);
  const tar = extract();
  const unzip = (await isGzip(archive)) ? [createGunzip()] : [];
  const reading = pipeline([createReadStream(archive), ...unzip, unpacking.meter(), tar], { signal });
  // Told by the loop below, which ends with it.
  reading.catch(() => undefined);
  try {
    for await (const entry of tar) await unpacking.take(entry);
    await reading;
  } catch (error) {
    tar.destroy();
    signal.throwIfAborted();
    const cause = unpacking.refusal ?? error;
    if (cause instanceof RunFailure || isOfFileSystem(cause)) throw cause;
    throw new RunFailure(
      {
        phase: 'build',
        category: 'build',
        message: `The uploaded source is no readable .tar.gz: ${errorMessage(cause)}. Upload it again.`,
      },
      { cause },
    );
  }
  await unpacking.links();
}

const isOfFileSystem = (error: unknown) =>
  typeof (error as { syscall?: unknown } | null)?.syscall === 'string';

async function isGzip(path: string): Promise<boolean> {
  const file = await open(path);
  try {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(2), 0, 2, 0);
    return bytesRead === 2 && buffer[0] === 0x1f && buffer[1] === 0x8b;
  } finally {
    await file.close();
  }
}

class Unpacking {
  refusal: RunFailure | null = null;
  private entries = 0;
  private readonly symlinks: { path: string; name: string; target: string }[] = [];

  constructor(
    private readonly directory: string,
    private readonly archiveBytes: number,
    private readonly limits: UnpackLimits,
  ) {}

  /** Counts what comes out of the archive, before it is looked at. */
  meter(): Transform {
    let bytes = 0;
    return new Transform({
      transform: (chunk: Buffer, _encoding, done) => {
        bytes += chunk.length;
        this.refusal ??= this.tooLarge(bytes);
        done(this.refusal, chunk);
      },
    });
  }

  private tooLarge(bytes: number): RunFailure | null {
    const { limits, archiveBytes } = this;
    if (bytes > limits.bytes)
      return bad(
        `The uploaded source unpacks to more than ${Math.floor(limits.bytes / 2 ** 20)} MiB. Leave data out of it (.dockerignore).`,
      );
    return bytes > limits.ratioFromBytes && bytes > archiveBytes * limits.ratio
      ? bad(
          `The uploaded source unpacks to more than ${limits.ratio} times its size and is taken for a bomb.`,
        )
      : null;
  }

  async take(entry: Entry): Promise<void> {
    const { name, type, linkname, mode } = entry.header;
    this.entries += 1;
    if (this.entries > this.limits.entries)
      throw bad(
        `The uploaded source has more than ${this.limits.entries} entries. Leave data out of it (.dockerignore).`,
      );
    const shown = JSON.stringify(name);
    const parts = safeParts(name);
    if (parts === null) throw bad(`The entry ${shown} of the uploaded source leads out of it.`);
    const path = join(this.directory, ...parts);
    if (type === 'directory') {
      await mkdir(path, { recursive: true });
    } else if (parts.length === 0) {
      throw bad(`The entry ${shown} of the uploaded source has no name.`);
    } else if (type === 'file' || type === 'contiguous-file') {
      await mkdir(dirname(path), { recursive: true });
      await pipeline(entry, createWriteStream(path, { mode: (mode & 0o100) === 0 ? 0o644 : 0o755 }));
    } else if (type === 'symlink') {
      this.symlinks.push({ path, name, target: linkname });
    } else if (type === 'link') {
      await this.hardLink(path, shown, linkname);
    } else {
      throw bad(
        `The entry ${shown} of the uploaded source is a ${type.replaceAll('-', ' ')}; only files, directories and links can be in it.`,
      );
    }
    entry.resume();
  }

  /** A second name of a file that came before. */
  private async hardLink(path: string, shown: string, target: string): Promise<void> {
    const parts = safeParts(target);
    const original = parts === null || parts.length === 0 ? null : join(this.directory, ...parts);
    const info = original === null ? null : await lstat(original).catch(() => null);
    if (original === null || !info?.isFile())
      throw bad(
        `The entry ${shown} of the uploaded source is a link to ${JSON.stringify(target)}, which is not in it.`,
      );
    await mkdir(dirname(path), { recursive: true });
    await link(original, path);
  }

  /** Where they lead is checked on the whole tree. */
  async links(): Promise<void> {
    for (const { path, name, target } of this.symlinks) {
      await mkdir(dirname(path), { recursive: true });
      try {
        await symlink(target, path);
      } catch (error) {
        if (errorCode(error) !== 'EEXIST') throw error;
        throw bad(`The entry ${JSON.stringify(name)} is twice in the uploaded source.`);
      }
    }
  }
}

/** The parts of a name inside the archive; null when it leads out. */
function safeParts(name: string): string[] | null {
  if (name.startsWith('/') || name.includes('\0')) return null;
  const parts = name.split('/').filter((part) => part !== '' && part !== '.');
  return parts.includes('..') ? null : parts;
}
