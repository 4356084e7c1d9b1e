import { withoutCredentials } from '@/core/git-source';
import type { Failure } from '@/core/wire';
import { RunFailure } from '../../runners/types';

const MAX_WORDS = 1500;

interface Rule {
  pattern: RegExp;
  category: Failure['category'];
  message: (repository: string, ref: string) => string;
}

/** In this order: what is more particular comes first. */
const RULES: Rule[] = [
  {
    pattern: /no space left on device|disk quota exceeded/i,
    category: 'platform',
    message: (repository) =>
      `The disk of the agent is full: ${repository} could not be fetched. Make room, then launch again.`,
  },
  {
    pattern: /remote host identification has changed/i,
    category: 'config',
    message: (repository) =>
      `The host of ${repository} shows another host key than the one that the agent knows: its key was changed, or something else answers in its place. Ask who runs the host; only then take the new key into the known_hosts of the agent's account.`,
  },
  {
    pattern: /host key verification failed/i,
    category: 'config',
    message: (repository) =>
      `The agent does not know the host key of ${repository}. Add the host to the known_hosts of the agent's account (ssh-keyscan).`,
  },
  {
    pattern: /dubious ownership/i,
    category: 'config',
    message: (repository) =>
      `${repository} belongs to another account than the agent's. Allow it there with "git config --global --add safe.directory PATH".`,
  },
  {
    pattern: /transport '.*' not allowed/i,
    category: 'build',
    message: (repository) =>
      `${repository} leads to a protocol that is not allowed. Allowed are https, http and ssh, and file only where the repository itself is a file:// one.`,
  },
  {
    pattern:
      /couldn't find remote ref|unadvertised object|not our ref|reference is not a tree|unknown revision|did not match any|bad object|unable to find current revision|no such remote ref/i,
    category: 'build',
    message: (repository, ref) =>
      `${repository} has no branch, tag or commit ${ref}. Was it renamed, deleted or rewritten? Check the ref of the job.`,
  },
  {
    pattern:
      /authentication failed|could not read (username|password)|terminal prompts disabled|permission denied|invalid (username|credentials)|access denied|error: (401|403)|HTTP (401|403)|unable to get password/i,
    category: 'config',
    message: (repository) =>
      `${repository} wants credentials that the agent does not have. Give the account of the agent access: a git credential helper, ~/.netrc, or an ssh key.`,
  },
  {
    pattern:
      /repository .*not found|does not exist|does not appear to be a git repository|not found|error: 404|no such file or directory/i,
    category: 'build',
    message: (repository) =>
      `${repository} does not exist, or the agent may not see it. Check the address, and that the account of the agent has access.`,
  },
  {
    pattern:
      /could not resolve|connection (refused|reset|timed out)|failed to connect|couldn't connect|timed out|too slow|unreachable|early eof|hung up|rpc failed|error: 5\d\d|ssl|certificate/i,
    category: 'platform',
    message: (repository) => `${repository} could not be reached from the machine of the agent.`,
  },
];

export interface FetchedWhat {
  repository: string;
  /** As the job writes it. */
  ref: string;
  /** Whether a submodule of the repository was being fetched. */
  submodule: boolean;
}

/** What the words of git mean, without credentials. */
export function gitFailure(stderr: string, { repository, ref, submodule }: FetchedWhat): RunFailure {
  const words = gitWords(stderr);
  const masked = withoutCredentials(repository);
  const what = submodule ? `A submodule of ${masked}` : masked;
  const rule = RULES.find(({ pattern }) => pattern.test(words));
  const message = rule?.message(what, ref) ?? `${what} could not be fetched.`;
  return new RunFailure({
    phase: 'build',
    category: rule?.category ?? 'build',
    message: `${message} git said: ${words}`,
  });
}

/** The lines of git that say something. */
function gitWords(stderr: string): string {
  const lines = withoutCredentials(stderr)
    .split(/[\r\n]+/)
    .map((line) => line.trim())
    .filter(
      (line) =>
        line !== '' && !/^(Cloning into|From |hint:|remote: (Enumer|Count|Compress|Total))/.test(line),
    );
  return lines.join(' ').slice(-MAX_WORDS) || 'nothing';
}
