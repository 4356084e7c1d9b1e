import { execFile } from 'node:child_process';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { Client } from 'pg';
import type { TestProject } from 'vitest/node';
import { startPostgres } from '../../scripts/lib/embedded-postgres.mjs';
import { TEMPLATE_DATABASE, TEST_DATABASE_PREFIX } from './names';

const run = promisify(execFile);

declare module 'vitest' {
  interface ProvidedContext {
    /** Connection string of the run's cluster with `DATABASE` for the name of the database. */
    postgresUrl: string;
  }
}

/** One PostgreSQL a run, with a migrated template that each test file clones. Durability is off: nobody keeps this data. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const dir = await mkdtemp(path.join(tmpdir(), 'slipway-test-pg-'));
  await chmod(dir, 0o711); // PostgreSQL refuses to run as root: its own user must be able to walk in
  const server = await startPostgres({
    dir: path.join(dir, 'data'),
    settings: ['fsync=off', 'full_page_writes=off', 'shared_buffers=64MB'],
  });
  try {
    await server.createDatabase(TEMPLATE_DATABASE);
    // In a process of its own: nothing may stay connected to a template.
    await run(process.execPath, ['scripts/migrate.mjs'], {
      env: { ...process.env, DATABASE_URL: server.url(TEMPLATE_DATABASE) },
    });
  } catch (error) {
    await server.stop();
    throw error;
  }
  project.provide('postgresUrl', server.url('DATABASE'));

  return async () => {
    const leaked = await databasesLeft(server.url('postgres'));
    await server.stop();
    await rm(dir, { recursive: true, force: true });
    if (leaked.length > 0) {
      throw new Error(
        `Test services were not closed (await services.close() in afterAll): ${leaked.join(', ')}`,
      );
    }
  };
}

async function databasesLeft(url: string): Promise<string[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query<{ datname: string }>(
    'SELECT datname FROM pg_database WHERE starts_with(datname, $1)',
    [TEST_DATABASE_PREFIX],
  );
  await client.end();
  return rows.map((row) => row.datname);
}
