import { spawn } from 'node:child_process';
import { pipeline } from 'node:stream/promises';
import type { Readable } from 'node:stream';
import { errorCode } from './timing';

export interface CommandOptions {
  env: Record<string, string>;
  cwd?: string;
  /** Given to the program as its standard input; none: it gets an empty one. */
  input?: Readable;
  /** Takes standard output and standard error as they come; the program waits until it resolves. */
  output?: (data: Uint8Array) => Promise<void>;
  signal: AbortSignal;
}

export interface CommandResult {
  /** Null: it was ended by a signal. */
  code: number | null;
  /** The ends of the two outputs, at most 64 KiB each. */
  stdout: string;
  stderr: string;
}

const TAIL_BYTES = 64 * 1024;
/** Between SIGTERM and SIGKILL for a program that is given up, milliseconds. */
const KILL_MS = 5000;

/**
 * Runs a program to its end, without a shell, in a process group of its own. When `signal` is aborted the whole group gets SIGTERM and
 * soon SIGKILL; the promise settles only when the program is gone.
 *
 * @throws Error with `code` ENOENT when there is no such program; whatever `input` or `output` fail with
 */
export async function runCommand(
  program: string,
  args: readonly string[],
  options: CommandOptions,
): Promise<CommandResult> {
  const { env, cwd, input, output, signal } = options;
  signal.throwIfAborted();
  const child = spawn(program, args, {
    // The cast: types of the web framework make NODE_ENV part of every environment.
    env: env as NodeJS.ProcessEnv,
    cwd,
    detached: true,
    stdio: [input ? 'pipe' : 'ignore', 'pipe', 'pipe'],
  });
  const tails = { stdout: Buffer.alloc(0), stderr: Buffer.alloc(0) };
  const killGroup = (name: NodeJS.Signals) => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, name);
    } catch (error) {
      if (errorCode(error) !== 'ESRCH') throw error;
    }
  };
  let killTimer: NodeJS.Timeout | undefined;
  const giveUp = () => {
    killGroup('SIGTERM');
    killTimer ??= setTimeout(() => killGroup('SIGKILL'), KILL_MS);
  };
  signal.addEventListener('abort', giveUp, { once: true });
  const read = async (name: keyof typeof tails, stream: Readable) => {
    for await (const part of stream) {
      const data = part as Buffer;
      tails[name] = Buffer.concat([tails[name], data]).subarray(-TAIL_BYTES);
      await output?.(data);
    }
  };
  try {
    const closed = new Promise<number | null>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', resolve);
    });
    const jobs = [read('stdout', child.stdout as Readable), read('stderr', child.stderr as Readable)];
    if (input && child.stdin) jobs.push(feed(input, child.stdin));
    const work = Promise.all(jobs).catch((error: unknown) => {
      giveUp();
      throw error;
    });
    const [code] = await Promise.all([closed, work]);
    signal.throwIfAborted();
    return { code, stdout: tails.stdout.toString('utf8'), stderr: tails.stderr.toString('utf8') };
  } finally {
    clearTimeout(killTimer);
    signal.removeEventListener('abort', giveUp);
    input?.destroy();
  }
}

/** A program that ends without reading all of its input is no failure by itself: its exit code says. */
async function feed(input: Readable, stdin: NodeJS.WritableStream): Promise<void> {
  try {
    await pipeline(input, stdin);
  } catch (error) {
    const code = errorCode(error);
    if (code !== 'EPIPE' && code !== 'ERR_STREAM_PREMATURE_CLOSE' && code !== 'ECONNRESET') throw error;
  }
}
