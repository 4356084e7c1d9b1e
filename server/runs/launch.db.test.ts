import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { commandAgent, getAgent, listAgents } from '../agents';
import { pauseQueue, resumeQueue } from '../queues';
import { putSecret } from '../secrets';
import { createTestServices, seedQueue, seedUser } from '../testing';
import type { SeededUser, SeedQueueOptions, TestServices } from '../testing';
import { queueMetrics } from '../queue-metrics';
import {
  bulkRuns,
  enqueueBatch,
  enqueueRun,
  getRun,
  listRuns,
  listSubmissions,
  retention,
  updateRun,
} from './index';
import { enqueue, finish, launchOf, startAgent } from './testing/agent';

let s: TestServices;
let user: SeededUser;
beforeAll(async () => {
  s = await createTestServices();
  user = await seedUser(s);
});
afterAll(() => s.close());

const newQueue = (options: SeedQueueOptions = {}) => seedQueue(s, user.entity, options);
const newAgent = (queues: string[], options: Parameters<typeof startAgent>[3] = {}) =>
  startAgent(s, user.entity, queues, options);
const list = (input: Partial<Parameters<typeof listRuns>[2]>) =>
  listRuns(s, user.actor, { entity: user.entity.name, limit: 50, order: 'newest', ...input });

describe('a launch', () => {
  it('answers with the run as it is read afterwards', async () => {
    const queue = await newQueue({
      templates: { gpus: { type: 'integer', default: 1, min: 1, max: 8 } },
      source: 'gpus: "{{gpus}}"',
    });
    const launch = launchOf({
      templateValues: { gpus: 4 },
      args: ['--x'],
      env: { A: 'b' },
      config: { lr: 0.1 },
      labels: ['z', 'a'],
      name: 'mine',
      project: 'p',
    });
    const { run, created } = await enqueueRun(s, user.actor, {
      entity: user.entity.name,
      queue: queue.name,
      launch,
    });
    const { waiting, ...read } = await getRun(s, user.actor, { id: run.id });
    expect(created).toBe(true);
    expect(run).toMatchObject(read);
    expect(run).toMatchObject({
      templateValues: { gpus: 4 },
      config: { lr: 0.1 },
      priority: null,
      queueVersion: 1,
      name: 'mine',
      project: 'p',
    });
    expect(run.waiting?.reason).toBe('never-had-agent');
    expect(waiting).toMatchObject({ reason: 'never-had-agent', position: 1 });
  });

  it('may be the first of its project at the same moment as another', async () => {
    const queue = await newQueue();
    const other = await s.pool.connect();
    await other.query('BEGIN');
    await other.query(
      "INSERT INTO projects (id, entity_id, name) VALUES (gen_random_uuid(), $1, 'brand-new')",
      [user.entity.id],
    );
    const launched = enqueueRun(s, user.actor, {
      entity: user.entity.name,
      queue: queue.name,
      launch: launchOf({ project: 'brand-new' }),
    });
    // It waits for the other's key before the other is told to go on.
    await expect
      .poll(async () => (await s.pool.query('SELECT 1 FROM pg_locks WHERE NOT granted')).rowCount)
      .toBeGreaterThan(0);
    await other.query('COMMIT');
    other.release();
    expect((await launched).run.project).toBe('brand-new');
  });

  it('is refused with the place of everything that is wrong', async () => {
    const queue = await newQueue({
      templates: { gpus: { type: 'integer', min: 1, max: 8 } },
      source: 'gpus: "{{gpus}}"',
    });
    const bad = launchOf({ templateValues: { gpus: 9 }, priority: 'high', config: { text: 'a\u0000b' } });
    await expect(
      enqueueRun(s, user.actor, { entity: user.entity.name, queue: queue.name, launch: bad }),
    ).rejects.toMatchObject({
      kind: 'refused',
      errors: expect.arrayContaining([
        expect.objectContaining({ path: 'templateValues.gpus' }),
        expect.objectContaining({ path: 'priority' }),
        expect.objectContaining({ path: 'config.text' }),
      ]) as unknown,
    });
  });

  it('of a batch is all or nothing, and errors name the launch', async () => {
    const queue = await newQueue({
      templates: { gpus: { type: 'integer', min: 1, max: 8 } },
      source: 'gpus: "{{gpus}}"',
    });
    const runs = [1, 2, 99, 3].map((gpus) => launchOf({ templateValues: { gpus } }));
    await expect(
      enqueueBatch(s, user.actor, { entity: user.entity.name, queue: queue.name, runs }),
    ).rejects.toMatchObject({
      errors: [expect.objectContaining({ path: 'runs.2.templateValues.gpus' })],
    });
    expect((await list({ queue: queue.name })).items).toEqual([]);
    const answer = await enqueueBatch(s, user.actor, {
      entity: user.entity.name,
      queue: queue.name,
      runs: runs.filter((_, index) => index !== 2),
    });
    expect((await list({ queue: queue.name, order: 'queue' })).items.map(({ id }) => id)).toEqual(
      answer.runs.map(({ id }) => id),
    );
  });

  it('on a deleted queue is refused even where the deletion is not yet known', async () => {
    const queue = await newQueue();
    await enqueue(s, user.actor, queue);
    await s.pool.query('UPDATE queues SET deleted_at = now() WHERE id = $1', [queue.id]);
    await expect(enqueue(s, user.actor, queue)).rejects.toMatchObject({ kind: 'not-found' });
    expect((await list({ queue: queue.name })).items).toHaveLength(1);
  });

  it('with the key of an earlier one gives that run, also after the queue has changed', async () => {
    const queue = await newQueue();
    const input = {
      entity: user.entity.name,
      queue: queue.name,
      launch: launchOf({ priority: undefined }),
      idempotencyKey: 'k',
    };
    const first = await enqueueRun(s, user.actor, input);
    await s.pool.query(
      `UPDATE queue_config_versions SET templates = '{"x": {"type": "integer"}}' WHERE queue_id = $1`,
      [queue.id],
    );
    s.bus.publish({ type: 'queue', entity: user.entity.name, queue: queue.name, queueId: queue.id });
    const again = await enqueueRun(s, user.actor, input);
    expect([again.run.id, again.created]).toEqual([first.run.id, false]);
  });

  it('a batch with a key is made once, also when it comes twice at the same time or when the queue has changed', async () => {
    const queue = await newQueue();
    const place = { entity: user.entity.name, queue: queue.name };
    const runs = ['a', 'b', 'c'].map((name) => launchOf({ name }));
    const send = (launches = runs, idempotencyKey = 'sweep') =>
      enqueueBatch(s, user.actor, { ...place, runs: launches, idempotencyKey });
    const both = await Promise.all([send(), send()]);
    expect(both.map(({ created }) => created).toSorted()).toEqual([false, true]);
    expect(both[0].runs).toEqual(both[1].runs);
    expect(both[0].runs.map(({ name }) => name)).toEqual(['a', 'b', 'c']);
    await s.pool.query(
      `UPDATE queue_config_versions SET templates = '{"x": {"type": "integer"}}' WHERE queue_id = $1`,
      [queue.id],
    );
    s.bus.publish({ type: 'queue', ...place, queueId: queue.id });
    expect(await send()).toEqual({ runs: both[0].runs, created: false });
    // One run more under the same key is another batch: none of it is made.
    await expect(send([...runs, launchOf({ templateValues: { x: 1 } })])).rejects.toMatchObject({
      code: 'idempotency-key-reused',
    });
    expect((await list({ queue: queue.name })).items).toHaveLength(3);
  });
});

describe('pause', () => {
  it('of a queue lets launches in and no run out, until it is resumed', async () => {
    const queue = await newQueue();
    const agent = await newAgent([queue.name]);
    await pauseQueue(s, user.actor, { entity: user.entity.name, queue: queue.name, note: 'driver update' });
    const id = await enqueue(s, user.actor, queue);
    expect((await getRun(s, user.actor, { id })).waiting).toMatchObject({
      reason: 'paused',
      message: expect.stringContaining('driver update') as string,
    });
    const waiting = agent.lease({ waitSeconds: 10 });
    await new Promise((resolve) => setTimeout(resolve, 1200));
    await resumeQueue(s, user.actor, { entity: user.entity.name, queue: queue.name });
    expect((await waiting).map((run) => run.id)).toEqual([id]);
  });

  it('of an agent keeps new runs from it; drain and stop reach it with a heartbeat', async () => {
    const queue = await newQueue();
    const agent = await newAgent([queue.name], { name: 'gpu-1' });
    const { agentId: id } = agent.registered;
    const command = (name: 'pause' | 'resume' | 'drain' | 'stop', note?: string) =>
      commandAgent(s, user.actor, { entity: user.entity.name, id, command: name, note });
    expect(await command('pause', 'hot')).toMatchObject({ status: 'paused', pauseNote: 'hot' });
    await enqueue(s, user.actor, queue);
    expect(await agent.lease()).toEqual([]);
    expect(await agent.beat()).toMatchObject({ paused: true, command: 'none' });
    expect(await command('resume')).toMatchObject({ status: 'online', pauseNote: null });
    expect(await agent.lease()).toHaveLength(1);
    expect(await command('drain')).toMatchObject({ status: 'draining', command: 'drain' });
    expect(await agent.beat()).toMatchObject({ command: 'drain' });
    await command('stop');
    expect(await agent.beat()).toMatchObject({ command: 'stop' });
    await agent.beat([], 'stopped');
    expect(await getAgent(s, user.actor, { entity: user.entity.name, id })).toMatchObject({
      status: 'stopped',
      queues: [{ name: queue.name, exists: true }],
    });
    const stranger = await seedUser(s);
    await expect(
      commandAgent(s, stranger.actor, { entity: user.entity.name, id, command: 'stop' }),
    ).rejects.toMatchObject({ kind: 'not-found' });
  });

  it('does not hide that an agent is lost', async () => {
    const queue = await newQueue();
    const agent = await newAgent([queue.name]);
    await s.pool.query("UPDATE agents SET last_heartbeat_at = now() - interval '1 minute' WHERE id = $1", [
      agent.registered.agentId,
    ]);
    const found = (await listAgents(s, user.actor, { entity: user.entity.name })).find(
      ({ id }) => id === agent.registered.agentId,
    );
    expect(found?.status).toBe('lost');
    const id = await enqueue(s, user.actor, queue);
    expect((await getRun(s, user.actor, { id })).waiting?.reason).toBe('no-agent');
  });
});

describe('secrets', () => {
  it('come with the lease and nowhere else', async () => {
    const queue = await newQueue();
    await putSecret(s, user.actor, {
      entity: user.entity.name,
      queue: queue.name,
      name: 'API_TOKEN',
      value: 'hunter2-hunter2',
    });
    const agent = await newAgent([queue.name]);
    const id = await enqueue(s, user.actor, queue);
    const [run] = await agent.lease();
    expect(run?.secrets).toEqual({ API_TOKEN: 'hunter2-hunter2' });
    expect(JSON.stringify(run?.spec)).not.toContain('hunter2');
    expect(JSON.stringify(await getRun(s, user.actor, { id }))).not.toContain('hunter2');
  });
});

describe('lists', () => {
  it('are filtered and paged by arrival', async () => {
    const queue = await newQueue();
    const agent = await newAgent([queue.name]);
    const ids: string[] = [];
    for (let i = 0; i < 7; i++) {
      ids.push(
        await enqueue(s, user.actor, queue, {
          name: `run_${i}%`,
          labels: i % 2 ? ['odd'] : [],
          project: i < 3 ? 'one' : 'two',
        }),
      );
    }
    await finish(agent, (await agent.lease())[0] ?? { id: '', attempt: 0 });
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await list({ queue: queue.name, limit: 3, cursor });
      seen.push(...page.items.map(({ id }) => id));
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined);
    expect(seen).toEqual([...ids].reverse());
    const names = async (filter: Parameters<typeof list>[0]) =>
      (await list({ queue: queue.name, ...filter })).items.map(({ name }) => name);
    expect(await names({ state: 'finished' })).toEqual(['run_0%']);
    expect(await names({ state: 'active', label: 'odd' })).toEqual(['run_5%', 'run_3%', 'run_1%']);
    expect(await names({ project: 'one', author: user.name })).toEqual(['run_2%', 'run_1%', 'run_0%']);
    expect(await names({ q: '_4%' })).toEqual(['run_4%']);
    expect(await names({ order: 'queue', limit: 2 })).toEqual(['run_1%', 'run_2%']);
    await expect(list({ state: 'asleep' })).rejects.toMatchObject({ kind: 'refused' });
    await expect(list({ cursor: "1'; DROP" })).rejects.toMatchObject({ kind: 'refused' });
  });

  it('of many runs are changed at once, with a result for each', async () => {
    const queue = await newQueue({ prioritized: true });
    const [a, b, c] = [
      await enqueue(s, user.actor, queue),
      await enqueue(s, user.actor, queue),
      await enqueue(s, user.actor, queue),
    ];
    const bulk = (input: Omit<Parameters<typeof bulkRuns>[2], 'entity'>) =>
      bulkRuns(s, user.actor, { entity: user.entity.name, ...input });
    expect((await bulk({ action: 'priority', priority: 'critical', ids: [c] })).results).toEqual([
      { id: c, ok: true },
    ]);
    expect((await list({ queue: queue.name, order: 'queue' })).items.map(({ id }) => id)).toEqual([c, a, b]);
    const missing = 'a0000000000z';
    const stopped = await bulk({ action: 'stop', ids: [a, missing] });
    expect(stopped.results).toEqual([
      { id: a, ok: true },
      { id: missing, ok: false, message: expect.stringContaining('does not exist') as string },
    ]);
    expect(
      (await bulk({ action: 'stop', filter: { queue: queue.name, state: 'active' } })).results,
    ).toHaveLength(2);
    const again = await bulk({ action: 'requeue', filter: { queue: queue.name } });
    expect(again.results.every(({ ok }) => ok)).toBe(true);
    await expect(updateRun(s, user.actor, { id: a, name: 'renamed' })).resolves.toMatchObject({
      name: 'renamed',
    });
  });
});

describe('metrics', () => {
  it('count what was launched, started and ended in each step', async () => {
    const queue = await newQueue();
    const agent = await newAgent([queue.name]);
    for (let i = 0; i < 3; i++) await enqueue(s, user.actor, queue);
    await finish(agent, (await agent.lease())[0] ?? { id: '', attempt: 0 });
    await agent.report((await agent.lease())[0] ?? { id: '', attempt: 0 }, {
      state: 'failed',
      phase: 'run',
      category: 'oom',
      message: 'x',
    });
    const to = new Date(Date.now() + 60_000).toISOString();
    const metrics = await queueMetrics(s, user.actor, {
      entity: user.entity.name,
      queue: queue.name,
      to,
      step: 3600,
    });
    expect(metrics).toMatchObject({ waiting: 1, inFlight: 0, stepSeconds: 3600 });
    expect(metrics.points).toHaveLength(24);
    const sum = (key: 'enqueued' | 'started' | 'finished' | 'failed') =>
      metrics.points.reduce((total, point) => total + point[key], 0);
    expect([sum('enqueued'), sum('started'), sum('finished'), sum('failed')]).toEqual([3, 1, 1, 1]);
    expect(metrics.points.at(-1)?.waitP50).toBeGreaterThanOrEqual(0);
    const ask = (input: { from?: string; to?: string; step?: number }) =>
      queueMetrics(s, user.actor, { entity: user.entity.name, queue: queue.name, ...input });
    await expect(ask({ step: 1 })).rejects.toMatchObject({ kind: 'refused' });
    await expect(ask({ from: to, to: new Date().toISOString() })).rejects.toMatchObject({ kind: 'refused' });
  });
});

describe('retention', () => {
  it('removes what is old of ended runs, and keeps the runs', async () => {
    const queue = await newQueue();
    const agent = await newAgent([queue.name]);
    const [old, young] = [await enqueue(s, user.actor, queue), await enqueue(s, user.actor, queue)];
    for (let i = 0; i < 2; i++) await finish(agent, (await agent.lease())[0] ?? { id: '', attempt: 0 });
    await s.pool.query("UPDATE runs SET ended_at = now() - interval '91 days' WHERE id = $1", [old]);
    expect(await retention(s)).toMatchObject({ runs: 1 });
    const events = await s.pool.query<{ run_id: string }>(
      'SELECT DISTINCT run_id FROM run_events WHERE run_id IN ($1, $2)',
      [old, young],
    );
    expect(events.rows.map(({ run_id }) => run_id)).toEqual([young]);
    expect(await getRun(s, user.actor, { id: old })).toMatchObject({
      state: 'finished',
      image: 'example/train:1',
    });
    expect(await listSubmissions(s, user.actor, { id: old })).toEqual([]);
    expect(await retention(s)).toMatchObject({ runs: 0 });
  });
});
