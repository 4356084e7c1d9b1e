import { execFile } from 'node:child_process';
import { lookup } from 'node:dns/promises';
import { BlockList, isIPv6 } from 'node:net';
import { refProblem, repositoryProblem } from '@/core/git-source';
import { refused } from '@/core/problems';
import type { FieldError, JobSource, ResolvedRef } from '@/core/wire';
import type { ServerConfig } from '../config';

/** Longest look-up, milliseconds. */
const TIMEOUT_MS = 10_000;
/** Look-ups of one server at the same time: each is a process of git. */
const MOST_AT_ONCE = 8;
const COMMIT = /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/;
let running = 0;

const unresolved = (why: string): ResolvedRef => ({
  commit: null,
  note: `${why} The agent that builds the job looks the ref up.`,
});

/**
 * The commit of a branch, a tag or (without ref) the head of a repository, asked of the repository without any credentials and without
 * changing anything. Which addresses may be asked is for `SLIPWAY_GIT_RESOLVE` to say; what the repository answers is shown to nobody.
 * @throws ProblemError 422 when the address or the ref cannot be one, or when the repository answers and has no such ref
 */
export async function resolveRef(
  config: Pick<ServerConfig, 'SLIPWAY_GIT_RESOLVE'>,
  { repository, ref }: { repository: string; ref?: string | undefined },
): Promise<ResolvedRef> {
  const problems = [
    ...problem('repository', repositoryProblem(repository)),
    ...(ref === undefined ? [] : problem('ref', refProblem(ref))),
  ];
  if (problems.length > 0) throw refused('The ref cannot be looked up.', problems);
  if (ref !== undefined && COMMIT.test(ref)) return { commit: ref, note: null };

  const allowed = config.SLIPWAY_GIT_RESOLVE;
  const scheme = /^([a-z]+):\/\//i.exec(repository)?.[1]?.toLowerCase() ?? 'ssh';
  if (scheme === 'ssh')
    return unresolved('This server has no SSH keys: repositories over SSH are for agents.');
  if (!(allowed as readonly string[]).includes(scheme))
    return unresolved(`This server looks up no refs over ${scheme}.`);
  const pin = scheme === 'file' ? [] : await pinnedAddress(repository, allowed.includes('local'));
  if (pin === null) return unresolved('This server does not reach the host of the repository.');
  if (running >= MOST_AT_ONCE) return unresolved('This server is looking up many refs just now.');
  running++;
  try {
    return await ask({ repository, ref, scheme, pin });
  } finally {
    running--;
  }
}

const problem = (path: string, text: string | null): FieldError[] =>
  text === null ? [] : [{ path, message: text }];

/** The source with its commit, where that can be found out; other sources unchanged. The path of errors is that of a job. */
export async function withCommit(config: ServerConfig, source: JobSource): Promise<JobSource> {
  if (source.type !== 'git' || source.commit !== undefined) return source;
  const { commit } = await resolveRef(config, source);
  return commit === null ? source : { ...source, commit };
}

interface Question {
  repository: string;
  ref: string | undefined;
  scheme: string;
  pin: string[];
}

async function ask({ repository, ref, scheme, pin }: Question): Promise<ResolvedRef> {
  // As git itself chooses: the exact name, then a tag (the commit it points to), then a branch.
  const names =
    ref === undefined ? ['HEAD'] : [ref, `refs/tags/${ref}^{}`, `refs/tags/${ref}`, `refs/heads/${ref}`];
  const { stdout, stderr, failed } = await git(
    [
      ...pin,
      '-c',
      'credential.helper=',
      '-c',
      'http.followRedirects=false',
      'ls-remote',
      '--quiet',
      '--',
      repository,
      ...names,
    ],
    scheme,
  );
  if (failed) return unresolved(whyNot(failed, stderr));
  const found = new Map<string, string>();
  for (const line of stdout.split('\n')) {
    const [hash = '', name = ''] = line.split('\t');
    found.set(name, hash);
  }
  const commit = names.map((name) => found.get(name)).find((each) => each !== undefined && COMMIT.test(each));
  if (commit !== undefined) return { commit, note: null };
  if (ref !== undefined && /^[0-9a-f]{7,39}$/.test(ref))
    return unresolved('A repository cannot be asked for a shortened commit.');
  throw refused('The ref is not there.', [
    {
      path: 'ref',
      message:
        ref === undefined
          ? 'the repository is empty: it has no head'
          : `the repository has no branch or tag ${JSON.stringify(ref)}`,
    },
  ]);
}

function whyNot(failed: 'timeout' | 'missing' | 'error', stderr: string): string {
  if (failed === 'missing') return 'This server has no git.';
  if (failed === 'timeout') return `The repository did not answer within ${TIMEOUT_MS / 1000} s.`;
  if (/could not read Username|Authentication failed|terminal prompts disabled|error: 40[13]/i.test(stderr))
    return 'The repository is private or does not exist: this server asks without credentials.';
  if (/not found|does not exist|does not appear to be a git repository|error: 404/i.test(stderr))
    return 'This server finds no repository at the address.';
  return 'This server cannot reach the repository.';
}

interface Answer {
  stdout: string;
  stderr: string;
  failed: 'timeout' | 'missing' | 'error' | null;
}

/** Runs git with nothing of this machine's: no configuration, no credentials, no questions, only one protocol. */
function git(args: string[], scheme: string): Promise<Answer> {
  const env = {
    PATH: process.env.PATH,
    NODE_ENV: process.env.NODE_ENV,
    HOME: '/nonexistent',
    LC_ALL: 'C',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_TERMINAL_PROMPT: '0',
    GIT_ASKPASS: 'true',
    GIT_ALLOW_PROTOCOL: scheme,
  };
  const options = {
    env,
    cwd: '/',
    timeout: TIMEOUT_MS,
    killSignal: 'SIGKILL',
    maxBuffer: 1024 * 1024,
  } as const;
  return new Promise((resolve) => {
    execFile('git', args, options, (error, stdout, stderr) => {
      const failed =
        error === null ? null : error.code === 'ENOENT' ? 'missing' : error.killed ? 'timeout' : 'error';
      resolve({ stdout, stderr, failed });
    });
  });
}

/** Addresses of this machine and of the services beside it that clouds offer to their machines alone. */
const OWN = new BlockList();
for (const [net, prefix] of [
  ['0.0.0.0', 8],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
] as const)
  OWN.addSubnet(net, prefix);
for (const [net, prefix] of [
  ['::', 127],
  ['fe80::', 10],
] as const)
  OWN.addSubnet(net, prefix, 'ipv6');
OWN.addAddress('fd00:ec2::254', 'ipv6');

/**
 * Options that make git use the very address that was looked at (a name may lead elsewhere the next time); null when the host cannot be
 * found, or is this machine and `local` is not allowed.
 */
async function pinnedAddress(repository: string, local: boolean): Promise<string[] | null> {
  const url = new URL(repository);
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const found = await lookup(host).catch(() => null);
  if (found === null) return null;
  const { address } = found;
  if (!local && OWN.check(address, isIPv6(address) ? 'ipv6' : 'ipv4')) return null;
  const port = url.port === '' ? (url.protocol === 'https:' ? '443' : '80') : url.port;
  return ['-c', `http.curloptResolve=${host}:${port}:${isIPv6(address) ? `[${address}]` : address}`];
}
