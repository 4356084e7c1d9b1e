import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BusMessage } from '../events/bus';
import { putSecret } from '../secrets';
import { createTestServices, seedQueue, seedTeam, seedUser } from '../testing';
import type { SeededEntity, SeededQueue, SeededUser, TestServices } from '../testing';
import { createQueue, deleteQueue, getQueue, queueForLaunch } from '.';
import { createQueueSchema } from '@/core/wire';

let s: TestServices;
let admin: SeededUser;
let team: SeededEntity;
const heard: BusMessage[] = [];
beforeAll(async () => {
  s = await createTestServices();
  admin = await seedUser(s);
  team = await seedTeam(s, [{ user: admin, role: 'admin' }]);
  s.bus.subscribe((message) => heard.push(message));
});
afterAll(() => s.close());

let counter = 0;
async function run(queue: SeededQueue, rest: object = {}): Promise<string> {
  const id = `run${String(++counter).padStart(9, '0')}`;
  await s.prisma.run.create({
    data: { id, entityId: team.id, queueId: queue.id, queueVersion: 1, name: id, author: 'x', ...rest },
  });
  return id;
}
const remove = (queue: SeededQueue, force?: boolean) =>
  deleteQueue(s, admin.actor, { entity: team.name, queue: queue.name, force });

describe('deleting a queue', () => {
  it('frees its name, and hides it from launches at once', async () => {
    const queue = await seedQueue(s, team);
    await putSecret(s, admin.actor, { entity: team.name, queue: queue.name, name: 'K', value: 'v' });
    const finished = await run(queue, { state: 'finished' });
    await queueForLaunch(s, team.id, queue.name);
    await remove(queue);
    await expect(queueForLaunch(s, team.id, queue.name)).rejects.toMatchObject({ kind: 'not-found' });
    await expect(remove(queue)).rejects.toMatchObject({ kind: 'not-found' });
    const again = await createQueue(s, admin.actor, {
      entity: team.name,
      ...createQueueSchema.parse({ name: queue.name, resource: 'local-process' }),
    });
    expect(again.id).not.toBe(queue.id);
    expect(again.secrets).toEqual([]);
    expect(await s.prisma.run.findUnique({ where: { id: finished } })).toMatchObject({
      state: 'finished',
      queueId: queue.id,
    });
    expect(await s.prisma.secret.count({ where: { queueId: queue.id } })).toBe(0);
  });

  it('with runs is refused with how many there are, unless it is forced', async () => {
    const queue = await seedQueue(s, team);
    const agentId = '01900000-0000-7000-8000-000000000001';
    const waiting = await run(queue);
    const held = await run(queue, { held: true, heldUntil: new Date(Date.now() + 3_600_000) });
    const running = await run(queue, { state: 'running', agentId, attempt: 1 });
    const stopping = await run(queue, {
      state: 'starting',
      agentId,
      attempt: 1,
      stopRequestedAt: new Date(),
      stopRequestedBy: 'user:first',
    });
    const orphaned = await run(queue, { state: 'running', agentId, attempt: 3, orphanedAt: new Date() });
    await expect(remove(queue)).rejects.toMatchObject({
      status: 409,
      code: 'queue-has-runs',
      message: `Queue ${queue.name} has 2 waiting and 3 in-flight runs. Delete it with force=true to stop them all.`,
    });
    await getQueue(s, admin.actor, { entity: team.name, queue: queue.name });

    await remove(queue, true);
    const rows = await s.prisma.run.findMany({ where: { queueId: queue.id }, orderBy: { seq: 'asc' } });
    const by = `user:${admin.name}`;
    expect(rows).toMatchObject([
      { id: waiting, state: 'stopped', stopRequestedBy: by, endedAt: expect.any(Date) as Date },
      { id: held, state: 'stopped', held: false, heldUntil: null },
      {
        id: running,
        state: 'running',
        stopRequestedBy: by,
        stopRequestedAt: expect.any(Date) as Date,
        endedAt: null,
      },
      { id: stopping, state: 'starting', stopRequestedBy: 'user:first' },
      { id: orphaned, state: 'stopped', attempt: 4, orphanedAt: null },
    ]);
    const events = await s.prisma.runEvent.findMany({
      where: { runId: { in: [waiting, held, running, stopping, orphaned] } },
      orderBy: { runId: 'asc' },
    });
    expect(events.map(({ runId, seq, kind, state, actor }) => [runId, seq, kind, state, actor])).toEqual([
      [waiting, 1, 'state', 'stopped', by],
      [held, 1, 'state', 'stopped', by],
      [running, 1, 'stop-requested', 'running', by],
      [orphaned, 1, 'state', 'stopped', by],
    ]);
    const runs = heard.flatMap((each) =>
      each.type === 'run' ? [[each.runId, each.state, each.stopping]] : [],
    );
    expect(runs.sort()).toEqual([
      [waiting, 'stopped', false],
      [held, 'stopped', false],
      [running, 'running', true],
      [orphaned, 'stopped', false],
    ]);
    expect(heard).toContainEqual({ type: 'nudge', agentId });
  });

  it('waits for a launch that is being written, and lets none in behind it', async () => {
    const queue = await seedQueue(s, team);
    const client = await s.pool.connect();
    await client.query('BEGIN');
    const insert = `INSERT INTO runs (id, entity_id, queue_id, queue_version, name, author)
      SELECT $1, entity_id, id, 1, 'x', 'x' FROM queues WHERE id = $2 AND deleted_at IS NULL FOR KEY SHARE`;
    await client.query(insert, ['launchbefore', queue.id]);
    const deleting = remove(queue, true);
    await new Promise((resolve) => setTimeout(resolve, 100));
    const late = s.pool.query(insert, ['launchbehind', queue.id]);
    await client.query('COMMIT');
    client.release();
    await deleting;
    await late;
    const rows = await s.prisma.run.findMany({ where: { queueId: queue.id } });
    expect(rows.filter(({ state }) => state === 'pending')).toEqual([]);
    expect(rows.map(({ id }) => id)).toContain('launchbefore');
  });
});
