import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { access, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { RunFailure } from '../../runners/types';
import { git, GitServer } from '../../testing/git-server';
import type { BuildSource } from '../types';
import { createGitSource } from '.';

let gits: GitServer;
let directory: string;
let home: string;
beforeAll(async () => {
  gits = await GitServer.start();
  const first = await gits.commit('project', { 'train.py': 'one', 'sub/dir/other.py': 'x' });
  const folder = join(gits.directory, 'project');
  await git(folder, 'tag', 'v1.0');
  await git(folder, 'branch', 'old', first);
  await gits.commit('project', { 'train.py': 'two' });
});
afterAll(() => gits.stop());
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'slipway-source-'));
  home = await mkdtemp(join(tmpdir(), 'slipway-home-'));
  vi.stubEnv('HOME', home);
  vi.stubEnv('XDG_CONFIG_HOME', home);
});
afterEach(async () => {
  gits.password = null;
  gits.broken = null;
  vi.unstubAllEnvs();
  await rm(directory, { recursive: true, force: true });
  await rm(home, { recursive: true, force: true });
});

type Git = Omit<Extract<BuildSource, { type: 'git' }>, 'type'>;
const lines: string[] = [];
const prepare = (source: Git, signal = new AbortController().signal) =>
  createGitSource().prepare(
    { type: 'git', ...source },
    { directory, log: async (line) => void lines.push(line), signal },
  );
const failure = async (source: Git) => {
  const error: unknown = await prepare(source).then(
    () => new Error('it was fetched'),
    (e: unknown) => e,
  );
  if (!(error instanceof RunFailure)) throw error;
  expect(error.failure.phase).toBe('build');
  return error.failure;
};
const gone = (path: string) =>
  access(path).then(
    () => false,
    () => true,
  );

describe.each(['file', 'http'] as const)('a repository over %s', (way) => {
  const url = (name = 'project') => gits[way](name);

  it('is fetched at a branch, a tag, a commit or its default, without the data of git', async () => {
    const commit = await git(join(gits.directory, 'project'), 'rev-parse', 'main~1');
    const cases: [Omit<Git, 'repository'>, string][] = [
      [{}, 'two'],
      [{ ref: 'main' }, 'two'],
      [{ ref: 'old' }, 'one'],
      [{ ref: 'v1.0' }, 'one'],
      [{ ref: 'refs/heads/old' }, 'one'],
      [{ ref: commit }, 'one'],
      [{ ref: commit.slice(0, 10) }, 'one'],
      [{ ref: 'main', commit }, 'one'],
    ];
    for (const [source, content] of cases) {
      const prepared = await prepare({ repository: url(), ...source });
      expect(await readFile(join(prepared.context, 'train.py'), 'utf8'), JSON.stringify(source)).toBe(
        content,
      );
      if (content === 'one') expect(prepared.commit).toBe(commit);
      expect(await gone(join(prepared.root, '.git'))).toBe(true);
      await rm(directory, { recursive: true });
    }
  });

  it('may have its context in a sub-directory, and says when that is not there', async () => {
    const { context, root } = await prepare({ repository: url(), directory: 'sub/dir' });
    expect(context).toBe(join(root, 'sub/dir'));
    await rm(directory, { recursive: true });
    expect(await failure({ repository: url(), directory: 'nowhere' })).toMatchObject({
      category: 'build',
      message: expect.stringContaining('no directory nowhere') as string,
    });
  });

  it('that is not there, or has lost its ref, is told with what to check', async () => {
    expect(await failure({ repository: url('none') })).toMatchObject({
      category: 'build',
      message: expect.stringContaining('does not exist, or the agent may not see it') as string,
    });
    for (const ref of ['gone', '0123456789abcdef0123456789abcdef01234567', 'abcdef1234']) {
      await rm(directory, { recursive: true, force: true });
      expect(await failure({ repository: url(), ref }), ref).toMatchObject({
        category: 'build',
        message: expect.stringContaining(`no branch, tag or commit ${ref}`) as string,
      });
    }
  });

  it('comes with its submodules, or says which cannot be had', async () => {
    const folder = join(gits.directory, 'whole');
    if (await gone(folder)) {
      await gits.commit('part', { 'part.txt': 'part' });
      await gits.commit('whole', { 'train.py': '' });
      await git(folder, 'submodule', '--quiet', 'add', '../part', 'lib/part');
      await git(folder, 'commit', '--quiet', '--message', 'submodule');
      await git(folder, 'branch', 'broken');
      await git(folder, 'checkout', '--quiet', 'broken');
      await git(folder, 'config', '--file', '.gitmodules', 'submodule.lib/part.url', '../missing-part');
      await git(folder, 'commit', '--quiet', '--all', '--message', 'broken');
      await git(folder, 'checkout', '--quiet', 'main');
    }
    const { root } = await prepare({ repository: url('whole'), ref: 'main' });
    expect(await readFile(join(root, 'lib/part/part.txt'), 'utf8')).toBe('part');
    expect(await gone(join(root, 'lib/part/.git'))).toBe(true);
    await rm(directory, { recursive: true });
    const broken = await failure({ repository: url('whole'), ref: 'broken' });
    expect(broken.message).toMatch(/^A submodule of .*whole/);
    expect(broken.message).toContain('missing-part');
  });
});

describe('credentials', () => {
  it('are those of the account of the agent, and nobody is asked for any', async () => {
    gits.password = 'ada:s3cret-word';
    const refused = await failure({ repository: gits.http('project') });
    expect(refused).toMatchObject({
      category: 'config',
      message: expect.stringContaining('wants credentials that the agent does not have') as string,
    });
    await rm(directory, { recursive: true });
    await writeFile(join(home, '.netrc'), 'machine 127.0.0.1 login ada password s3cret-word\n', {
      mode: 0o600,
    });
    expect((await prepare({ repository: gits.http('project') })).commit).toMatch(/^[0-9a-f]{40}$/);
  });

  it('in an address are refused and shown nowhere', async () => {
    const wrong = await failure({ repository: `http://ada:s3cret-wrong@127.0.0.1:${gits.port}/project` });
    expect(wrong).toMatchObject({
      category: 'build',
      message: expect.stringContaining('never to the job') as string,
    });
    expect(JSON.stringify([wrong, lines])).not.toContain('s3cret');
  });
});

describe('nothing gets past', () => {
  it.each([
    'ext::sh -c touch% /tmp/slipway-evil',
    'ext::touch',
    '--upload-pack=touch /tmp/slipway-evil',
    '-oProxyCommand=touch',
    'ssh://-oProxyCommand=touch/x',
    'git://example.com/x',
    '/etc',
    'fd::17',
    'https:///x',
    'ftp://example.com/x',
  ])('the address %j', async (repository) => {
    expect(await failure({ repository })).toMatchObject({
      category: 'build',
      message: expect.stringContaining('The repository of the job must') as string,
    });
  });

  it.each([
    '--upload-pack=x',
    '-x',
    '+refs/heads/*:refs/x/*',
    'a:b',
    'a..b',
    'a b',
    '@{-1}',
    'a^{}',
    'x\ny',
    '/x',
    'a/',
  ])('the ref %j', async (ref) => {
    expect((await failure({ repository: gits.file('project'), ref })).message).toContain(
      'The ref of the job',
    );
  });

  it('a symbolic link out of the source, also by way of another', async () => {
    for (const [name, links] of Object.entries({
      absolute: { evil: '/etc/passwd' },
      relative: { evil: '../../../../etc/passwd' },
      chained: { 'd1/d2/d3/l1': '../../../x', 'd1/d2/d3/evil': 'l1/../..' },
    })) {
      await gits.commit(name, { 'd1/d2/d3/a': '', 'x/y': '' });
      for (const [path, target] of Object.entries(links))
        await symlink(target, join(gits.directory, name, path));
      await gits.commit(name, {});
      await rm(directory, { recursive: true, force: true });
      expect((await failure({ repository: gits.file(name) })).message, name).toMatch(
        /evil.*leads out of the source/,
      );
    }
  });

  it('a submodule of a remote repository that is a directory of the agent', async () => {
    await gits.commit('sneaky', { 'train.py': '' });
    const folder = join(gits.directory, 'sneaky');
    await git(folder, 'submodule', '--quiet', 'add', gits.file('project'), 'inside');
    await git(folder, 'commit', '--quiet', '--message', 'x');
    expect((await failure({ repository: gits.http('sneaky') })).message).toContain(
      'protocol that is not allowed',
    );
  });
});

describe('a server', () => {
  it('with errors of its own, or none at all, is the fault of the platform', async () => {
    gits.broken = 500;
    expect(await failure({ repository: gits.http('project') })).toMatchObject({ category: 'platform' });
    await rm(directory, { recursive: true });
    expect(await failure({ repository: 'http://127.0.0.1:9/x' })).toMatchObject({ category: 'platform' });
  });

  it('that hangs holds nobody who gives up', async () => {
    const asked = new AbortController();
    const silent: Server = createServer(() => asked.abort());
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const { port } = silent.address() as AddressInfo;
    await expect(prepare({ repository: `http://127.0.0.1:${port}/x` }, asked.signal)).rejects.toThrow(
      /abort/i,
    );
    silent.closeAllConnections();
    silent.close();
  });
});
