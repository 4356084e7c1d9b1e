import { afterAll } from 'vitest';
import { startRedis } from '@/server/testing';
import { backgroundSuite } from './testing/background.suite';

const redis = await startRedis();
afterAll(() => redis?.stop());

if (redis === null) throw new Error('redis-server is not installed: these tests need it');
backgroundSuite('BullMQ', () => Promise.resolve(redis.url));
