import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { AgentRequestError, type AgentClient } from '../../client';
import { RunFailure } from '../../runners/types';
import { errorCode } from '../../support/timing';
import { finishTree } from '../tree';
import type { BuildSource, SourceProvider } from '../types';
import { unpack, UNPACK_LIMITS } from './unpack';

type CodeSource = Extract<BuildSource, { type: 'code' }>;

/** As much as can be uploaded. */
const MAX_ARCHIVE_BYTES = 512 * 2 ** 20;

/** Directories that were uploaded to the server, by the SHA-256 of their archive. */
export const createCodeSource = ({
  client,
}: {
  client: Pick<AgentClient, 'artifact'>;
}): SourceProvider<CodeSource> => ({
  async prepare(source, { directory, log, signal }) {
    await mkdir(directory, { recursive: true });
    const archive = join(directory, 'archive');
    const root = join(directory, 'tree');
    try {
      await log(`Fetching the uploaded source ${source.artifact.slice(0, 12)}`);
      await download(client, source.artifact, archive, signal);
      await mkdir(root, { recursive: true });
      await unpack(archive, root, UNPACK_LIMITS, signal);
      await rm(archive);
    } catch (error) {
      signal.throwIfAborted();
      throw toFailure(error);
    }
    return { ...(await finishTree(root, source.directory)), commit: null };
  },
});

/** Streams to disk and checks size and content on the way; begins again after a cut connection. */
async function download(
  client: Pick<AgentClient, 'artifact'>,
  sha256: string,
  path: string,
  signal: AbortSignal,
): Promise<void> {
  await client.artifact(
    sha256,
    async (body) => {
      const hash = createHash('sha256');
      let bytes = 0;
      const check = new Transform({
        transform(chunk: Buffer, _encoding, done) {
          bytes += chunk.length;
          hash.update(chunk);
          if (bytes <= MAX_ARCHIVE_BYTES) done(null, chunk);
          else done(damaged(`is larger than ${MAX_ARCHIVE_BYTES / 2 ** 20} MiB`));
        },
      });
      await pipeline(body, check, createWriteStream(path, { mode: 0o600 }), { signal });
      if (hash.digest('hex') !== sha256) throw damaged('does not have the SHA-256 it is named by');
    },
    { signal },
  );
}

const damaged = (what: string) =>
  new RunFailure({
    phase: 'build',
    category: 'build',
    message: `The uploaded source ${what}. Upload it again.`,
  });

function toFailure(error: unknown): unknown {
  const code = errorCode(error);
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    const message =
      'The disk of the agent is full: the uploaded source could not be unpacked. Make room, then launch again.';
    return new RunFailure({ phase: 'build', category: 'platform', message }, { cause: error });
  }
  if (code === 'ENAMETOOLONG' || code === 'ENOTDIR' || code === 'EISDIR') {
    const message = `The uploaded source has names that a file system cannot hold together (${code}).`;
    return new RunFailure({ phase: 'build', category: 'build', message }, { cause: error });
  }
  if (error instanceof AgentRequestError && error.reason === 'not-found') {
    const message =
      'The uploaded source is no longer on the server. Upload it again (slipway job create code).';
    return new RunFailure({ phase: 'build', category: 'build', message }, { cause: error });
  }
  return error;
}
