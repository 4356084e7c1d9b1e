export { startRedis } from './redis';
export type { TestRedis } from './redis';
export { createTestServices } from './services';
export type { TestServices, TestServicesOptions } from './services';
export * from './seed';
