import { setTimeout as pause } from 'node:timers/promises';
import { Client } from 'pg';
import type { Logger } from 'pino';

/** Any number that nothing else in the database uses: "slipway", in a way. */
const LOCK = 7_547_929;
const RETRY_MS = 2_000;
/** How often the leader makes sure that its connection still stands. */
const CHECK_MS = 5_000;

/**
 * Runs `lead` in one process of the installation at a time: in the one that holds an advisory lock. The lock lives on a connection of its
 * own; when that breaks, PostgreSQL lets the lock go, `lead`'s signal aborts, and everyone tries for it again.
 */
export async function whileLeading(
  { databaseUrl, log, signal }: { databaseUrl: string; log: Logger; signal: AbortSignal },
  lead: (signal: AbortSignal) => Promise<void>,
): Promise<void> {
  while (!signal.aborted) {
    try {
      await once(databaseUrl, signal, log, lead);
    } catch (error) {
      log.warn({ err: error }, 'the lock of the background tasks is lost; trying for it again');
    }
    await pause(RETRY_MS, undefined, { signal }).catch(() => {});
  }
}

async function once(
  databaseUrl: string,
  signal: AbortSignal,
  log: Logger,
  lead: (signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const client = new Client({
    connectionString: databaseUrl,
    application_name: 'slipway leader',
    connectionTimeoutMillis: 5_000,
    query_timeout: 10_000,
    keepAlive: true,
  });
  const lost = new AbortController();
  client.on('error', (error) => lost.abort(error));
  client.on('end', () => lost.abort());
  try {
    await client.connect();
    if (!(await tryLock(client, signal))) return;
    log.info('this process runs the background tasks');
    const until = AbortSignal.any([signal, lost.signal]);
    const leading = lead(until);
    await Promise.race([leading, keepChecking(client, until, lost)]);
    await leading;
  } finally {
    await client.end().catch(() => {});
  }
}

async function tryLock(client: Client, signal: AbortSignal): Promise<boolean> {
  while (!signal.aborted) {
    const { rows } = await client.query<{ held: boolean }>('SELECT pg_try_advisory_lock($1) AS held', [LOCK]);
    if (rows[0]?.held) return true;
    await pause(RETRY_MS, undefined, { signal }).catch(() => {});
  }
  return false;
}

async function keepChecking(client: Client, signal: AbortSignal, lost: AbortController): Promise<void> {
  for (;;) {
    await pause(CHECK_MS, undefined, { signal }).catch(() => {});
    if (signal.aborted) return;
    await client.query('SELECT 1').catch((error: unknown) => lost.abort(error));
  }
}
