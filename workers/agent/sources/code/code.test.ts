import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { pack, type Header } from 'tar-stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AgentRequestError, type AgentClient } from '../../client';
import { createCodeSource } from '.';
import { unpack, UNPACK_LIMITS, type UnpackLimits } from './unpack';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'slipway-code-'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

type Item = [Partial<Header> & { name: string }, string?];
async function tar(items: Item[]): Promise<Buffer> {
  const archive = pack();
  for (const [header, content] of items) {
    if (content === undefined) archive.entry(header);
    else archive.entry(header, content);
  }
  archive.finalize();
  const parts: Uint8Array[] = [];
  for await (const part of archive) parts.push(part as Uint8Array);
  return Buffer.concat(parts);
}
const signal = new AbortController().signal;
async function prepare(archive: Buffer, source: { artifact?: string; directory?: string } = {}) {
  const artifact = source.artifact ?? createHash('sha256').update(archive).digest('hex');
  const client: Pick<AgentClient, 'artifact'> = { artifact: (_, take) => take(Readable.from([archive])) };
  const log = () => Promise.resolve();
  return createCodeSource({ client }).prepare(
    { type: 'code', ...source, artifact },
    { directory, log, signal },
  );
}

describe('an uploaded archive', () => {
  it('is unpacked with its names, bytes, links and bits', async () => {
    const items: Item[] = [
      [{ name: './src/', type: 'directory' }],
      [{ name: './src/a.py', mode: 0o644 }, 'code'],
      [{ name: 'run.sh', mode: 0o4755 }, '#!/bin/sh'],
      [{ name: 'two\nlines.txt' }, 'x'],
      [{ name: 'again.py', type: 'link', linkname: 'src/a.py' }],
      [{ name: 'link.py', type: 'symlink', linkname: 'src/a.py' }],
      [{ name: '.git/config' }, 'x'],
      [{ name: 'empty' }, ''],
    ];
    for (const archive of [await tar(items), gzipSync(await tar(items))]) {
      const { root, context, commit } = await prepare(archive, { directory: 'src' });
      expect((await readdir(root)).sort()).toEqual([
        'again.py',
        'empty',
        'link.py',
        'run.sh',
        'src',
        'two\nlines.txt',
      ]);
      expect(await readFile(join(context, 'a.py'), 'utf8')).toBe('code');
      expect(await readFile(join(root, 'link.py'), 'utf8')).toBe('code');
      expect((await stat(join(root, 'run.sh'))).mode & 0o7777).toBe(0o755);
      expect(commit).toBeNull();
      await rm(root, { recursive: true });
    }
  });

  const file = (name: string): Item => [{ name }, 'x'];
  it.each<[string, Item[], RegExp]>([
    ['leads upwards', [file('a/../../evil')], /"a\/..\/..\/evil".*leads out/],
    ['is absolute', [file('/etc/evil')], /"\/etc\/evil".*leads out/],
    [
      'is a device',
      [[{ name: 'dev', type: 'character-device', devmajor: 1, devminor: 3 }]],
      /"dev".*character device/,
    ],
    ['is a pipe', [[{ name: 'pipe', type: 'fifo' }]], /fifo/],
    ['is a link out', [[{ name: 'l', type: 'symlink', linkname: '/etc' }]], /"l" leads out/],
    ['is a hard link out', [[{ name: 'l', type: 'link', linkname: '../../etc/passwd' }]], /not in it/],
    ['goes through a link', [[{ name: 'l', type: 'symlink', linkname: '/tmp' }], file('l/evil')], /twice/],
    [
      'is a hard link to a link',
      [
        [{ name: 'l', type: 'symlink', linkname: '/etc/passwd' }],
        [{ name: 'h', type: 'link', linkname: 'l' }],
      ],
      /not in it/,
    ],
  ])('is refused when an entry %s', async (_, items, message) => {
    await expect(prepare(await tar(items))).rejects.toMatchObject({
      failure: { phase: 'build', category: 'build', message: expect.stringMatching(message) },
    });
  });

  it('is refused when it is a bomb, too large or too many', async () => {
    const path = join(directory, 'archive');
    const limited = async (archive: Buffer, limits: Partial<UnpackLimits>) => {
      await writeFile(path, archive);
      await unpack(path, join(directory, 'out'), { ...UNPACK_LIMITS, ...limits }, signal);
    };
    const zeros = gzipSync(await tar([[{ name: 'zeros' }, '\0'.repeat(4_000_000)]]));
    await expect(limited(zeros, { ratio: 100, ratioFromBytes: 1_000_000 })).rejects.toThrow(/bomb/);
    await expect(limited(zeros, { bytes: 1_000_000 })).rejects.toThrow(/unpacks to more than/);
    await expect(limited(await tar([file('a'), file('b'), file('c')]), { entries: 2 })).rejects.toThrow(
      /more than 2 entries/,
    );
  });

  it('is refused when it is damaged, cut, or not what its name says', async () => {
    const whole = gzipSync(await tar([[{ name: 'a' }, 'x'.repeat(100_000)]]));
    await expect(prepare(whole.subarray(0, -40))).rejects.toThrow(/no readable .tar.gz/);
    await expect(prepare(Buffer.from('PK\x03\x04 this is a zip of old times'.padEnd(600)))).rejects.toThrow(
      /no readable/,
    );
    await expect(prepare(whole, { artifact: 'a'.repeat(64) })).rejects.toThrow(/does not have the SHA-256/);
  });

  it('that is gone, or does not fit the disk, is told as such', async () => {
    const failing = (error: Error) =>
      createCodeSource({ client: { artifact: () => Promise.reject(error) } }).prepare(
        { type: 'code', artifact: 'a'.repeat(64) },
        { directory, log: () => Promise.resolve(), signal },
      );
    await expect(failing(new AgentRequestError('not-found', 'No.'))).rejects.toThrow(/Upload it again/);
    const full = Object.assign(new Error('write ENOSPC'), { code: 'ENOSPC' });
    await expect(failing(full)).rejects.toMatchObject({ failure: { category: 'platform' } });
  });
});
