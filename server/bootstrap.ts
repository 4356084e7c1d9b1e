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
  return { config, pool, prisma, bus, log };
}

/** Closes in the reverse order of need; safe to call once a process. */
export async function closeServices(services: Services): Promise<void> {
  await services.bus.close();
  await services.prisma.$disconnect();
  await services.pool.end();
}

const KEY = Symbol.for('slipway.services');
type Holder = typeof globalThis & { [KEY]?: Services };

/** Makes `services` those of the process: code bundled by Next and the server's own code are different module instances. */
export function installServices(services: Services | undefined): void {
  (globalThis as Holder)[KEY] = services;
}

/** The services of this process; throws where `installServices` was not called (a page outside `slipway server`). */
export function getServices(): Services {
  const services = (globalThis as Holder)[KEY];
  if (!services) throw new Error('The services are not started: pages are served by "slipway server" only.');
  return services;
}
