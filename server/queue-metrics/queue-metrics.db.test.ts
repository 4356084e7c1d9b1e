import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTestServices, seedQueue, seedUser } from '../testing';
import type { SeededQueue, SeededUser, TestServices } from '../testing';
import { queueMetrics, queueTimeline, rollUpQueues } from '.';
import { SETTLE_SECONDS } from './roll-up';

let s: TestServices;
let user: SeededUser;
let queue: SeededQueue;
const HOUR = 3_600_000;
// The last hour that is closed: until some time after its end it is the one before.
const start = Math.floor((Date.now() - SETTLE_SECONDS * 1000) / HOUR) * HOUR - 20 * 24 * HOUR;

/** A run with its times, minutes after `start`. */
async function run(
  id: string,
  times: { created: number; leased?: number; started?: number; ended?: number },
  rest: { state?: string; author?: string; category?: string } = {},
) {
  const at = (minutes: number | undefined) =>
    minutes === undefined ? null : new Date(start + minutes * 60_000);
  await s.pool.query(
    `INSERT INTO runs (id, entity_id, queue_id, queue_version, name, state, author, created_at, leased_at, started_at, ended_at, failure_category, failure_phase)
     VALUES ($1, $2, $3, 1, $1, $4, $5, $6, $7, $8, $9, $10, $11)`,
    [
      ...[id, user.entity.id, queue.id, rest.state ?? 'finished', rest.author ?? 'ann'],
      ...[at(times.created), at(times.leased), at(times.started), at(times.ended)],
      ...[rest.category ?? null, rest.category === undefined ? null : 'run'],
    ],
  );
}

beforeAll(async () => {
  s = await createTestServices();
  user = await seedUser(s);
  queue = await seedQueue(s, user.entity, { maxInFlight: 8 });
  // As old as its runs: hours before a queue are not looked at.
  await s.pool.query('UPDATE queues SET created_at = $2 WHERE id = $1', [queue.id, new Date(start)]);
  await run('aaaaaaaa', { created: 0, leased: 10, started: 10, ended: 100 });
  await run(
    'bbbbbbbb',
    { created: 30, leased: 90, started: 95, ended: 110 },
    { state: 'failed', author: 'bob', category: 'oom' },
  );
  await run('cccccccc', { created: 70, ended: 130 }, { state: 'stopped' });
  await run(
    'dddddddd',
    { created: 20 * 24 * 60 - 30, leased: 20 * 24 * 60 - 29, started: 20 * 24 * 60 - 29 },
    { state: 'running' },
  );
});
afterAll(() => s.close());

const ask = (rest: Parameters<typeof queueMetrics>[2] | Record<string, unknown>) =>
  queueMetrics(s, user.actor, { entity: user.entity.name, queue: queue.name, ...rest });
const long = {
  from: new Date(start).toISOString(),
  to: new Date(start + 20 * 24 * HOUR).toISOString(),
  step: 3600,
};

it('adds up hours: who came, started and ended, how many waited and were in flight on average', async () => {
  const exact = await ask({ from: long.from, to: new Date(start + 3 * HOUR).toISOString(), step: 3600 });
  expect(exact.points).toMatchObject([
    // a waits 10 minutes and b 30 of the first hour; a is in flight for 50.
    { enqueued: 2, started: 1, finished: 0, waiting: 40 / 60, inFlight: 50 / 60, oldestWait: 1800 },
    // b waits 30 more and c 50; a is in flight for 40, b for 20.
    {
      enqueued: 1,
      started: 1,
      finished: 1,
      failed: 1,
      waiting: 80 / 60,
      inFlight: 60 / 60,
      oldestWait: 3600,
    },
    { stopped: 1, waiting: 10 / 60, inFlight: 0 },
  ]);
  expect(exact.points[0]?.waitP50).toBeCloseTo(600, -2);
  expect(exact).toMatchObject({ maxInFlight: 8, failures: [{ name: 'oom', failed: 1, points: [0, 1, 0] }] });
});

it('says the same from the hours that the worker has added up, and counts the rest', async () => {
  const before = await ask({ ...long, group: 'author' });
  expect(await rollUpQueues(s)).toMatchObject({ queues: 1, hours: 20 * 24 });
  const stored = await s.pool.query('SELECT 1 FROM queue_stats WHERE queue_id = $1', [queue.id]);
  expect(stored.rowCount).toBeGreaterThan(5);
  const after = await ask({ ...long, group: 'author' });
  expect(after).toEqual(before);
  expect(after.points.slice(0, 3).map((point) => [point.enqueued, point.started, point.stopped])).toEqual([
    [2, 1, 0],
    [1, 1, 0],
    [0, 0, 1],
  ]);
  expect(after.points.at(-1)).toMatchObject({ enqueued: 1, inFlight: 29 / 60 });
  expect(after.groups.map(({ name, enqueued, failed }) => [name, enqueued, failed])).toEqual([
    ['ann', 3, 0],
    ['bob', 1, 1],
  ]);
  expect(await rollUpQueues(s)).toMatchObject({ hours: 0 });
});

it('tells which agent had which runs', async () => {
  const timeline = await queueTimeline(s, user.actor, {
    entity: user.entity.name,
    queue: queue.name,
    from: new Date(start + 105 * 60_000).toISOString(),
    to: new Date(start + 3 * HOUR).toISOString(),
  });
  expect(timeline.runs.map(({ id, agent }) => [id, agent])).toEqual([['bbbbbbbb', 'gone']]);
});
