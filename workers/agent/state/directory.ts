import { createHash, randomUUID } from 'node:crypto';
import { chmod, mkdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { readFileIfExists, writeFileAtomic } from '../support/files';

export interface StateDirectoryInput {
  /** `--state-dir`, else `$SLIPWAY_STATE_DIR`. */
  explicit: string | undefined;
  baseUrl: string;
  entity: string | undefined;
  name: string;
}

/**
 * Where an agent keeps what must outlive it. Without an explicit directory: one for each (server, entity, agent name), so that the same
 * command finds its containers and processes again, and two agents of different names on one machine do not meet.
 */
export function stateDirectoryPath({ explicit, baseUrl, entity, name }: StateDirectoryInput): string {
  if (explicit) return resolve(explicit);
  const hash = createHash('sha256')
    .update(JSON.stringify([baseUrl, entity ?? '', name]))
    .digest('hex')
    .slice(0, 16);
  const state = process.env['XDG_STATE_HOME'] ?? join(homedir(), '.local', 'state');
  return join(state, 'slipway', `agent-${hash}`);
}

/** Makes the directory, readable by its owner only. */
export async function openStateDirectory(path: string): Promise<void> {
  await mkdir(path, { recursive: true, mode: 0o700 });
  await chmod(path, 0o700);
}

const INSTANCE_ID = /^[A-Za-z0-9._-]{8,128}$/;

/** The id by which the server knows this agent again; made at the first start. */
export async function instanceId(directory: string): Promise<string> {
  const path = join(directory, 'instance-id');
  const known = (await readFileIfExists(path))?.trim();
  if (known && INSTANCE_ID.test(known)) return known;
  const fresh = randomUUID();
  await writeFileAtomic(path, `${fresh}\n`);
  return fresh;
}
