// Child processes with an owner: their pids are on disk, so that a killed `up` leaves nothing that blocks the next start.
import { spawn, spawnSync } from 'node:child_process';
import { createWriteStream, existsSync } from 'node:fs';
import { mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { home, root } from './home.mjs';

const pidDir = path.join(home, 'pids');

export function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/** The command line of a process, empty when there is none. */
const commandOf = (pid) =>
  spawnSync('ps', ['-p', String(pid), '-o', 'args='], { encoding: 'utf8' }).stdout?.trim() ?? '';

async function end(pid, signal, patienceMs) {
  try {
    process.kill(pid, signal);
  } catch {
    return;
  }
  for (const until = Date.now() + patienceMs; Date.now() < until; await delay(50)) if (!isAlive(pid)) return;
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // it has ended meanwhile
  }
}

/** Ends what an earlier, killed `up` of this checkout left running. */
export async function endOrphans(databaseDir) {
  for (const name of await readdir(pidDir).catch(() => [])) {
    const pid = Number(await readFile(path.join(pidDir, name), 'utf8').catch(() => '0'));
    if (pid > 0 && isAlive(pid) && commandOf(pid).includes(root)) await end(pid, 'SIGTERM', 5_000);
    await rm(path.join(pidDir, name), { force: true });
  }
  const postmaster = path.join(databaseDir, 'postmaster.pid');
  if (!existsSync(postmaster)) return;
  const pid = Number((await readFile(postmaster, 'utf8')).split('\n')[0]);
  if (pid > 0 && isAlive(pid) && commandOf(pid).includes(databaseDir)) await end(pid, 'SIGINT', 15_000);
}

/**
 * Starts a Node script of this checkout with its output in `.slipway/logs/NAME.log`. `flags` are those of Node. `onExit` hears of an end nobody asked for.
 * @returns {Promise<{ pid: number, stop: (patienceMs?: number) => Promise<void> }>}
 */
export async function startChild(name, script, args, { env, flags = [], onExit }) {
  await mkdir(pidDir, { recursive: true });
  await mkdir(path.join(home, 'logs'), { recursive: true });
  const log = createWriteStream(path.join(home, 'logs', `${name}.log`), { flags: 'a' });
  const child = spawn(process.execPath, [...flags, path.join(root, script), ...args], {
    cwd: root,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  child.stdout.pipe(log, { end: false });
  child.stderr.pipe(log, { end: false });
  await writeFile(path.join(pidDir, name), String(child.pid));
  let stopping = false;
  const ended = new Promise((resolve) => {
    child.once('exit', (code, signal) => {
      log.end();
      resolve();
      if (!stopping) onExit(code, signal);
    });
  });
  return {
    pid: child.pid,
    async stop(patienceMs = 10_000) {
      stopping = true;
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), patienceMs);
      await ended;
      clearTimeout(timer);
      await rm(path.join(pidDir, name), { force: true });
    },
  };
}

/** The last lines of a child's log, for an error message. */
export async function tailOf(name, lines = 20) {
  const text = await readFile(path.join(home, 'logs', `${name}.log`), 'utf8').catch(() => '');
  return text.trimEnd().split('\n').slice(-lines).join('\n');
}
