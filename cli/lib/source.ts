import { InvalidArgumentError, type Command } from 'commander';
import { parseGitUri, refProblem, repositoryProblem } from '@/core/git-source';
import type { JobSource } from '@/core/wire';
import type { Client } from './client';
import { UsageError } from './errors';
import { uploadDirectory } from './upload';

/** How code is built; the same for git and for a directory. */
export interface BuildOptions {
  dockerfile?: string;
  pythonVersion?: string;
}

export const addBuildOptions = (command: Command): Command =>
  command
    .option('--dockerfile <path>', 'Dockerfile of the job, from the root of its code')
    .option('--python-version <version>', 'Python of a generated image, for example 3.12', pythonVersion);

function pythonVersion(text: string): string {
  if (/^\d+\.\d+(\.\d+)?$/.test(text)) return text;
  throw new InvalidArgumentError('it must be a version such as 3.12 or 3.12.4.');
}

const built = ({ dockerfile, pythonVersion: version }: BuildOptions) => ({
  ...(dockerfile ? { dockerfile } : {}),
  ...(version ? { pythonVersion: version } : {}),
});

/**
 * The source that `REPOSITORY[@REF][#DIRECTORY]` names.
 * @throws UsageError for what is no repository, or has credentials in it (which are not repeated)
 */
export function gitSource(uri: string, options: BuildOptions): JobSource {
  const git = parseGitUri(uri);
  const problem = repositoryProblem(git.repository);
  if (problem !== null) throw new UsageError(`The repository ${problem}.`);
  const bad = git.ref === undefined ? null : refProblem(git.ref);
  if (bad !== null) throw new UsageError(`The ref ${JSON.stringify(git.ref)} ${bad}.`);
  return { type: 'git', ...git, ...built(options) };
}

/** Packs and uploads a directory; the source that it has become. */
export async function codeSource(
  client: Client,
  entity: string | undefined,
  directory: string,
  options: BuildOptions,
): Promise<JobSource> {
  const keep = options.dockerfile ? [options.dockerfile] : [];
  const artifact = await uploadDirectory(client, { entity, directory, keep });
  return { type: 'code', artifact, ...built(options) };
}
