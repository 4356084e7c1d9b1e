import type { Pool } from 'pg';
import type { Logger } from 'pino';
import type { PrismaClient } from './db/generated/client';
import type { Bus } from './events/bus';
import type { ServerConfig } from './config';

/**
 * What every use case needs. One instance a process, made by `server/bootstrap` and kept on `globalThis`, since code bundled by Next
 * and the server's own code are different module instances.
 */
export interface Services {
  config: ServerConfig;
  pool: Pool;
  prisma: PrismaClient;
  bus: Bus;
  log: Logger;
}
