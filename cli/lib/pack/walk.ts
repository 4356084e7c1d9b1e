import { lstat, readdir, readlink, realpath } from 'node:fs/promises';
import path from 'node:path';
import { UsageError } from '../errors';
import { GitIgnore, readDockerIgnore, type Rules } from './rules';

/** What goes into the archive. `path` is relative to the packed directory, with `/`. */
export type Entry =
  | { kind: 'directory'; path: string }
  | { kind: 'file'; path: string; size: number; executable: boolean }
  | { kind: 'link'; path: string; target: string };

export interface Walked {
  /** In the order of their paths' bytes: the same on every machine. */
  entries: Entry[];
  /** Sockets, pipes and devices, which cannot be packed. */
  skipped: string[];
}

const shown = (file: string) => JSON.stringify(file);

/**
 * Lists what of a directory is to be packed: all but `.git` and what `.gitignore` and `.dockerignore` leave out.
 * @param keep files that `.dockerignore` does not leave out, such as the job's own Dockerfile
 * @throws UsageError for a symbolic link that leads out of the directory
 */
export async function walk(directory: string, keep: readonly string[] = []): Promise<Walked> {
  const root = await realpath(directory).catch(() => {
    throw new UsageError(`${directory} does not exist, or cannot be read.`);
  });
  if (!(await lstat(root)).isDirectory())
    throw new UsageError(`${directory} is no directory; give the one that holds the code.`);
  const docker = await readDockerIgnore(root, keep);
  const walked: Walked = { entries: [], skipped: [] };
  await visit({ root, docker, walked }, '', GitIgnore.none);
  walked.entries.sort((a, b) => Buffer.compare(Buffer.from(a.path), Buffer.from(b.path)));
  return walked;
}

interface Walk {
  root: string;
  docker: Rules;
  walked: Walked;
}

async function visit(walk: Walk, below: string, outer: GitIgnore): Promise<void> {
  const { root, docker, walked } = walk;
  const git = await outer.enter(root, below);
  for (const entry of await readdir(path.join(root, below), { withFileTypes: true })) {
    const file = below === '' ? entry.name : `${below}/${entry.name}`;
    const isDirectory = entry.isDirectory();
    if (entry.name === '.git' || git.leavesOut({ path: file, isDirectory })) continue;
    if (isDirectory) {
      if (docker.prunes(file)) continue;
      const before = walked.entries.length;
      await visit(walk, file, git);
      // A directory that is left out stands there only for what an exception keeps in it.
      if (!docker.leavesOut({ path: file, isDirectory }) || walked.entries.length > before)
        walked.entries.push({ kind: 'directory', path: file });
      continue;
    }
    if (docker.leavesOut({ path: file, isDirectory })) continue;
    const found = await toEntry(root, file);
    if (found === null) walked.skipped.push(file);
    else walked.entries.push(found);
  }
}

async function toEntry(root: string, file: string): Promise<Entry | null> {
  const whole = path.join(root, file);
  const stat = await lstat(whole);
  if (stat.isSymbolicLink()) return { kind: 'link', path: file, target: await targetOf(root, file) };
  if (!stat.isFile()) return null;
  return { kind: 'file', path: file, size: stat.size, executable: (stat.mode & 0o111) !== 0 };
}

async function targetOf(root: string, file: string): Promise<string> {
  const whole = path.join(root, file);
  const target = await readlink(whole);
  // By its text, and by where it really leads: a link over another link may leave the tree though its text does not.
  const real = await realpath(whole).catch(() => null);
  const leads = [path.resolve(path.dirname(whole), target), ...(real === null ? [] : [real])];
  if (!path.isAbsolute(target) && leads.every((lead) => isInside(root, lead))) return target;
  throw new UsageError(
    `The symbolic link ${shown(file)} leads out of the directory, to ${shown(target)}: that would not be there where the job runs. Put the file itself there, or leave the link out with .dockerignore.`,
  );
}

function isInside(root: string, file: string): boolean {
  const way = path.relative(root, file);
  return way !== '..' && !way.startsWith(`..${path.sep}`) && !path.isAbsolute(way);
}
