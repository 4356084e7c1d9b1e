import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createConnection } from 'node:net';
import { freePort } from '../../scripts/lib/free-port.mjs';

export interface TestRedis {
  url: string;
  /** Kills the server without warning; `restart` brings it back, empty, on the same port. */
  kill(): Promise<void>;
  restart(): Promise<void>;
  /** Sends a command without arguments and waits for its answer. */
  command(name: string): Promise<void>;
  stop(): Promise<void>;
}

/** A Redis server of the test's own, in memory only; null where `redis-server` is not installed. */
export async function startRedis(): Promise<TestRedis | null> {
  const port = await freePort();
  let running = await launch(port);
  if (!running) return null;
  const kill = async () => {
    const child = running;
    running = null;
    if (!child || child.exitCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  };
  return {
    url: `redis://127.0.0.1:${port}`,
    kill,
    restart: async () => {
      await kill();
      running = await launch(port);
    },
    command: (name) => command(port, name),
    stop: kill,
  };
}

async function launch(port: number) {
  const child = spawn(
    'redis-server',
    ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'],
    {
      stdio: 'ignore',
    },
  );
  const failed = new Promise<boolean>((resolve) => {
    child.once('error', () => resolve(true));
    child.once('exit', () => resolve(true));
  });
  for (let tries = 0; tries < 250; tries++) {
    if (await Promise.race([failed, answers(port)]))
      return child.exitCode === null && child.pid ? child : null;
  }
  child.kill('SIGKILL');
  throw new Error(`redis-server did not answer on port ${port} within 5 s`);
}

function command(port: number, name: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = createConnection({ port, host: '127.0.0.1' });
    socket.on('error', reject).once('data', () => {
      socket.destroy();
      resolve();
    });
    socket.write(`${name}\r\n`);
  });
}

/** Whether a TCP connection opens; false after 20 ms or a refusal. */
function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection({ port, host: '127.0.0.1' });
    const finish = (ok: boolean) => {
      socket.destroy();
      setTimeout(() => resolve(ok), ok ? 0 : 20);
    };
    socket.once('connect', () => finish(true));
    socket.once('error', () => finish(false));
  });
}
