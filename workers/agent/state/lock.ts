import { randomBytes } from 'node:crypto';
import { link, rename, rm, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { readFileIfExists } from '../support/files';
import { processStart } from '../support/process-identity';
import { errorCode } from '../support/timing';

const holderSchema = z.object({ pid: z.int(), started: z.string(), nonce: z.string() });
type Holder = z.infer<typeof holderSchema>;

/** Another agent that lives uses this state directory. */
export class StateDirectoryInUse extends Error {
  constructor(directory: string, pid: number) {
    super(
      `Another agent (process ${pid}) uses the state directory ${directory}. ` +
        'Stop it first, or give this one its own with --state-dir or --name.',
    );
    this.name = 'StateDirectoryInUse';
  }
}

/**
 * Takes the directory for this process; the function that is given back lets it go. A lock left by a process that is dead, or whose
 * number now belongs to another process, is taken over.
 */
export async function lockDirectory(directory: string): Promise<() => Promise<void>> {
  const path = join(directory, 'agent.lock');
  const nonce = randomBytes(8).toString('hex');
  const mine: Holder = { pid: process.pid, started: (await processStart(process.pid)) ?? '', nonce };
  for (;;) {
    if (await create(path, JSON.stringify(mine))) return () => release(path, nonce);
    const held = await readFileIfExists(path);
    if (held === null) continue;
    const holder = parseHolder(held);
    if (holder && (await processStart(holder.pid)) === holder.started)
      throw new StateDirectoryInUse(directory, holder.pid);
    await takeAway(path, held);
  }
}

/** Creates the lock with its content in place at once (a hard link is atomic): a reader never sees it empty. */
async function create(path: string, content: string): Promise<boolean> {
  const own = `${path}.${randomBytes(6).toString('hex')}`;
  await writeFile(own, content, { mode: 0o600, flag: 'wx' });
  try {
    await link(own, path);
    return true;
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false;
    throw error;
  } finally {
    await unlink(own);
  }
}

/** Removes a dead lock. Two that start at once may both want to: what was moved is looked at again, and a living lock put back. */
async function takeAway(path: string, dead: string): Promise<void> {
  const aside = `${path}.${randomBytes(6).toString('hex')}`;
  try {
    await rename(path, aside);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return;
    throw error;
  }
  const moved = await readFileIfExists(aside);
  if (moved === dead) await unlink(aside);
  else await rename(aside, path);
}

async function release(path: string, nonce: string): Promise<void> {
  const held = await readFileIfExists(path);
  if (held !== null && parseHolder(held)?.nonce === nonce) await rm(path, { force: true });
}

function parseHolder(text: string): Holder | null {
  try {
    return holderSchema.parse(JSON.parse(text));
  } catch {
    return null;
  }
}
