import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createTestServices, startRedis } from '../testing';
import type { TestRedis, TestServices } from '../testing';
import type { Services } from '../services';
import type { BusMessage } from './bus';

const runMessage = (seq: number): BusMessage => ({
  type: 'run',
  runId: `r${String(seq).padStart(7, '0')}`,
  entity: 'team',
  queue: 'queue',
  queueId: '00000000-0000-7000-8000-000000000001',
  state: 'running',
  stopping: false,
  seq,
});

describe.each(['postgres', 'redis'] as const)('the bus over %s', (kind) => {
  let redis: TestRedis | null = null;
  let here: TestServices;
  let there: Services;

  beforeAll(async () => {
    if (kind === 'redis') redis = await startRedis();
    here = await createTestServices({ redisUrl: redis?.url });
    there = await here.another();
  });
  afterAll(async () => {
    await here.close();
    await redis?.stop();
  });

  function collect(services: Services) {
    const seen: BusMessage[] = [];
    services.bus.subscribe((message) => seen.push(message));
    return seen;
  }

  it('delivers at once here and soon there, once each and in order', async (context) => {
    if (kind === 'redis' && !redis) context.skip();
    const [local, remote] = [collect(here), collect(there)];
    const sent = Array.from({ length: 500 }, (_, i) => runMessage(i));
    here.bus.publish(...sent);
    expect(local).toEqual(sent);
    await vi.waitFor(() => {
      expect(remote).toHaveLength(500);
    });
    expect(remote).toEqual(sent);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(local).toHaveLength(500);
  });

  it('adds up the work of one tick', async (context) => {
    if (kind === 'redis' && !redis) context.skip();
    const remote = collect(there);
    for (let i = 0; i < 100; i++) here.bus.publish({ type: 'work', queueId: 'q', count: 2 });
    await vi.waitFor(() => {
      expect(remote).toEqual([{ type: 'work', queueId: 'q', count: 200 }]);
    });
  });

  it('survives a cut connection, tells of the gap, and sends what waited', async (context) => {
    if (kind === 'redis' && !redis) context.skip();
    const remote = collect(there);
    const gap = vi.fn();
    there.bus.onGap(gap);
    if (redis) await redis.restart();
    else
      await here.pool.query(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'slipway bus' AND datname = current_database()",
      );
    await vi.waitFor(() => {
      expect(gap).toHaveBeenCalled();
    }, 8000);
    here.bus.publish({ type: 'requeued', queueId: 'after' });
    await vi.waitFor(() => {
      expect(remote).toContainEqual({ type: 'requeued', queueId: 'after' });
    }, 8000);
  });
});
