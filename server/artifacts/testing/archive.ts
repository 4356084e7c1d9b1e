import { createHash } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { pack } from 'tar-stream';
import type { UserActor } from '../../access';
import type { Services } from '../../services';
import { uploadArtifact } from '../index';

/** For tests: a packed directory with one file of that many bytes that do not compress, and its SHA-256. */
export async function archiveOf(bytes = 100, seed = 'a'): Promise<{ body: Buffer; sha256: string }> {
  const tar = pack();
  const content = Buffer.concat(
    Array.from({ length: Math.ceil(bytes / 32) }, (_, i) =>
      createHash('sha256').update(`${seed}${i}`).digest(),
    ),
  );
  tar.entry({ name: 'train.py', mtime: new Date(0) }, content);
  tar.finalize();
  const body = gzipSync(await buffer(tar), { level: 1 });
  return { body, sha256: createHash('sha256').update(body).digest('hex') };
}

/** For tests: uploads an archive to the entity; gives its SHA-256. */
export async function uploaded(s: Services, actor: UserActor, entity: string, seed = 'a'): Promise<string> {
  const { body, sha256 } = await archiveOf(100, seed);
  await uploadArtifact(s, actor, {
    entity,
    sha256,
    range: null,
    contentLength: body.length,
    body: [body] as never,
  });
  return sha256;
}
