import { execFile, spawnSync } from 'node:child_process';
import { readFile, stat } from 'node:fs/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Whether the files of a running process can be limited here: a full disk without a disk of its own, and without root. */
export const canLimitFiles = (): boolean => spawnSync('prlimit', ['--version']).status === 0;

/**
 * What the processes write to files is refused beyond this size, as on a full disk (EFBIG for ENOSPC); null: no longer. A program that
 * does not ignore SIGXFSZ, as PostgreSQL does, has to be started with it ignored.
 */
export async function limitFiles(pids: readonly number[], bytes: number | null): Promise<void> {
  for (const pid of pids) {
    const owner = await stat(`/proc/${pid}`).catch(() => null);
    if (!owner) continue;
    // Nobody but root may do it to another user's process, and not every root.
    const as = owner.uid === process.getuid?.() ? {} : { uid: owner.uid, gid: owner.gid };
    // Only the soft limit: it can be raised again by whoever may lower it.
    await run('prlimit', ['--pid', String(pid), `--fsize=${bytes ?? 'unlimited'}:`], as).catch(
      async (error: unknown) => {
        if (await isAlive(pid)) throw error;
      },
    );
  }
}

/** A process and its children, the parent first: what it starts later has its limits. */
export async function familyOf(pid: number): Promise<number[]> {
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '');
  return [pid, ...children.trim().split(/\s+/).filter(Boolean).map(Number)];
}

export const isAlive = async (pid: number): Promise<boolean> =>
  readFile(`/proc/${pid}/stat`, 'utf8').then(
    (text) => !/\) Z /.test(text),
    () => false,
  );
