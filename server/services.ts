import type { Pool } from 'pg';
import type { Logger } from 'pino';
import type { PrismaClient } from './db/generated/client';
import type { BlobStore } from './blobs';
import type { Bus } from './events/bus';
import type { ServerConfig } from './config';

/** What every use case needs; one a process, made by `server/bootstrap`. Pages reach it through `server/door` only. */
export interface Services {
  config: ServerConfig;
  pool: Pool;
  prisma: PrismaClient;
  bus: Bus;
  blobs: BlobStore;
  log: Logger;
}
