import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { resolveRef } from './git-ref';

const run = promisify(execFile);
let root: string;
let bare: string;
let server: Server;
let http: string;
let commits: { first: string; second: string };
let authorization: string | undefined;

beforeAll(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'slipway-git-ref-'));
  const work = path.join(root, 'work');
  bare = path.join(root, 'project.git');
  const git = async (...args: string[]) =>
    (
      await run('git', ['-c', 'user.name=T', '-c', 'user.email=t@example.com', ...args], { cwd: work })
    ).stdout.trim();
  await run('git', ['init', '-q', '-b', 'main', work]);
  await writeFile(path.join(work, 'train.py'), 'print(1)\n');
  await git('add', '.');
  await git('commit', '-qm', 'one');
  const first = await git('rev-parse', 'HEAD');
  await git('tag', '-a', 'v1', '-m', 'one');
  await git('checkout', '-qb', 'feature/x');
  await git('commit', '-q', '--allow-empty', '-m', 'two');
  commits = { first, second: await git('rev-parse', 'HEAD') };
  await git('checkout', '-q', 'main');
  await run('git', ['clone', '-q', '--bare', work, bare]);
  await run('git', ['update-server-info'], { cwd: bare });
  await run('git', ['init', '-q', '--bare', path.join(root, 'empty.git')]);
  server = createServer((request, response) => {
    authorization ??= request.headers.authorization;
    const name = new URL(request.url ?? '/', 'http://x').pathname;
    if (name.startsWith('/private')) response.writeHead(401, { 'www-authenticate': 'Basic realm="x"' }).end();
    else if (name.startsWith('/moved'))
      response.writeHead(301, { location: `/project.git${name.slice(6)}` }).end();
    else
      readFile(path.join(root, name)).then(
        (bytes) => response.end(bytes),
        () => response.writeHead(404).end(),
      );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  http = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  await new Promise((resolve) => server.close(resolve));
  await rm(root, { recursive: true, force: true });
});

const all = ['https', 'http', 'file', 'local'] as const;
const resolve = (repository: string, ref?: string, allowed: readonly (typeof all)[number][] = all) =>
  resolveRef({ SLIPWAY_GIT_RESOLVE: [...allowed] }, { repository, ref });

describe('a ref', () => {
  it('becomes a commit, over file and http', async () => {
    const { first, second } = commits;
    for (const repository of [`file://${bare}`, `${http}/project.git`]) {
      expect(await resolve(repository)).toEqual({ commit: first, note: null });
      expect(await resolve(repository, 'main')).toEqual({ commit: first, note: null });
      expect(await resolve(repository, 'v1')).toEqual({ commit: first, note: null });
      expect(await resolve(repository, 'feature/x')).toEqual({ commit: second, note: null });
      expect(await resolve(repository, 'refs/heads/feature/x')).toEqual({ commit: second, note: null });
    }
    expect(await resolve('https://unreachable.invalid/x', first)).toEqual({ commit: first, note: null });
  });

  it('that is not there is refused; so is an empty repository', async () => {
    await expect(resolve(`file://${bare}`, 'gone')).rejects.toMatchObject({
      kind: 'refused',
      errors: [{ path: 'ref', message: 'the repository has no branch or tag "gone"' }],
    });
    await expect(resolve(`file://${root}/empty.git`)).rejects.toMatchObject({ errors: [{ path: 'ref' }] });
  });

  it.each(['--upload-pack=touch x', '-x', 'a..b', 'a b', 'x\n', '@{1}', ''])(
    'that is none (%j) is refused',
    async (ref) => {
      await expect(resolve(`file://${bare}`, ref)).rejects.toMatchObject({ errors: [{ path: 'ref' }] });
    },
  );
});

describe('what the server cannot or may not ask', () => {
  it.each([
    ['no repository', () => `${http}/none.git`, all, 'finds no repository'],
    ['no directory', () => `file://${root}/none`, all, 'finds no repository'],
    ['a private one', () => `${http}/private.git`, all, 'without credentials'],
    ['another host by redirect', () => `${http}/moved`, all, 'cannot reach'],
    ['one over SSH', () => 'git@example.com:a/b.git', all, 'SSH'],
    ['a host that is none', () => 'https://host.invalid/x', all, 'does not reach'],
    ['this machine', () => `${http}/project.git`, ['http'] as const, 'does not reach'],
    [
      'this machine by name',
      () => `${http.replace('127.0.0.1', 'localhost')}/project.git`,
      ['http'] as const,
      'does not reach',
    ],
    ['the metadata of a cloud', () => 'http://169.254.169.254/latest', ['http'] as const, 'does not reach'],
    ['its own disk', () => `file://${bare}`, ['https'] as const, 'no refs over file'],
    ['anything', () => `${http}/project.git`, [] as const, 'no refs over http'],
  ])('is %s: left to the agent, and said so', async (_, repository, allowed, why) => {
    const { commit, note } = await resolve(repository(), 'main', allowed);
    expect(commit).toBeNull();
    expect(note).toContain(why);
    expect(note).toContain('The agent');
  });

  it('is asked without anybody’s credentials, and refuses addresses that hold some without repeating them', async () => {
    await expect(resolve('https://user:s3cret@example.com/x')).rejects.toMatchObject({
      errors: [{ path: 'repository', message: expect.not.stringContaining('s3cret') as string }],
    });
    expect(authorization).toBeUndefined();
  });
});
