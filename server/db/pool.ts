import { Pool, types } from 'pg';
import type { CustomTypesConfig, PoolClient } from 'pg';
import type { Logger } from 'pino';
import { ProblemError } from '@/core/problems';

const NUMERIC_OVERFLOW = 'a bigint of the database is beyond the safe integers';

/**
 * `bigint` columns are read as numbers. The ones Slipway has (order of arrival, byte offsets, ids of audit rows) stay far below
 * 2^53; one that does not is an error rather than a silently rounded number.
 */
const typeParsers: CustomTypesConfig = {
  getTypeParser: (oid, format) => {
    if (oid === types.builtins.INT8 && format !== 'binary') return parseInt8;
    return types.getTypeParser(oid, format) as (value: string) => unknown;
  },
};

function parseInt8(value: string): number {
  const number = Number(value);
  if (!Number.isSafeInteger(number)) throw new RangeError(`${NUMERIC_OVERFLOW}: ${value}`);
  return number;
}

export interface PoolSettings {
  url: string;
  /** Most connections that are open at once. */
  max: number;
  /** Shown in pg_stat_activity. */
  applicationName?: string;
  /** Longest time a statement may take, milliseconds; 0 turns it off. */
  statementTimeoutMs?: number;
}

/**
 * Every statement here is short and goes by an index. Compiling one costs more than running it, and the cost of a random page that is
 * assumed by default is that of a spinning disk: it lets the planner read whole tables that are still small.
 */
const PLANNER = '-c jit=off -c random_page_cost=1.1';

/**
 * A pool that outlives its server: a killed PostgreSQL fails the calls in hand, is logged once a connection, and never ends the process.
 * Connections that cannot be had within 5 s throw, so that requests do not pile up while the database is away.
 */
export function createPool(settings: PoolSettings, log: Logger): Pool {
  const pool = new Pool({
    connectionString: settings.url,
    max: settings.max,
    application_name: settings.applicationName ?? 'slipway',
    statement_timeout: settings.statementTimeoutMs ?? 30_000,
    lock_timeout: 10_000,
    idle_in_transaction_session_timeout: 60_000,
    connectionTimeoutMillis: 5_000,
    idleTimeoutMillis: 60_000,
    keepAlive: true,
    options: PLANNER,
    types: typeParsers,
  });
  pool.on('error', (error) => {
    log.warn({ err: error }, 'a database connection was lost');
  });
  // The pool listens on idle connections only; one that breaks in a caller's hands would otherwise be an uncaught error.
  pool.on('connect', (client) => {
    client.on('error', () => {});
  });
  return pool;
}

/**
 * Runs `fn` in one transaction (READ COMMITTED): committed when it resolves, rolled back when it throws. A connection whose rollback
 * fails is thrown away. `begin` may set more for this transaction, in the same round trip.
 */
export async function withTransaction<T>(
  pool: Pool,
  fn: (client: PoolClient) => Promise<T>,
  { begin = 'BEGIN' }: { begin?: string } = {},
): Promise<T> {
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    await client.query(begin);
    const result = await fn(client);
    await client.query('COMMIT');
    return result;
  } catch (error) {
    await client.query('ROLLBACK').catch((failure: unknown) => {
      broken = failure instanceof Error ? failure : new Error('rollback failed');
    });
    throw error;
  } finally {
    client.release(broken);
  }
}

/** SQLSTATE classes and socket errors that say "the database is away", not "the statement is wrong". */
const AWAY = new Set([
  '57P01',
  '57P02',
  '57P03',
  '53300',
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'P1001',
  'P1002',
  'P1008',
  'P1017',
  'P2024',
]);
const AWAY_MESSAGE =
  /^(Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error|Connection ended unexpectedly)/;

/** Whether an error (of pg or Prisma) means that the database cannot be reached just now. */
export function isDatabaseAway(error: unknown): boolean {
  for (let current = error, depth = 0; current instanceof Error && depth < 5; depth++) {
    const code = (current as { code?: unknown }).code;
    if (typeof code === 'string' && (AWAY.has(code) || code.startsWith('08'))) return true;
    if (AWAY_MESSAGE.test(current.message)) return true;
    const nested = (current as { errors?: unknown }).errors;
    if (Array.isArray(nested) && nested.some(isDatabaseAway)) return true;
    current = current.cause;
  }
  return false;
}

/** The refusal that stands for a database that is away. */
export const databaseAway = (cause: unknown) =>
  new ProblemError('unavailable', 'The database cannot be reached just now. Try again in a few seconds.', {
    code: 'database-away',
    retryAfterSeconds: 2,
    cause,
  });
