import { randomBytes } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { access, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { CloudError, commonError, firstLine } from '../environments/errors';
import { errorCode } from '../support/timing';
import { objectName } from './object-name';
import { metered } from './meter';
import type { Store } from './types';

/** A part that is older was left by an agent that was killed, milliseconds. */
const STALE_MS = 3_600_000;

/** A directory of the agent's machine, or one that machines share. Objects appear under their names only when they are whole. */
export function createLocalStore(address: string, directory: string): Store {
  const fileOf = (key: string) => path.join(directory, objectName('', key));
  return {
    address,
    url: fileOf,
    async put(key, source, signal) {
      const file = fileOf(key);
      const part = path.join(
        path.dirname(file),
        `.${path.basename(file)}.${randomBytes(6).toString('hex')}.part`,
      );
      return metered(
        source,
        signal,
        async (body, ended) => {
          await mkdir(path.dirname(file), { recursive: true });
          await removeStaleParts(path.dirname(file));
          try {
            await pipeline(body, createWriteStream(part, { mode: 0o600 }), { signal: ended });
            await flush(part);
            await rename(part, file);
          } finally {
            await rm(part, { force: true });
          }
        },
        (error) => localError(error, `write ${file}`),
      );
    },
    async get(key) {
      const file = fileOf(key);
      try {
        await access(file);
        return createReadStream(file);
      } catch (error) {
        throw localError(error, `read ${file}`);
      }
    },
    async exists(key) {
      const file = fileOf(key);
      try {
        return (await stat(file)).isFile();
      } catch (error) {
        if (errorCode(error) === 'ENOENT') return false;
        throw localError(error, `look for ${file}`);
      }
    },
    async delete(key) {
      const file = fileOf(key);
      try {
        await rm(file, { force: true });
      } catch (error) {
        throw localError(error, `delete ${file}`);
      }
    },
  };
}

/** After a crash of the machine the name must not stand for an empty file. */
async function flush(file: string): Promise<void> {
  const handle = await open(file, 'r+');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function removeStaleParts(directory: string): Promise<void> {
  for (const name of await readdir(directory)) {
    if (!/^\..*\.[0-9a-f]{12}\.part$/.test(name)) continue;
    const file = path.join(directory, name);
    const age = await stat(file).then(({ mtimeMs }) => Date.now() - mtimeMs, () => 0); // prettier-ignore
    if (age > STALE_MS) await rm(file, { force: true });
  }
}

function localError(error: unknown, doing: string): CloudError {
  const code = errorCode(error);
  const denied = code === 'EACCES' || code === 'EPERM' || code === 'EROFS';
  if (denied) {
    const permission = 'the right to write in this directory';
    return new CloudError('denied', `Could not ${doing}: the agent's user has no right to it (${code}).`, {
      permission,
      cause: error,
    });
  }
  if (code === 'ENOENT')
    return new CloudError('not-found', `Could not ${doing}: it does not exist.`, { cause: error });
  return (
    commonError(error, 'The disk', { doing }, undefined) ??
    new CloudError('unavailable', `Could not ${doing}: ${firstLine(error)}`, { cause: error })
  );
}
