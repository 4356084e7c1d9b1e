import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { RunFailure } from '../../runners/types';
import { GitServer } from '../../testing/git-server';
import { SshServer, sshMissing } from '../../testing/ssh-server';
import { createGitSource } from '.';

describe.skipIf(sshMissing !== null)(`a repository over ssh${sshMissing ? ` (${sshMissing})` : ''}`, () => {
  let gits: GitServer;
  let ssh: SshServer;
  let directory: string;
  beforeAll(async () => {
    [gits, ssh] = await Promise.all([GitServer.start(), SshServer.start()]);
    await gits.commit('private', { 'train.py': 'private' });
  });
  afterAll(() => Promise.all([gits.stop(), ssh.stop()]));
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'slipway-source-'));
  });
  afterEach(async () => {
    vi.unstubAllEnvs();
    await rm(directory, { recursive: true, force: true });
  });

  const url = (name = 'private') => ssh.url(join(gits.directory, name));
  const prepare = (repository: string) =>
    createGitSource().prepare(
      { type: 'git', repository, ref: 'main' },
      { directory, log: () => Promise.resolve(), signal: new AbortController().signal },
    );
  const failure = async (repository: string) => {
    const error: unknown = await prepare(repository).catch((e: unknown) => e);
    if (!(error instanceof RunFailure)) throw new Error('it was fetched', { cause: error });
    expect(error.failure.phase).toBe('build');
    expect(error.failure.message).not.toMatch(/PRIVATE KEY|-o IdentitiesOnly/);
    return error.failure;
  };

  it('is fetched with the key of the agent', async () => {
    vi.stubEnv('GIT_SSH_COMMAND', await ssh.command('agent', 'host'));
    const { context, commit } = await prepare(url());
    expect(await readFile(join(context, 'train.py'), 'utf8')).toBe('private');
    expect(commit).toMatch(/^[0-9a-f]{40}$/);
    expect(ssh.log()).toContain('Accepted publickey');
  });

  it('that does not let the key of the agent in wants another', async () => {
    vi.stubEnv('GIT_SSH_COMMAND', await ssh.command('stranger', 'host'));
    const refused = await failure(url());
    expect(refused.category).toBe('config');
    expect(refused.message).toMatch(/wants credentials that the agent does not have.*an ssh key/);
    expect(refused.message).toContain('Permission denied (publickey)');
  });

  it('of a host that the agent does not know is not trusted', async () => {
    vi.stubEnv('GIT_SSH_COMMAND', await ssh.command('agent', null));
    const refused = await failure(url());
    expect(refused.category).toBe('config');
    expect(refused.message).toMatch(/does not know the host key of .*known_hosts/);
  });

  it('of a host with another key than the known one is not trusted, and nobody is told to accept it', async () => {
    vi.stubEnv('GIT_SSH_COMMAND', await ssh.command('agent', 'other-host'));
    const refused = await failure(url());
    expect(refused.category).toBe('config');
    expect(refused.message).toMatch(/shows another host key than the one that the agent knows/);
    expect(refused.message).not.toContain('ssh-keyscan');
  });

  it('that is not there is told with what to check', async () => {
    vi.stubEnv('GIT_SSH_COMMAND', await ssh.command('agent', 'host'));
    expect(await failure(url('none'))).toMatchObject({
      category: 'build',
      message: expect.stringContaining('does not exist, or the agent may not see it') as string,
    });
  });
});
