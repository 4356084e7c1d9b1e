export { createPool, databaseAway, isDatabaseAway, withTransaction } from './pool';
export type { PoolSettings } from './pool';
export { createPrisma } from './prisma';
