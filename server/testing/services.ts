import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Client, escapeIdentifier } from 'pg';
import { expect, inject } from 'vitest';
import { closeServices, createServices } from '../bootstrap';
import { readServerConfig } from '../config';
import type { ServerConfig } from '../config';
import type { Services } from '../services';
import { TEMPLATE_DATABASE, TEST_DATABASE_PREFIX } from './names';

export interface TestServices extends Services {
  /** Another process of the same installation: the same database, a pool and a bus of its own. Closed with the first. */
  another(overrides?: Partial<ServerConfig>): Promise<Services>;
  /** Closes everything and drops the database; throws when a connection was not given back. */
  close(): Promise<void>;
}
export interface TestServicesOptions {
  redisUrl?: string | undefined;
  config?: Partial<ServerConfig>;
  /** A database without any table instead of a migrated one. */
  empty?: boolean;
}

/** Services over a fresh clone of the migrated template. Once a test file, in `beforeAll`; `close()` in `afterAll`. */
export async function createTestServices({
  redisUrl,
  config = {},
  empty = false,
}: TestServicesOptions = {}): Promise<TestServices> {
  const pattern = inject('postgresUrl');
  const urlOf = (database: string) => pattern.replace(/DATABASE$/, database);
  const file = path
    .basename(expect.getState().testPath ?? 'file')
    .replace(/\W+/g, '_')
    .toLowerCase();
  const name = `${TEST_DATABASE_PREFIX}${file}`.slice(0, 50) + `_${randomBytes(4).toString('hex')}`;
  const template = empty ? 'template0' : TEMPLATE_DATABASE;
  await administer(urlOf('postgres'), (admin) =>
    admin.query(`CREATE DATABASE ${escapeIdentifier(name)} TEMPLATE ${template}`),
  );

  const blobs = await mkdtemp(path.join(tmpdir(), 'slipway-test-blobs-'));

  const configOf = (overrides: Partial<ServerConfig>): ServerConfig => ({
    ...readServerConfig({
      NODE_ENV: 'test',
      DATABASE_URL: urlOf(name),
      REDIS_URL: redisUrl,
      NEXTAUTH_SECRET: 'a secret for tests only, 32 characters long',
      SLIPWAY_SECRET_KEYS: `test:${Buffer.alloc(32, 7).toString('base64')}`,
      SLIPWAY_LOG_LEVEL: process.env.SLIPWAY_TEST_LOG_LEVEL ?? 'silent',
      SLIPWAY_DB_POOL: '10',
      SLIPWAY_BLOB_STORE: blobs,
    }),
    ...config,
    ...overrides,
  });
  const services = await createServices(configOf({}), { role: 'test' });
  const others: Services[] = [];

  return {
    ...services,
    another: async (overrides = {}) => {
      const other = await createServices(configOf(overrides), { role: 'test' });
      others.push(other);
      return other;
    },
    close: async () => {
      const busy = await busyConnections([services, ...others]);
      await Promise.all([services, ...others].map((each) => withDeadline(closeServices(each))));
      await rm(blobs, { recursive: true, force: true });
      const left = await administer(urlOf('postgres'), async (admin) => {
        // PostgreSQL ends a backend a moment after the client has hung up; on a busy machine that moment is long.
        let open: string[] = [];
        for (let waited = 0; waited < 10_000; waited += 50) {
          const { rows } = await admin.query<{ application_name: string }>(
            'SELECT application_name FROM pg_stat_activity WHERE datname = $1',
            [name],
          );
          open = rows.map((row) => row.application_name);
          if (open.length === 0) break;
          await pause(50);
        }
        await admin.query(`DROP DATABASE ${escapeIdentifier(name)} WITH (FORCE)`);
        return open;
      });
      if (busy > 0) throw new Error(`${busy} connections of the pool were not given back`);
      if (left.length > 0) throw new Error(`connections were left open: ${left.join(', ')}`);
    },
  };
}

/** Connections that are still in a caller's hands a second after the tests have ended. */
async function busyConnections(all: Services[]): Promise<number> {
  const count = () => all.reduce((sum, { pool }) => sum + pool.totalCount - pool.idleCount, 0);
  for (let waited = 0; waited < 1000 && count() > 0; waited += 20) await pause(20);
  return count();
}

/** A pool with a leaked client never ends; the leak itself is reported by the caller. */
const withDeadline = (closing: Promise<void>) => Promise.race([closing, pause(5000)]);

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms).unref());

async function administer<T>(url: string, fn: (admin: Client) => Promise<T>): Promise<T> {
  const admin = new Client({ connectionString: url });
  await admin.connect();
  try {
    return await fn(admin);
  } finally {
    await admin.end();
  }
}
