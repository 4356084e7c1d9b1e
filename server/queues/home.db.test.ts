import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { putSecret } from '../secrets';
import { listRuns } from '../runs';
import { createTestServices, seedAgentToken, seedQueue, seedTeam, seedUser } from '../testing';
import type { SeededEntity, SeededQueue, SeededUser, TestServices } from '../testing';
import { getQueue, listQueues, readOverview } from '.';

let s: TestServices;
let admin: SeededUser;
let team: SeededEntity;
let busy: SeededQueue;
let quiet: SeededQueue;
beforeAll(async () => {
  s = await createTestServices();
  admin = await seedUser(s);
  team = await seedTeam(s, [{ user: admin, role: 'admin' }]);
  busy = await seedQueue(s, team, { name: 'busy' });
  quiet = await seedQueue(s, team, { name: 'quiet_one', resource: 'local-process' });
});
afterAll(() => s.close());

let number = 0;
const ago = (minutes: number) => new Date(Date.now() - minutes * 60_000);
const run = (queue: SeededQueue, data: object = {}) =>
  s.prisma.run.create({
    data: {
      id: `run${String(++number).padStart(8, '0')}`,
      entityId: team.id,
      queueId: queue.id,
      queueVersion: 1,
      name: `run-${number}`,
      author: 'ada',
      ...data,
    },
  });
const list = async (query: object = {}) =>
  (await listQueues(s, admin.actor, { entity: team.name, ...query })).items;
/** As the list tells it of this run alone. */
const waitingOf = async (id: string) =>
  (await listRuns(s, admin.actor, { entity: team.name, q: id, order: 'newest', limit: 10 })).items[0]
    ?.waiting;
const names = async (query: object) => (await list(query)).map(({ name }) => name);

describe('the home of an entity', () => {
  it('begins with nothing', async () => {
    expect(await readOverview(s, admin.actor, { entity: team.name })).toEqual({
      queues: 2,
      waiting: 0,
      inFlight: 0,
      oldestWait: null,
      uncovered: 0,
      agents: { online: 0, lost: 0, ever: false },
      firstRun: 'none',
    });
  });

  it('sums up what waits, runs and serves, and knows the day of each queue', async () => {
    await run(busy, { createdAt: ago(600) });
    await run(busy, { createdAt: ago(90), author: 'bob' });
    await run(busy, { createdAt: ago(30) });
    await run(busy, { state: 'running', createdAt: ago(200), startedAt: ago(100) });
    for (const minutes of [50, 40, 30, 20, 10])
      await run(quiet, {
        state: 'failed',
        createdAt: ago(minutes + 10),
        startedAt: ago(minutes + 5),
        endedAt: ago(minutes),
      });
    const token = await seedAgentToken(s, team);
    await s.prisma.agent.create({
      data: {
        entityId: team.id,
        tokenId: token.id,
        instanceId: 'instance-1',
        name: 'gpu-1',
        hostname: 'host',
        version: '1',
        queueNames: ['quiet_one'],
        maxJobs: 1,
        config: {},
      },
    });
    const overview = await readOverview(s, admin.actor, { entity: team.name });
    expect(overview).toMatchObject({
      waiting: 3,
      inFlight: 1,
      oldestWait: { queue: 'busy' },
      uncovered: 1,
      agents: { online: 1, lost: 0, ever: true },
      firstRun: 'launched',
    });
    // The figures of a day may be half a minute old: another process has not seen the empty queues.
    const other = await s.another();
    const items = await listQueues(other, admin.actor, { entity: team.name });
    const [first, second] = items.items;
    expect(first?.day.waiting).toHaveLength(24);
    expect(first?.day.waiting.slice(-1)).toEqual([3]);
    expect(first?.day.waiting[23 - 1]).toBe(2);
    expect(first?.day.waiting[23 - 3]).toBe(2);
    expect(first?.day.waiting[0]).toBe(0);
    expect(first?.day.waitP95Seconds).toBeCloseTo(6000, -1);
    expect(first?.failing).toBe(false);
    expect(second).toMatchObject({ failing: true, day: { finished: 0, failed: 5 } });
    expect(second?.day.waitP95Seconds).toBeCloseTo(300, -1);
  });

  it('finds queues by text, resource and state, page by page', async () => {
    expect(await names({ q: 'QUIET_' })).toEqual(['quiet_one']);
    expect(await names({ q: 'quiet%' })).toEqual([]);
    expect(await names({ resource: 'local-container' })).toEqual(['busy']);
    expect(await names({ state: 'failing' })).toEqual(['quiet_one']);
    expect(await names({ state: 'no-agent' })).toEqual(['busy']);
    expect(await names({ state: 'active' })).toEqual([]);
    for (const letter of ['a', 'b', 'c']) await seedQueue(s, team, { name: `more-${letter}` });
    const page = await listQueues(s, admin.actor, { entity: team.name, state: 'no-agent', limit: 2 });
    expect(page.items.map(({ name }) => name)).toEqual(['busy', 'more-a']);
    expect(await names({ state: 'no-agent', limit: 2, cursor: page.nextCursor })).toEqual([
      'more-b',
      'more-c',
    ]);
  });
});

describe('secrets that cannot be opened', () => {
  it('are said of the queue and of its waiting runs, by name', async () => {
    const queue = await seedQueue(s, team, { name: 'sealed' });
    const ref = { entity: team.name, queue: 'sealed' };
    await putSecret(s, admin.actor, { ...ref, name: 'GOOD', value: 'x' });
    await putSecret(s, admin.actor, { ...ref, name: 'LOST', value: 'y' });
    await putSecret(s, admin.actor, { ...ref, name: 'CHANGED', value: 'z' });
    expect((await getQueue(s, admin.actor, ref)).closedSecrets).toEqual([]);
    await s.prisma.secret.update({
      where: { queueId_name: { queueId: queue.id, name: 'LOST' } },
      data: { keyId: 'gone' },
    });
    await s.prisma.secret.update({
      where: { queueId_name: { queueId: queue.id, name: 'CHANGED' } },
      data: { nonce: new Uint8Array(12) },
    });
    expect((await getQueue(s, admin.actor, ref)).closedSecrets).toEqual(['CHANGED', 'LOST']);
    const { id } = await run(queue);
    expect(await waitingOf(id)).toMatchObject({
      reason: 'secrets-closed',
      message: expect.stringContaining('(CHANGED, LOST)') as string,
    });
    await putSecret(s, admin.actor, { ...ref, name: 'CHANGED', value: 'z' });
    await putSecret(s, admin.actor, { ...ref, name: 'LOST', value: 'y' });
    expect((await getQueue(s, admin.actor, ref)).closedSecrets).toEqual([]);
  });
});

describe('the place in line', () => {
  it('counts the people before, in a list and for one run alike', async () => {
    const queue = await seedQueue(s, team, { name: 'crowd' });
    for (const author of ['ada', 'ada', 'bob', 'cy']) await run(queue, { author });
    const last = `run${String(number).padStart(8, '0')}`;
    expect(await waitingOf(last)).toMatchObject({ position: 4, ahead: 3, peopleAhead: 2 });
    const { items } = await listRuns(s, admin.actor, {
      entity: team.name,
      queue: 'crowd',
      order: 'queue',
      limit: 10,
    });
    expect(items.map((item) => item.waiting?.peopleAhead)).toEqual([0, 1, 1, 2]);
  });
});
