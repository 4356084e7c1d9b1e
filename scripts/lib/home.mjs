// `.slipway/`: everything that a local installation keeps. Nothing here needs packages: it runs before they are installed.
import { randomBytes, createHash } from 'node:crypto';
import { existsSync, statSync } from 'node:fs';
import { chmod, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../..', import.meta.url)).replace(/[\\/]$/, '');
/** SLIPWAY_HOME: another place for it, so that several installations can run from one checkout. */
export const home = process.env.SLIPWAY_HOME
  ? path.resolve(process.env.SLIPWAY_HOME)
  : path.join(root, '.slipway');
export const devFile = path.join(home, 'dev.json');

export const readJson = async (file) => {
  try {
    return JSON.parse(await readFile(file, 'utf8'));
  } catch {
    return null;
  }
};

/** Writes atomically, readable by its owner only. */
export async function writePrivateJson(file, value) {
  const temporary = `${file}.${process.pid}`;
  await writeFile(temporary, `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600 });
  await chmod(temporary, 0o600);
  await rename(temporary, file);
}

/** Keys and passwords of this installation, made once. */
export async function localSecrets() {
  await mkdir(home, { recursive: true });
  const file = path.join(home, 'secrets.json');
  const kept = await readJson(file);
  if (kept) return kept;
  const made = {
    databasePassword: randomBytes(18).toString('base64url'),
    sessionSecret: randomBytes(32).toString('base64url'),
    secretKeys: `k1:${randomBytes(32).toString('base64')}`,
    adminPassword: randomBytes(12).toString('base64url'),
  };
  await writePrivateJson(file, made);
  return made;
}

/**
 * Where the embedded PostgreSQL keeps its data. PostgreSQL refuses to run as root, so for root it runs as another user, who cannot
 * walk into a checkout below a closed folder (such as /root): then it is kept under /var/lib.
 */
export function databaseDir() {
  const inside = path.join(home, 'postgres');
  if (process.getuid?.() !== 0) return inside;
  for (let dir = home; ; dir = path.dirname(dir)) {
    if (existsSync(dir) && (statSync(dir).mode & 0o001) === 0) break;
    if (dir === path.dirname(dir)) return inside;
  }
  return path.join(
    '/var/lib/slipway',
    createHash('sha256').update(home).digest('hex').slice(0, 12),
    'postgres',
  );
}

/** Hash over the contents of files, to know whether a step must be done again. */
export async function hashOf(...files) {
  const hash = createHash('sha256').update(process.version);
  for (const file of files) hash.update(existsSync(file) ? await readFile(file) : 'absent');
  return hash.digest('hex');
}
