import { createHash } from 'node:crypto';
import { chmod, cp, mkdir, mkdtemp, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { extract } from 'tar-stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readContext, type ContextInput } from '.';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'slipway-context-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function put(root: string, files: Record<string, string>): Promise<string> {
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, root, path)), { recursive: true });
    await writeFile(join(folder, root, path), content);
  }
  return root;
}
const read = (root: string, rest: Partial<ContextInput> = {}) =>
  readContext(
    {
      source: { root: join(folder, root), context: join(folder, root), commit: null },
      dockerfile: null,
      entrypoint: ['python', 'train.py'],
      pythonVersion: null,
      acceleratorBaseImage: null,
      runAsRoot: false,
      ...rest,
    },
    new AbortController().signal,
  );
const tag = async (...args: Parameters<typeof read>) => (await read(...args)).tag;
async function entries(tar: Readable): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  const archive = extract();
  archive.end(await buffer(tar));
  for await (const entry of archive) {
    const parts: Uint8Array[] = [];
    for await (const part of entry) parts.push(part as Uint8Array);
    const { name, type, mode, linkname } = entry.header;
    found[name] =
      `${type} ${mode.toString(8)} ${type === 'symlink' ? linkname : ''}${Buffer.concat(parts).toString()}`;
  }
  return found;
}
const FILES = { 'train.py': 'print()\n', 'lib/a.py': 'a', 'empty.txt': '', 'two\nlines': 'x' };

describe('the tag of a directory', () => {
  it('does not see place, time, mode, owner, empty directories or whether a link is one', async () => {
    await put('here', FILES);
    await symlink('lib/a.py', join(folder, 'here/link'));
    const known = await tag('here');
    await cp(join(folder, 'here'), join(folder, 'far/away'), { recursive: true, verbatimSymlinks: true });
    await chmod(join(folder, 'far/away/train.py'), 0o755);
    await utimes(join(folder, 'far/away/lib/a.py'), 1, 1);
    await mkdir(join(folder, 'far/away/nothing/in/it'), { recursive: true });
    await rm(join(folder, 'far/away/link'));
    // As git writes a link where the file system has none.
    await writeFile(join(folder, 'far/away/link'), 'lib/a.py');
    expect(await tag('far/away')).toBe(known);
  });

  it('sees one byte, a name, the Dockerfile and what goes into it', async () => {
    await put('source', FILES);
    const own = await put('own', { ...FILES, 'Dockerfile.slipway': 'FROM x\n' });
    const tags = [
      await tag('source'),
      await tag(own),
      await tag(await put('byte', { ...FILES, 'lib/a.py': 'b' })),
      await tag(await put('name', { ...FILES, 'lib/b.py': '' })),
      await tag('source', { pythonVersion: '3.9' }),
      await tag('source', { runAsRoot: true }),
      await tag('source', { acceleratorBaseImage: 'cuda:1' }),
      await tag('source', { entrypoint: ['python', 'other.py'] }),
    ];
    expect(new Set(tags).size).toBe(tags.length);
    // With a Dockerfile of its own nothing else has part in it.
    expect(await tag(own, { pythonVersion: '3.9' })).toBe(tags[1]);
  });

  it('leaves out what .dockerignore names', async () => {
    await put('source', { ...FILES, '.dockerignore': 'data\n**/*.pyc\n' });
    const known = await tag('source');
    await put('source', { 'data/big.bin': 'x', 'lib/a.pyc': 'x' });
    expect(await tag('source')).toBe(known);
    expect((await read('source')).context.files).not.toContain('data/big.bin');
  });
});

describe('the context', () => {
  it('is the same bytes on every machine, with what the tag covers and the Dockerfile', async () => {
    await put('source', FILES);
    await symlink('lib/a.py', join(folder, 'source/link'));
    await cp(join(folder, 'source'), join(folder, 'copy'), { recursive: true, verbatimSymlinks: true });
    await chmod(join(folder, 'copy/train.py'), 0o700);
    const hash = async (root: string) =>
      createHash('sha256')
        .update(await buffer((await read(root)).context.tar()))
        .digest('hex');
    expect(await hash('copy')).toBe(await hash('source'));
    const { context } = await read('source');
    expect(await entries(context.tar())).toEqual({
      [context.dockerfilePath]: `file 755 ${context.dockerfile}`,
      'train.py': 'file 755 print()\n',
      'lib/a.py': 'file 755 a',
      'empty.txt': 'file 755 ',
      'two\nlines': 'file 755 x',
      link: 'symlink 777 lib/a.py',
    });
  });

  it('has the Dockerfile of the job also where .dockerignore excludes it', async () => {
    await put('source', { 'docker/Dockerfile': 'FROM x\n', '.dockerignore': 'docker\n', a: '' });
    const { context } = await read('source', { dockerfile: 'docker/Dockerfile' });
    expect(Object.keys(await entries(context.tar()))).toEqual(['docker/Dockerfile', '.dockerignore', 'a']);
  });

  it('says where a Dockerfile is missing, and when it lies outside', async () => {
    await put('source', { Dockerfile: 'FROM x', 'sub/train.py': '' });
    const source = { root: join(folder, 'source'), context: join(folder, 'source/sub'), commit: null };
    await expect(read('source', { source, dockerfile: 'Dockerfile' })).rejects.toThrow(
      /outside the build context/,
    );
    await expect(read('source', { dockerfile: 'other/Dockerfile' })).rejects.toThrow(
      'no Dockerfile other/Dockerfile',
    );
    await expect(read('source', { entrypoint: [] })).rejects.toThrow(/no entrypoint/);
  });
});
