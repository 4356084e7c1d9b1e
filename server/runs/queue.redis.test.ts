import { afterAll } from 'vitest';
import { startRedis } from '../testing';
import { queueSuite } from './testing/queue.suite';

const redis = await startRedis();
afterAll(() => redis?.stop());

if (redis === null) throw new Error('redis-server is not installed: these tests need it');
queueSuite('Redis', () => Promise.resolve(redis.url));
