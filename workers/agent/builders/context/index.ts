import { readFile, stat } from 'node:fs/promises';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { chooseDockerfile, generateDockerfile, normalPath, parseIgnoreFile, sourceTag } from '@/core/build';
import { ProblemError } from '@/core/problems';
import { RunFailure } from '../../runners/types';
import type { PreparedSource } from '../../sources';
import type { BuildContext } from '../types';
import { hashFiles, scanFiles, type ScannedFile } from './scan';
import { contextTar } from './tar';

export interface ContextInput {
  source: PreparedSource;
  /** Path of the Dockerfile inside the context, where the job names one. */
  dockerfile: string | null;
  entrypoint: readonly string[];
  pythonVersion: string | null;
  acceleratorBaseImage: string | null;
  runAsRoot: boolean;
}

/** Larger Dockerfiles and lists of packages are something else. */
const MAX_TEXT_BYTES = 2 ** 20;

const failed = (message: string) => new RunFailure({ phase: 'build', category: 'build', message });

/**
 * Reads a prepared source: which files there are, which Dockerfile builds them, and the tag that follows from both.
 *
 * @throws RunFailure of phase `build`
 */
export async function readContext(
  input: ContextInput,
  signal: AbortSignal,
): Promise<{ context: BuildContext; tag: string; generated: boolean }> {
  const { context: directory } = input.source;
  const ignore = parseIgnoreFile((await readText(join(directory, '.dockerignore'))) ?? '');
  const files = await scanFiles(directory, ignore);
  const { path, text, generated } = await dockerfileOf(input, files);
  const tag = await sourceTag(await hashFiles(directory, files, signal), text);
  const context: BuildContext = {
    files: files.map((file) => file.path),
    dockerfilePath: path,
    dockerfile: text,
    tar: () => contextTar(directory, files, { path, text }),
  };
  return { context, tag, generated };
}

async function dockerfileOf(
  input: ContextInput,
  files: readonly ScannedFile[],
): Promise<{ path: string; text: string; generated: boolean }> {
  const { source, entrypoint, pythonVersion, acceleratorBaseImage, runAsRoot } = input;
  const directory = source.context;
  // Docker takes the Dockerfile of a context also where .dockerignore excludes it.
  const choice = chooseDockerfile({ named: input.dockerfile, entrypoint }, (path) =>
    existsSync(join(directory, path)),
  );
  if (choice.kind === 'own') {
    const text = await readText(join(directory, choice.path));
    if (text === null) throw await missing(source, choice.path);
    return { path: choice.path, text, generated: false };
  }
  if (entrypoint.length === 0) {
    throw failed(
      'The job has no entrypoint, so no Dockerfile can be made for it. Give the job an entrypoint such as "python train.py", or a Dockerfile.',
    );
  }
  const known = new Set(files.flatMap(({ path, link }) => (link === null ? [path] : [])));
  const read = (path: string) => {
    if (!known.has(path)) return null;
    const bytes = readFileSync(join(directory, path));
    return bytes.length > MAX_TEXT_BYTES ? null : bytes.toString('utf8');
  };
  try {
    const text = generateDockerfile({ read, entrypoint, pythonVersion, acceleratorBaseImage, runAsRoot });
    return { path: choice.path, text, generated: true };
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    throw new RunFailure({ phase: 'build', category: 'config', message: error.message }, { cause: error });
  }
}

/** Says where the Dockerfile is, if it is only outside the context. */
async function missing(source: PreparedSource, path: string): Promise<RunFailure> {
  const outside = source.root !== source.context && (await isFile(join(source.root, normalPath(path))));
  return failed(
    outside
      ? `The Dockerfile ${path} is at the top of the source, outside the build context (the sub-directory of the job). Paths of Dockerfiles start at the context: move it there, or take the whole source as context.`
      : `The source has no Dockerfile ${path}. The path of a job's Dockerfile starts at its build context.`,
  );
}

const isFile = (path: string) =>
  stat(path).then(
    (info) => info.isFile(),
    () => false,
  );

/** Null: there is no such file. */
async function readText(path: string): Promise<string | null> {
  if (!(await isFile(path))) return null;
  if ((await stat(path)).size > MAX_TEXT_BYTES) throw failed(`${JSON.stringify(path)} is larger than 1 MiB.`);
  return readFile(path, 'utf8');
}
