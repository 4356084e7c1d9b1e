import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestServices, seedQueue, seedUser } from '../testing';
import type { SeededUser, TestServices } from '../testing';
import { bulkRuns, getRun, runHistogram } from './index';
import { enqueue } from './testing/agent';

let s: TestServices;
let user: SeededUser;
beforeAll(async () => {
  s = await createTestServices();
  user = await seedUser(s);
});
afterAll(() => s.close());

describe('bulk over a filter', () => {
  const bulk = (queue: string, more: Partial<Parameters<typeof bulkRuns>[2]>) =>
    bulkRuns(s, user.actor, { entity: user.entity.name, action: 'stop', filter: { queue }, ...more });

  it('is counted first without touching anything, and not carried out when the count has changed since', async () => {
    const queue = await seedQueue(s, user.entity);
    const ids = [await enqueue(s, user.actor, queue), await enqueue(s, user.actor, queue)];
    expect(await bulk(queue.name, { dryRun: true })).toEqual({ matched: 2, results: [] });
    const late = await enqueue(s, user.actor, queue);
    await expect(bulk(queue.name, { expect: 2 })).rejects.toMatchObject({
      status: 409,
      code: 'count-changed',
      message: expect.stringContaining('3 runs match now, not 2') as string,
    });
    for (const id of [...ids, late]) expect((await getRun(s, user.actor, { id })).state).toBe('pending');
    const done = await bulk(queue.name, { expect: 3 });
    expect([done.matched, done.results.map(({ ok }) => ok)]).toEqual([3, [true, true, true]]);
    for (const id of [...ids, late]) expect((await getRun(s, user.actor, { id })).state).toBe('stopped');
    // What is stopped already is not counted for a stop.
    expect((await bulk(queue.name, { dryRun: true })).matched).toBe(0);
  });

  it('takes ids or a filter, not both, and a priority with its value only', async () => {
    const queue = await seedQueue(s, user.entity, { prioritized: true });
    const id = await enqueue(s, user.actor, queue);
    await expect(bulk(queue.name, { ids: [id] })).rejects.toMatchObject({ status: 422 });
    await expect(bulk(queue.name, { filter: undefined })).rejects.toMatchObject({ status: 422 });
    await expect(bulk(queue.name, { action: 'priority' })).rejects.toMatchObject({
      errors: [{ path: 'priority', message: 'is missing' }],
    });
  });
});

describe('the histogram', () => {
  const histogram = (more: Partial<Parameters<typeof runHistogram>[2]>) =>
    runHistogram(s, user.actor, { entity: user.entity.name, bins: 4, ...more });

  it('counts the runs of each part of the range by how they stand, with the filters of the list', async () => {
    const queue = await seedQueue(s, user.entity);
    const now = Date.now();
    const hoursAgo = async (hours: number, state?: 'finished' | 'failed') => {
      const id = await enqueue(s, user.actor, queue);
      await s.pool.query(
        'UPDATE runs SET created_at = $2, state = coalesce($3::run_state, state) WHERE id = $1',
        [id, new Date(now - hours * 3_600_000), state ?? null],
      );
    };
    await hoursAgo(3.5, 'finished');
    await hoursAgo(3.5, 'failed');
    await hoursAgo(1.5);
    await hoursAgo(0.5, 'finished');
    await hoursAgo(9);
    const range = {
      queue: queue.name,
      from: new Date(now - 4 * 3_600_000).toISOString(),
      to: new Date(now).toISOString(),
    };
    const all = await histogram(range);
    expect(all).toMatchObject({ total: 4, stepSeconds: 3600 });
    expect(all.bins.map(({ active, finished, failed }) => [active, finished, failed])).toEqual([
      [0, 1, 1],
      [0, 0, 0],
      [1, 0, 0],
      [0, 1, 0],
    ]);
    expect(all.bins.map(({ at }) => Date.parse(at) - Date.parse(all.from))).toEqual([
      0, 3_600_000, 7_200_000, 10_800_000,
    ]);
    expect((await histogram({ ...range, state: 'failed' })).total).toBe(1);
    await hoursAgo(48);
    expect((await histogram({ queue: queue.name })).total, 'the last week, without a range').toBe(6);
  });

  it('refuses a range that is none', async () => {
    const at = new Date().toISOString();
    await expect(histogram({ from: at, to: at })).rejects.toMatchObject({ status: 422 });
    await expect(histogram({ from: '2020-01-01T00:00:00.000Z', to: at })).rejects.toMatchObject({
      errors: [{ path: 'from', message: 'must be before to, by 400 days at most' }],
    });
  });
});
