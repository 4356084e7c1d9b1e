import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTestServices, seedQueue, seedTeam, seedUser } from '../testing';
import type { SeededUser, TestServices } from '../testing';
import { enqueueBatch } from './enqueue';
import { enqueue, launchOf } from './testing/agent';

let s: TestServices;
let user: SeededUser;
beforeAll(async () => {
  s = await createTestServices({
    config: { SLIPWAY_MAX_WAITING_PER_QUEUE: 3, SLIPWAY_MAX_WAITING_PER_ENTITY: 5 },
  });
  user = await seedUser(s);
});
afterAll(() => s.close());

it('refuses what a queue or an entity has no room for, whole, and says when to come again', async () => {
  const team = await seedTeam(s, [{ user, role: 'admin' }]);
  const [first, second] = [await seedQueue(s, team), await seedQueue(s, team)];
  await enqueue(s, user.actor, first);
  const runs = Array.from({ length: 4 }, () => launchOf());
  await expect(
    enqueueBatch(s, user.actor, { entity: team.name, queue: first.name, runs }),
  ).rejects.toMatchObject({ status: 429, code: 'queue-full', retryAfterSeconds: 10 });
  expect(await s.prisma.run.count({ where: { queueId: first.id } })).toBe(1);

  for (const queue of [first, first, second, second]) await enqueue(s, user.actor, queue);
  await expect(enqueue(s, user.actor, first)).rejects.toMatchObject({ code: 'queue-full' });
  await expect(enqueue(s, user.actor, second)).rejects.toMatchObject({
    code: 'entity-full',
    message: expect.stringContaining('5 runs wait, 5 may') as string,
  });

  await s.prisma.run.updateMany({ where: { queueId: first.id }, data: { state: 'stopped' } });
  await expect
    .poll(
      () =>
        enqueue(s, user.actor, first).then(
          () => 'taken',
          () => 'refused',
        ),
      { timeout: 10_000, interval: 300 },
    )
    .toBe('taken');
});
