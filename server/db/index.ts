export { createPool, databaseAway, isDatabaseAway, withTransaction } from './pool';
export { createPrisma } from './prisma';
