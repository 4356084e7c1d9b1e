import { randomUUID } from 'node:crypto';
import { mkdir, readdir, rename, rm, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { readFileIfExists, writeFileAtomic } from '../../support/files';
import { processCommand, processStart } from '../../support/process-identity';
import { errorCode } from '../../support/timing';

/** Files of one run of a process: written by the shim and the agent, read by any later agent of the same state directory. */
export interface RunDirectory {
  root: string;
  /** Where the process runs unless the queue says otherwise; kept after the run if the program left something in it. */
  work: string;
  stdout: string;
  stderr: string;
}

export function runDirectory(stateDirectory: string, runId: string): RunDirectory {
  const root = join(stateDirectory, 'runs', runId);
  return { root, work: join(root, 'work'), stdout: join(root, 'stdout'), stderr: join(root, 'stderr') };
}

export async function createRunDirectory({ root, work }: RunDirectory): Promise<void> {
  await mkdir(root, { recursive: true, mode: 0o700 });
  await mkdir(work, { recursive: true, mode: 0o700 });
  if ((await readFileIfExists(join(root, 'execution'))) === null) {
    await writeFileAtomic(join(root, 'execution'), randomUUID());
  }
}

/** Makes a copy of the source the directory in which the process runs. On the same file system, so that it is whole or not there. */
export async function takeSource({ root, work }: RunDirectory, source: string): Promise<void> {
  await writeFileAtomic(join(root, 'source'), '');
  await rm(work, { recursive: true, force: true });
  await rename(source, work);
}

/** Whether the process runs in a copy of a source, which nobody needs after it. */
export const hasSource = async ({ root }: RunDirectory) =>
  (await readFileIfExists(join(root, 'source'))) !== null;

/** Tells this execution of the run from earlier ones: a place in their output means nothing in this one's. */
export const executionId = async ({ root }: RunDirectory) =>
  (await readFileIfExists(join(root, 'execution'))) ?? '';

/** Whether a process was ever started in it. */
export async function wasClaimed({ root }: RunDirectory): Promise<boolean> {
  try {
    return (await readdir(root)).includes('claimed');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return false;
    throw error;
  }
}

/** The exit code, once the process has ended by itself or by a signal. */
export async function exitCode({ root }: RunDirectory): Promise<number | null> {
  const text = await readFileIfExists(join(root, 'exit'));
  return text === null ? null : Number.parseInt(text, 10);
}

/** The shim's process number, which is that of its process group; null before it has begun. */
async function shimPid({ root }: RunDirectory): Promise<number | null> {
  const text = await readFileIfExists(join(root, 'pid'));
  const pid = Number.parseInt(text ?? '', 10);
  return Number.isInteger(pid) && pid > 1 ? pid : null;
}

/**
 * The process group of the run, if it lives. The first look writes down when the process started, every later one compares it, so that
 * a number that another process has got meanwhile (or after a reboot) is never taken for ours, nor sent a signal.
 */
export async function livingGroup(directory: RunDirectory): Promise<number | null> {
  const pid = await shimPid(directory);
  if (pid === null) return null;
  const started = await processStart(pid);
  if (started === null) return null;
  const path = join(directory.root, 'started');
  const known = (await readFileIfExists(path))?.trim();
  if (known) return known === started ? pid : null;
  // Never looked at before: the shim names its directory on its command line.
  if (!(await processCommand(pid))?.includes(directory.root)) return null;
  await writeFileAtomic(path, `${started}\n`);
  return pid;
}

/** Written before SIGKILL is sent to the whole group, since then no shim is left to write the exit code. */
export const markKilled = ({ root }: RunDirectory) => writeFileAtomic(join(root, 'killed'), '');
export const wasKilled = async ({ root }: RunDirectory) =>
  (await readFileIfExists(join(root, 'killed'))) !== null;

/** Removes what the run left, but not files that the program itself wrote into its working directory. */
export async function clearRunDirectory(
  { root, work }: RunDirectory,
  options: { keepWork: boolean },
): Promise<void> {
  if (options.keepWork) {
    for (const name of ['pid', 'started', 'killed', 'exit', 'stdout', 'stderr', 'execution'])
      await rm(join(root, name), { force: true });
    await removeIfEmpty(work);
    await rm(join(root, 'claimed'), { recursive: true, force: true });
    await removeIfEmpty(root);
  } else {
    await rm(root, { recursive: true, force: true });
  }
}

async function removeIfEmpty(path: string): Promise<void> {
  try {
    await rmdir(path);
  } catch (error) {
    const code = errorCode(error);
    if (code !== 'ENOTEMPTY' && code !== 'ENOENT' && code !== 'EEXIST') throw error;
  }
}
