import { readdir, readlink, realpath, rm, stat } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { RunFailure } from '../runners/types';
import { errorCode } from '../support/timing';

const failed = (message: string) => new RunFailure({ phase: 'build', category: 'build', message });

/**
 * Makes a fetched or unpacked source ready: no data of git, no link that leads out of it, and its build context.
 *
 * @throws RunFailure that names the link, or the sub-directory that is not there
 */
export async function finishTree(
  root: string,
  directory: string | undefined,
): Promise<{ root: string; context: string }> {
  const real = await realpath(root);
  await checkFolder(real, real);
  const context = resolve(real, directory ?? '.');
  if (!inside(real, context))
    throw failed(`The directory ${directory ?? ''} of the job is not inside its source.`);
  const found = await realpath(context).catch(() => null);
  if (found === null || !inside(real, found) || !(await stat(found)).isDirectory())
    throw failed(`The source has no directory ${directory ?? ''}. Check the sub-directory of the job.`);
  return { root: real, context: found };
}

async function checkFolder(root: string, folder: string): Promise<void> {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.name === '.git') await rm(path, { recursive: true, force: true });
    else if (entry.isSymbolicLink()) await checkLink(root, path);
    else if (entry.isDirectory()) await checkFolder(root, path);
    else if (!entry.isFile()) throw failed(`${shown(root, path)} of the source is no ordinary file.`);
  }
}

async function checkLink(root: string, path: string): Promise<void> {
  const target = await readlink(path);
  let real = resolve(dirname(path), target);
  try {
    real = inside(root, real) ? await realpath(path) : real;
  } catch (error) {
    // A link to nothing leads nowhere, as long as its text stays inside.
    if (errorCode(error) !== 'ENOENT' && errorCode(error) !== 'ELOOP') throw error;
  }
  if (!inside(root, real))
    throw failed(
      `The symbolic link ${shown(root, path)} leads out of the source (to ${JSON.stringify(target)}). Links must stay inside it.`,
    );
}

/** Whether `path` is `root` or in it. Both absolute. */
export function inside(root: string, path: string): boolean {
  const way = relative(root, path);
  return way === '' || (way !== '..' && !way.startsWith(`..${sep}`));
}

const shown = (root: string, path: string) => JSON.stringify(relative(root, path));
