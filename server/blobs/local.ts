import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { access, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { ProblemError } from '@/core/problems';
import { BlobMissing } from './types';
import type { BlobStore } from './types';

const isCode = (error: unknown, ...codes: string[]): boolean =>
  error instanceof Error && codes.includes((error as NodeJS.ErrnoException).code ?? '');

/** Blobs as files below `directory`, readable by its owner only. Several servers need a directory that all of them see. */
export function createLocalStore(directory: string): BlobStore {
  const partial = path.join(directory, '.partial');
  const fileOf = (key: string) => path.join(directory, ...key.split('/'));

  return {
    async put(key, body) {
      const file = fileOf(key);
      const temporary = path.join(partial, randomUUID());
      try {
        await mkdir(partial, { recursive: true, mode: 0o700 });
        await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
        await pipeline(body, createWriteStream(temporary, { flags: 'wx', mode: 0o600, flush: true }));
        await rename(temporary, file);
      } catch (error) {
        body.destroy();
        await rm(temporary, { force: true }).catch(() => {});
        // EFBIG: the operator's own limit of what a process may write to a file.
        if (!isCode(error, 'ENOSPC', 'EDQUOT', 'EFBIG')) throw error;
        throw new ProblemError(
          'unavailable',
          'The disk of the server is full: the upload was not kept. Ask an operator to make room.',
          {
            code: 'store-full',
            cause: error,
          },
        );
      }
    },

    async get(key) {
      try {
        return (await open(fileOf(key))).createReadStream();
      } catch (error) {
        throw isCode(error, 'ENOENT') ? new BlobMissing(key) : error;
      }
    },

    exists: (key) =>
      access(fileOf(key)).then(
        () => true,
        (error: unknown) => {
          if (isCode(error, 'ENOENT')) return false;
          throw error;
        },
      ),

    delete: (key) => rm(fileOf(key), { force: true }),

    async sweep(before) {
      const names = await readdir(partial).catch((error: unknown) => {
        if (isCode(error, 'ENOENT')) return [];
        throw error;
      });
      let removed = 0;
      for (const name of names) {
        const file = path.join(partial, name);
        const found = await stat(file).catch(() => null);
        if (found === null || found.mtime >= before) continue;
        await rm(file, { force: true });
        removed++;
      }
      return removed;
    },
  };
}
