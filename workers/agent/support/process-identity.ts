import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

/**
 * When a process started, as an opaque text that no other process of the same number will have; null if there is no such process.
 * Process numbers are used again, also after a reboot, so a number alone never says that "our" process still lives.
 * Linux: start time in clock ticks since boot (field 22 of /proc/PID/stat) with the id of the boot. Elsewhere: `ps -o lstart`.
 */
export async function processStart(pid: number): Promise<string | null> {
  return process.platform === 'linux' ? linuxStart(pid) : psStart(pid);
}

async function linuxStart(pid: number): Promise<string | null> {
  let stat: string;
  try {
    stat = await readFile(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return null;
  }
  // The command in field 2 may hold spaces and parentheses: count from the last ")".
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [state, startTicks] = [fields[0], fields[19]];
  if (state === 'Z' || state === 'X' || startTicks === undefined) return null;
  return `${await bootId()}/${startTicks}`;
}

let boot: Promise<string> | undefined;
function bootId(): Promise<string> {
  boot ??= readFile('/proc/sys/kernel/random/boot_id', 'utf8').then((id) => id.trim());
  return boot;
}

async function psStart(pid: number): Promise<string | null> {
  try {
    const { stdout } = await run('ps', ['-o', 'lstart=,stat=', '-p', String(pid)], {
      env: { ...process.env, LC_ALL: 'C' },
    });
    const match = /^(.*\S)\s+(\S+)\s*$/.exec(stdout.trim());
    if (!match || match[2]?.startsWith('Z')) return null;
    return match[1] ?? null;
  } catch {
    return null;
  }
}

/** The command line of a process, or null if it is gone or not readable. */
export async function processCommand(pid: number): Promise<string | null> {
  try {
    if (process.platform === 'linux')
      return (await readFile(`/proc/${pid}/cmdline`, 'utf8')).replaceAll('\0', ' ');
    return (await run('ps', ['-o', 'args=', '-ww', '-p', String(pid)])).stdout;
  } catch {
    return null;
  }
}
