import { afterAll, beforeAll, expect, it } from 'vitest';
import { getQueue, listQueues } from '../queues';
import { readOverview } from '../queues/overview';
import { createTestServices, seedQueue, seedTeam, seedUser } from '../testing';
import type { SeededEntity, SeededUser, TestServices } from '../testing';

let s: TestServices;
let user: SeededUser;
let team: SeededEntity;
beforeAll(async () => {
  s = await createTestServices();
  user = await seedUser(s);
  team = await seedTeam(s, [{ user, role: 'admin' }]);
});
afterAll(() => s.close());

const fill = (queueId: string, runs: number, prefix: string) =>
  s.pool.query(
    `INSERT INTO runs (id, entity_id, queue_id, queue_version, name, author)
     SELECT $3 || n, $1, $2, 1, 'deep', 'x' FROM generate_series(1, $4::int) AS n`,
    [team.id, queueId, prefix, runs],
  );

it('counts a queue of more than ten thousand to the last run, in list, page and overview', async () => {
  const [deep, shallow] = [await seedQueue(s, team), await seedQueue(s, team)];
  await fill(deep.id, 12_345, 'deep');
  await fill(shallow.id, 7, 'few');
  const { items } = await listQueues(s, user.actor, { entity: team.name, limit: 50 });
  const waiting = new Map(items.map(({ id, counts }) => [id, counts.waiting]));
  expect(waiting.get(deep.id)).toBe(12_345);
  expect(waiting.get(shallow.id)).toBe(7);
  const page = await getQueue(s, user.actor, { entity: team.name, queue: deep.name });
  expect(page.counts.waiting).toBe(12_345);
  expect((await readOverview(s, user.actor, { entity: team.name })).waiting).toBe(12_352);

  await fill(deep.id, 1000, 'more');
  await expect
    .poll(async () => (await readOverview(s, user.actor, { entity: team.name })).waiting, {
      timeout: 20_000,
      interval: 200,
    })
    .toBe(13_352);
});
