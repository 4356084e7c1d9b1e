import { readFile } from 'node:fs/promises';
import path from 'node:path';
import ignore, { type Ignore } from 'ignore';
import { FILES_OF_BUILDS } from './names';

/** Whether a path of the tree is left out. Paths are relative to the packed directory, with `/`. */
export interface Rules {
  leavesOut(entry: { path: string; isDirectory: boolean }): boolean;
  /** Nothing below a directory that is left out can be kept: it need not be looked into. */
  prunes(directory: string): boolean;
}

const readIfThere = async (file: string): Promise<string | null> => {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
};

/** Rules of the `.gitignore` files from the root down to a directory; each counts below where it lies, the deeper one first. */
export class GitIgnore {
  private constructor(private readonly levels: readonly { below: string; rules: Ignore }[]) {}

  static readonly none = new GitIgnore([]);

  /** These rules and those of the `.gitignore` of the directory `below`, if it has one. */
  async enter(root: string, below: string): Promise<GitIgnore> {
    const text = await readIfThere(path.join(root, below, '.gitignore'));
    if (text === null) return this;
    return new GitIgnore([...this.levels, { below, rules: ignore({ ignorecase: false }).add(text) }]);
  }

  leavesOut(entry: { path: string; isDirectory: boolean }): boolean {
    for (const { below, rules } of [...this.levels].reverse()) {
      const inside = below === '' ? entry.path : entry.path.slice(below.length + 1);
      const { ignored, unignored } = rules.test(entry.isDirectory ? `${inside}/` : inside);
      if (ignored || unignored) return ignored;
    }
    return false;
  }
}

/**
 * Rules of `.dockerignore`: patterns count from the root, a pattern takes all that is below what it matches, and the last rule that
 * matches decides, also for a file below a directory that an earlier one left out (docs of Docker: "dockerignore files"). The file itself
 * and Dockerfiles are always kept, as Docker keeps them for the build.
 */
export async function readDockerIgnore(root: string, keep: readonly string[]): Promise<Rules> {
  const text = (await readIfThere(path.join(root, '.dockerignore'))) ?? '';
  const kept = new Set([...FILES_OF_BUILDS, ...keep]);
  const rules = text.split(/\r?\n/).flatMap(readRule);
  const hasExceptions = rules.some(({ exception }) => exception);
  const leavesOut: Rules['leavesOut'] = ({ path: file }) => {
    if (kept.has(file)) return false;
    let out = false;
    for (const { exception, pattern } of rules) if (pattern.ignores(file)) out = !exception;
    return out;
  };
  return {
    leavesOut,
    prunes: (directory) =>
      !hasExceptions &&
      ![...kept].some((file) => file.startsWith(`${directory}/`)) &&
      leavesOut({ path: directory, isDirectory: true }),
  };
}

function readRule(line: string): { exception: boolean; pattern: Ignore }[] {
  const text = line.trim();
  if (text === '' || text.startsWith('#')) return [];
  const exception = text.startsWith('!');
  const cleaned = path.posix.normalize(`/${exception ? text.slice(1).trim() : text}`).replace(/\/+$/, '');
  if (cleaned === '') return [];
  return [{ exception, pattern: ignore({ ignorecase: false }).add(cleaned) }];
}
