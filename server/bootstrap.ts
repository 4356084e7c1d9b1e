import { createBlobStore } from './blobs';
import { createPool, createPrisma } from './db';
import { createBus } from './events';
import { createLogger } from './logger';
import type { ServerConfig } from './config';
import type { Services } from './services';

export interface CreateOptions {
  /** Shown in pg_stat_activity and in the log: `server`, `worker`, … */
  role?: string;
}

/**
 * Opens what a process needs. Resolves also while the database is away: calls fail until it is back.
 * The caller closes it with `closeServices`.
 */
export async function createServices(
  config: ServerConfig,
  { role = 'server' }: CreateOptions = {},
): Promise<Services> {
  const log = createLogger(config.SLIPWAY_LOG_LEVEL).child({ role });
  const pool = createPool(
    { url: config.DATABASE_URL, max: config.SLIPWAY_DB_POOL, applicationName: `slipway ${role}` },
    log.child({ part: 'db' }),
  );
  const prisma = createPrisma(pool);
  const bus = await createBus({ databaseUrl: config.DATABASE_URL, redisUrl: config.REDIS_URL }, log);
  const blobs = createBlobStore(config.SLIPWAY_BLOB_STORE);
  return { config, pool, prisma, bus, blobs, log };
}

/** Closes in the reverse order of need; safe to call once a process. */
export async function closeServices(services: Services): Promise<void> {
  await services.bus.close();
  await services.prisma.$disconnect();
  await services.pool.end();
}
