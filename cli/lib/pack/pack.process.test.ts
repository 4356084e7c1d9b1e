import { execFile } from 'node:child_process';
import {
  chmod,
  mkdir,
  mkdtemp,
  readFile,
  readdir,
  rm,
  symlink,
  truncate,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { packDirectory, type Archive } from './index';

const run = promisify(execFile);
let root: string;
beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'slipway-pack-test-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

async function tree(files: Record<string, string>, below = 'src'): Promise<string> {
  for (const [name, content] of Object.entries(files)) {
    const file = path.join(root, below, name);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, content);
  }
  return path.join(root, below);
}
/** The archive under a name, which it has none of itself. */
async function saved({ file, size }: Archive): Promise<string> {
  const copy = path.join(root, 'archive.tar.gz');
  const { buffer } = await file.read(Buffer.alloc(size), 0, size, 0);
  await writeFile(copy, buffer);
  return copy;
}
async function contents(directory: string, keep?: string[]): Promise<string[]> {
  const archive = await packDirectory(directory, keep ? { keep } : {});
  try {
    const { stdout } = await run('tar', ['-tzf', await saved(archive), '--quoting-style=literal']);
    return stdout.split('\n').filter((name) => name !== '' && !name.endsWith('/'));
  } finally {
    await archive.remove();
  }
}
const hashOf = async (directory: string) => {
  const archive = await packDirectory(directory);
  await archive.remove();
  return archive.sha256;
};

describe('what is packed', () => {
  it('is all but what .gitignore and .dockerignore leave out', async () => {
    const directory = await tree({
      'train.py': '',
      'lib/model.py': '',
      'lib/.gitignore': 'weights/\n!keep.log\n',
      'lib/weights/a.bin': '',
      'lib/keep.log': '',
      'top.log': '',
      'Data/x': '',
      'data/x': '',
      '.gitignore': '*.log\n/data\n',
      '.dockerignore': '# comment\nnotes.md\n**/*.ipynb\nout\n!out/keep/this.txt\nDockerfile\ntools\n',
      'notes.md': '',
      'lib/notes.md': '',
      'lib/a.ipynb': '',
      'out/drop.txt': '',
      'out/keep/this.txt': '',
      Dockerfile: 'FROM scratch',
      'tools/Dockerfile': 'FROM scratch',
      'tools/other': '',
      '.git/config': '',
    });
    expect(await contents(directory, ['tools/Dockerfile'])).toEqual([
      '.dockerignore',
      '.gitignore',
      'Data/x',
      'Dockerfile',
      'lib/.gitignore',
      'lib/keep.log',
      'lib/model.py',
      'lib/notes.md',
      'out/keep/this.txt',
      'tools/Dockerfile',
      'train.py',
    ]);
  });

  it('takes names with line breaks, blanks, quotes and other scripts', async () => {
    const names = ['a\nb.py', ' lead', 'it"s', "it's", 'ü/日本.txt', `${'long/'.repeat(30)}x`];
    const directory = await tree(Object.fromEntries(names.map((name) => [name, name])));
    const archive = await packDirectory(directory);
    const out = path.join(root, 'out');
    await mkdir(out);
    await run('tar', ['-xzf', await saved(archive), '-C', out]);
    for (const name of names) expect(await readFile(path.join(out, name), 'utf8')).toBe(name);
    await archive.remove();
  });

  it('has no name on the disk, so that nothing stays when the process is killed', async () => {
    const directory = await tree({ 'train.py': '' });
    vi.stubEnv('TMPDIR', root);
    const archive = await packDirectory(directory);
    vi.unstubAllEnvs();
    expect(await readdir(root)).toEqual(['src']);
    await archive.remove();
  });

  it('keeps the execute bit and links within the tree', async () => {
    const directory = await tree({ 'run.sh': '#!/bin/sh', 'lib/a': '' });
    await chmod(path.join(directory, 'run.sh'), 0o750);
    await symlink('../run.sh', path.join(directory, 'lib/link'));
    await symlink('nowhere', path.join(directory, 'dangling'));
    await symlink('lib', path.join(directory, 'folder'));
    const archive = await packDirectory(directory);
    const { stdout } = await run('tar', ['-tvzf', await saved(archive), '--utc']);
    await archive.remove();
    const lines = stdout
      .trim()
      .split('\n')
      .map((line) => line.replace(/\s+/g, ' '));
    expect(lines).toEqual([
      'lrwxrwxrwx 0/0 0 1970-01-01 00:00 dangling -> nowhere',
      'lrwxrwxrwx 0/0 0 1970-01-01 00:00 folder -> lib',
      'drwxr-xr-x 0/0 0 1970-01-01 00:00 lib/',
      '-rw-r--r-- 0/0 0 1970-01-01 00:00 lib/a',
      'lrwxrwxrwx 0/0 0 1970-01-01 00:00 lib/link -> ../run.sh',
      '-rwxr-xr-x 0/0 9 1970-01-01 00:00 run.sh',
    ]);
  });

  it('has the same hash wherever and whenever it lies, and another for another byte', async () => {
    const files = { 'b.py': 'print(1)', 'a/c.py': '2', 'a.py': '' };
    const [one, two] = [
      await tree(files, 'one'),
      await tree(Object.fromEntries(Object.entries(files).reverse()), 'two'),
    ];
    await utimes(path.join(two, 'b.py'), new Date(0), new Date(0));
    await chmod(path.join(two, 'b.py'), 0o600);
    expect(await hashOf(one)).toBe(await hashOf(two));
    await writeFile(path.join(two, 'b.py'), 'print(2)');
    expect(await hashOf(one)).not.toBe(await hashOf(two));
  });
});

describe('what cannot be packed is refused', () => {
  it.each([
    ['/etc/hostname', 'link'],
    ['../outside', 'link'],
    ['sub/../../outside', 'link'],
    // Stays inside by its text, but "up" leads to the root first.
    ['up/../outside', 'sub/deep/link'],
  ])('a link to %s', async (target, name) => {
    const directory = await tree({ 'sub/deep/x': '' });
    await writeFile(path.join(root, 'outside'), 'secret');
    await symlink('../..', path.join(directory, 'sub/deep/up'));
    await symlink(target, path.join(directory, name));
    await expect(packDirectory(directory)).rejects.toThrow(`"${name}" leads out of the directory`);
  });

  it('a directory without files, or that is not there', async () => {
    await expect(packDirectory(await tree({ '.gitignore': '*\n' }))).rejects.toThrow('no files to pack');
    await expect(packDirectory(path.join(root, 'none'))).rejects.toThrow('does not exist');
    await writeFile(path.join(root, 'file'), '');
    await expect(packDirectory(path.join(root, 'file'))).rejects.toThrow('is no directory');
  });

  it('a file that shrinks meanwhile', async () => {
    const directory = await tree({ 'data.bin': 'x'.repeat(3_000_000) });
    const packing = packDirectory(directory, {
      onProgress: () => void truncate(path.join(directory, 'data.bin'), 10),
    });
    await expect(packing).rejects.toThrow('"data.bin" has changed while it was packed');
  });
});
