import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { refProblem, repositoryProblem, withoutCredentials } from '@/core/git-source';
import { RunFailure } from '../../runners/types';
import type { CommandResult } from '../../support/command';
import { readFileIfExists } from '../../support/files';
import { finishTree } from '../tree';
import type { BuildSource, PreparedSource, SourceOptions, SourceProvider } from '../types';
import { git } from './command';
import { gitFailure } from './failure';

type GitSource = Extract<BuildSource, { type: 'git' }>;

/** Longest time for a whole fetch, submodules included, milliseconds. */
const FETCH_MS = 15 * 60 * 1000;
const COMMIT = /^[0-9a-f]{40}([0-9a-f]{24})?$/;
const SHORT_COMMIT = /^[0-9a-f]{7,39}$/;

const failed = (message: string) => new RunFailure({ phase: 'build', category: 'build', message });

/**
 * Repositories by https, ssh or file. Fetches as little as it can: the one commit; all of the history only where a server gives it no
 * other way. Credentials are those of the agent's account, by git's own means.
 */
export const createGitSource = (): SourceProvider<GitSource> => ({
  async prepare(source, options) {
    // Checked again although the server has: what is let through here becomes words of a command.
    const wrong = repositoryProblem(source.repository);
    if (wrong !== null) throw failed(`The repository of the job ${wrong}.`);
    const wrongRef = source.ref === undefined ? null : refProblem(source.ref);
    if (wrongRef !== null) throw failed(`The ref of the job ${wrongRef}.`);
    const limit = AbortSignal.timeout(FETCH_MS);
    const signal = AbortSignal.any([options.signal, limit]);
    try {
      return await new Checkout(source, { ...options, signal }).run();
    } catch (error) {
      if (!limit.aborted || options.signal.aborted) throw error;
      const message = `${withoutCredentials(source.repository)} could not be fetched within ${FETCH_MS / 60_000} minutes.`;
      throw new RunFailure({ phase: 'build', category: 'platform', message }, { cause: error });
    }
  },
});

class Checkout {
  private readonly root: string;
  /** What is asked for: a commit, a name or HEAD. */
  private readonly wanted: string;

  constructor(
    private readonly source: GitSource,
    private readonly options: SourceOptions,
  ) {
    this.root = join(options.directory, 'tree');
    this.wanted = source.commit ?? source.ref ?? 'HEAD';
  }

  async run(): Promise<PreparedSource> {
    const { source, options } = this;
    await mkdir(this.root, { recursive: true });
    const ref = source.ref ?? source.commit;
    await options.log(
      `Fetching ${withoutCredentials(source.repository)}${ref === undefined ? '' : ` (${ref})`}`,
    );
    await this.must(['init', '--quiet', '--template=', '.']);
    // Relative addresses of submodules are relative to this one.
    await this.must(['config', 'remote.origin.url', this.source.repository]);
    const commit = await this.fetch();
    await this.must(['checkout', '--quiet', '--force', '--detach', commit, '--']);
    await this.submodules();
    await options.log(`Checked out commit ${commit}`);
    return { ...(await finishTree(this.root, source.directory)), commit };
  }

  /** Brings the wanted commit here; gives its full name. */
  private async fetch(): Promise<string> {
    const { wanted } = this;
    const first = await this.fetchOnly(['--depth=1'], wanted);
    if (COMMIT.test(wanted)) {
      // Some servers give no commits by name: then all branches and tags come, and perhaps it is in there.
      if (first.code !== 0) await this.fetchEverything();
      return this.resolve(wanted);
    }
    if (first.code === 0) return this.resolve('FETCH_HEAD');
    if (/dumb http|shallow/i.test(first.stderr)) {
      const whole = await this.fetchOnly([], wanted);
      if (whole.code !== 0) throw this.failure(whole.stderr);
      return this.resolve('FETCH_HEAD');
    }
    if (SHORT_COMMIT.test(wanted) && /couldn't find remote ref/i.test(first.stderr)) {
      await this.fetchEverything();
      return this.resolve(wanted);
    }
    throw this.failure(first.stderr);
  }

  private fetchOnly(options: string[], wanted: string): Promise<CommandResult> {
    const quietly = ['fetch', '--quiet', '--no-tags', '--no-recurse-submodules'];
    return this.git([...quietly, ...options, '--', this.source.repository, wanted]);
  }

  private async fetchEverything(): Promise<void> {
    const refs = ['+refs/heads/*:refs/remotes/origin/*', '+refs/tags/*:refs/tags/*'];
    await this.must(['fetch', '--quiet', '--no-recurse-submodules', '--', this.source.repository, ...refs]);
  }

  private async resolve(name: string): Promise<string> {
    const { code, stdout } = await this.git(['rev-parse', '--verify', '--quiet', `${name}^{commit}`]);
    if (code !== 0) throw this.failure(`unknown revision ${name}`);
    return stdout.trim();
  }

  private async submodules(): Promise<void> {
    if ((await readFileIfExists(join(this.root, '.gitmodules'))) === null) return;
    await this.options.log('Fetching submodules');
    const update = ['submodule', '--quiet', 'update', '--init', '--recursive'];
    if ((await this.git([...update, '--depth=1'])).code === 0) return;
    const whole = await this.git(update);
    if (whole.code !== 0) throw this.failure(whole.stderr, true);
  }

  private async must(args: string[]): Promise<void> {
    const { code, stderr } = await this.git(args);
    if (code !== 0) throw this.failure(stderr);
  }

  private failure(stderr: string, submodule = false): RunFailure {
    const { repository, ref } = this.source;
    return gitFailure(stderr, { repository, ref: ref ?? this.wanted, submodule });
  }

  private git(args: string[]): Promise<CommandResult> {
    // Only a repository of the agent's own machine may have others of it as submodules.
    const protocols = /^file:/i.test(this.source.repository) ? 'https:http:ssh:file' : 'https:http:ssh';
    return git(args, { cwd: this.root, protocols, signal: this.options.signal });
  }
}
