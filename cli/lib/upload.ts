import { setTimeout as delay } from 'node:timers/promises';
import type { Artifact } from '@/core/wire';
import type { Client } from './client';
import { ApiError, UnreachableError } from './errors';
import { formatBytes } from './output';
import { packDirectory, type Archive } from './pack';
import { createProgress } from './progress';

/** Bytes of one request: small enough for proxies and slow lines, and all that is held in memory. */
const PIECE_BYTES = 8 * 1024 * 1024;
/** Tries without any progress before it is given up. */
const TRIES = 6;
const FIRST_WAIT_MS = 250;

/** Packs a directory and uploads it unless the server has it; gives its SHA-256. Says what it does on standard error. */
export async function uploadDirectory(
  client: Client,
  { entity, directory, keep }: { entity: string | undefined; directory: string; keep?: readonly string[] },
): Promise<string> {
  const packing = createProgress('Packing  ');
  const archive = await packDirectory(directory, {
    ...(keep ? { keep } : {}),
    onProgress: (done, total) => packing.at(done, total),
  }).finally(() => packing.clear());
  try {
    for (const file of archive.skipped)
      packing.end(`${JSON.stringify(file)} is no file, directory or link; it is left out.`);
    const files = `${String(archive.files)} ${archive.files === 1 ? 'file' : 'files'}`;
    packing.end(`Packed ${files}, ${formatBytes(archive.size)}: sha256 ${archive.sha256.slice(0, 12)}`);
    await sendArchive(client, await client.path(entity, 'artifacts', archive.sha256), archive);
    return archive.sha256;
  } finally {
    await archive.remove();
  }
}

/** Sends what the server does not have yet, piece by piece; goes on after a lost connection. */
async function sendArchive(client: Client, path: string, archive: Archive): Promise<void> {
  let state = await stateOf(client, path);
  if (state.complete) {
    createProgress('').end('The server has this code already; nothing is uploaded.');
    return;
  }
  const progress = createProgress('Uploading');
  const { file } = archive;
  try {
    const buffer = Buffer.allocUnsafe(Math.min(PIECE_BYTES, archive.size));
    for (let failures = 0; !state.complete;) {
      progress.at(state.received, archive.size);
      // All is there, but was not put together: the last byte once more makes the server do so.
      const start = Math.min(state.received, archive.size - 1);
      const { bytesRead } = await file.read(buffer, 0, Math.min(PIECE_BYTES, archive.size - start), start);
      const range = `bytes ${String(start)}-${String(start + bytesRead - 1)}/${String(archive.size)}`;
      try {
        state = await client.call<Artifact>('PUT', path, {
          bytes: buffer.subarray(0, bytesRead),
          headers: { 'content-type': 'application/gzip', 'content-range': range },
        });
        failures = 0;
      } catch (error) {
        if (!isPassing(error) || ++failures === TRIES) throw error;
        await delay(FIRST_WAIT_MS * 2 ** failures);
        state = await stateOf(client, path).catch((again: unknown) => {
          if (isPassing(again)) return state;
          throw again;
        });
      }
    }
    progress.end(`Uploaded ${formatBytes(archive.size)}`);
  } finally {
    progress.clear();
  }
}

async function stateOf(client: Client, path: string): Promise<Pick<Artifact, 'complete' | 'received'>> {
  try {
    return await client.get<Artifact>(path);
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return { complete: false, received: 0 };
    throw error;
  }
}

/**
 * Whether the same call may succeed in a moment: no connection, a server that is down or busy, or another upload that was faster. Not a
 * full disk: only an operator makes room.
 */
const isPassing = (error: unknown): boolean =>
  error instanceof UnreachableError ||
  (error instanceof ApiError &&
    !error.problem.type.endsWith(':store-full') &&
    (error.status >= 500 || error.status === 429 || /wrong-offset|upload-cut/.test(error.problem.type)));
