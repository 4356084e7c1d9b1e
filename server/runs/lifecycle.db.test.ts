import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { deleteQueue } from '../queues';
import { createTestServices, seedQueue, seedTeam, seedUser } from '../testing';
import type { SeededUser, SeedQueueOptions, TestServices } from '../testing';
import {
  expireLeases,
  failLostRuns,
  getRun,
  leaseRuns,
  listRunEvents,
  reportEvents,
  requeueRun,
  stopRun,
  wakeDueRuns,
} from './index';
import { enqueue, finish, startAgent } from './testing/agent';

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
const stateOf = async (id: string) => (await getRun(s, user.actor, { id })).state;
/** Lets the lease of a run be over, as if its agent had been silent. */
const expire = async (id: string) => {
  await s.pool.query("UPDATE runs SET lease_expires_at = now() - interval '1 second' WHERE id = $1", [id]);
  await expireLeases(s);
};
const one = <T>(list: T[]): T => {
  expect(list).toHaveLength(1);
  return list[0] as T;
};
const failure = { state: 'failed', phase: 'run', category: 'user-error', message: 'exit 1', exitCode: 1 };

describe('a run from launch to end', () => {
  it('passes its states with times, events and submission, and tells them over', async () => {
    const queue = await newQueue();
    const agent = await newAgent([queue.name]);
    const id = await enqueue(s, user.actor, queue, { labels: ['b', 'a', 'a'], project: 'demo' });
    const run = one(await agent.lease());
    expect(run).toMatchObject({
      id,
      attempt: 1,
      adopt: false,
      secrets: {},
      spec: { image: 'example/train:1', project: 'demo' },
    });
    const submission = {
      kind: 'docker-run',
      text: 'docker run x',
      argv: ['docker', 'run', 'x'],
      origins: { '/2': 'launch' },
    };
    await agent.report(
      run,
      { state: 'starting', externalRef: 'slipway-x', submission },
      { kind: 'warning', reason: 'Slow', message: 'disk\u0000' },
    );
    await agent.report(run, { state: 'running' }, { state: 'finished', exitCode: 0 });
    const seen = await getRun(s, user.actor, { id });
    expect(seen).toMatchObject({
      state: 'finished',
      exitCode: 0,
      externalRef: 'slipway-x',
      labels: ['a', 'b'],
      log: { complete: true },
      waiting: null,
    });
    expect(seen.warnings).toEqual([
      expect.objectContaining({ reason: 'Slow', message: 'disk\uFFFD', count: 1 }),
    ]);
    for (const time of [seen.leasedAt, seen.submittedAt, seen.startedAt, seen.endedAt])
      expect(time).not.toBeNull();
    const events = await listRunEvents(s, user.actor, { id, limit: 100 });
    expect(events.items.map(({ seq, kind, state }) => [seq, kind, state])).toEqual([
      [1, 'state', 'pending'],
      [2, 'state', 'leased'],
      [3, 'state', 'starting'],
      [4, 'warning', null],
      [5, 'state', 'running'],
      [6, 'state', 'finished'],
    ]);
  });

  it('takes a repeated report once, and refuses a gap, an illegal move and an older attempt', async () => {
    const queue = await newQueue();
    const agent = await newAgent([queue.name]);
    await enqueue(s, user.actor, queue);
    const { id, attempt } = one(await agent.lease());
    const report = (...events: { seq: number; state: 'running' | 'building' | 'finished' }[]) =>
      reportEvents(s, agent.actor, {
        runId: id,
        attempt,
        events: events.map((event) => ({ data: {}, ...event })),
      });
    expect(await report({ seq: 1, state: 'running' })).toEqual({ lastSeq: 1, state: 'running', stop: false });
    expect(await report({ seq: 1, state: 'running' })).toEqual({ lastSeq: 1, state: 'running', stop: false });
    await expect(report({ seq: 3, state: 'finished' })).rejects.toMatchObject({
      code: 'event-gap',
      message: expect.stringContaining('event 2') as string,
    });
    await expect(report({ seq: 2, state: 'building' })).rejects.toMatchObject({ code: 'illegal-move' });
    await expect(
      reportEvents(s, agent.actor, {
        runId: id,
        attempt: attempt - 1,
        events: [{ seq: 2, state: 'finished', data: {} }],
      }),
    ).rejects.toMatchObject({
      code: 'stale-attempt',
    });
    await report({ seq: 2, state: 'finished' });
    expect(await report({ seq: 2, state: 'finished' })).toEqual({
      lastSeq: 2,
      state: 'finished',
      stop: false,
    });
    expect((await listRunEvents(s, user.actor, { id, limit: 100 })).items).toHaveLength(4);
  });

  it('carries many reports of many runs in one flush, each with its own outcome', async () => {
    const queue = await newQueue();
    const agent = await newAgent([queue.name], { maxJobs: -1 });
    for (let i = 0; i < 20; i++) await enqueue(s, user.actor, queue);
    const runs = await agent.lease({ max: 20 });
    const outcomes = await Promise.allSettled(
      runs.map((run, index) =>
        index % 5 === 0 ? agent.report({ ...run, attempt: 9 }, { state: 'running' }) : finish(agent, run),
      ),
    );
    expect(outcomes.filter(({ status }) => status === 'rejected')).toHaveLength(4);
  });
});

describe('retry', () => {
  it('puts a failed run back after a backoff as often as the policy says, then lets it fail', async () => {
    const queue = await newQueue({
      retryPolicy: { limit: 1, categories: ['user-error'], backoffSeconds: 60 },
    });
    const agent = await newAgent([queue.name]);
    const id = await enqueue(s, user.actor, queue);
    const first = one(await agent.lease());
    expect(await agent.report(first, { state: 'running' }, failure)).toMatchObject({ state: 'pending' });
    expect(await agent.lease()).toEqual([]);
    expect((await getRun(s, user.actor, { id })).waiting).toMatchObject({ reason: 'backoff' });
    expect(await wakeDueRuns(s)).toBe(0);
    await s.pool.query("UPDATE runs SET held_until = now() - interval '1 second' WHERE id = $1", [id]);
    const waiting = agent.lease({ waitSeconds: 10 });
    expect(await wakeDueRuns(s)).toBe(1);
    const second = one(await waiting);
    expect(second).toMatchObject({ id, attempt: 2, execution: 2, adopt: false });
    await agent.report(second, { state: 'running' }, failure);
    expect(await getRun(s, user.actor, { id })).toMatchObject({
      state: 'failed',
      retries: 1,
      failure: { category: 'user-error', exitCode: 1 },
    });
  });

  it('gives a preempted run its old place back five times, then fails it', async () => {
    const queue = await newQueue();
    const agent = await newAgent([queue.name]);
    const id = await enqueue(s, user.actor, queue);
    await enqueue(s, user.actor, queue);
    for (let i = 0; i < 6; i++) {
      const run = one(await agent.lease());
      expect(run.id).toBe(id);
      await agent.report(run, { state: 'running' }, { state: 'preempted', reason: 'spot' });
    }
    expect(await getRun(s, user.actor, { id })).toMatchObject({
      state: 'failed',
      preemptions: 5,
      failure: { category: 'platform' },
    });
  });

  it('requeues an ended run at the end of its queue', async () => {
    const queue = await newQueue();
    const agent = await newAgent([queue.name]);
    const id = await enqueue(s, user.actor, queue);
    await expect(requeueRun(s, user.actor, { id })).rejects.toMatchObject({ code: 'not-ended' });
    await agent.report(one(await agent.lease()), failure);
    const next = await enqueue(s, user.actor, queue);
    expect(await requeueRun(s, user.actor, { id })).toMatchObject({
      state: 'pending',
      failure: null,
      agent: null,
    });
    expect([one(await agent.lease()).id, one(await agent.lease()).id]).toEqual([next, id]);
  });

  it('holds a run until its not-before', async () => {
    const queue = await newQueue();
    const agent = await newAgent([queue.name]);
    const id = await enqueue(s, user.actor, queue, { notBefore: new Date(Date.now() + 400).toISOString() });
    expect(await agent.lease()).toEqual([]);
    expect((await getRun(s, user.actor, { id })).waiting).toMatchObject({ reason: 'not-before' });
    const waiting = agent.lease({ waitSeconds: 10 });
    await new Promise((resolve) => setTimeout(resolve, 450));
    await wakeDueRuns(s);
    expect(one(await waiting).id).toBe(id);
  });
});

describe('a lease that runs out', () => {
  it('returns what was not submitted to its old place, and refuses the late report', async () => {
    const queue = await newQueue();
    const [a, b] = [await newAgent([queue.name]), await newAgent([queue.name])];
    const id = await enqueue(s, user.actor, queue);
    await enqueue(s, user.actor, queue);
    const lost = one(await a.lease());
    await a.report(lost, { state: 'building' });
    await expire(id);
    const again = one(await b.lease());
    expect(again).toMatchObject({ id, attempt: 2, adopt: false });
    await expect(a.report(lost, { state: 'running' })).rejects.toMatchObject({ code: 'stale-attempt' });
    expect(await a.beat([lost])).toMatchObject({
      lost: [id],
      leases: [{ id, ok: false, leaseExpiresAt: null }],
    });
    expect((await b.beat([again])).leases).toMatchObject([{ id, ok: true }]);
  });

  it('has a host-bound run adopted by its own agent only, with where its log stands', async () => {
    const queue = await newQueue();
    const [a, b] = [await newAgent([queue.name]), await newAgent([queue.name])];
    const id = await enqueue(s, user.actor, queue);
    await a.report(one(await a.lease()), { state: 'starting', externalRef: 'slipway-1' });
    await expire(id);
    expect(await b.lease()).toEqual([]);
    expect(await getRun(s, user.actor, { id })).toMatchObject({
      state: 'starting',
      waiting: { reason: 'awaiting-host' },
    });
    const back = await newAgent([queue.name], { instanceId: a.instanceId, actor: a.actor });
    const run = one(await back.lease());
    expect(run).toMatchObject({
      id,
      adopt: true,
      adoption: { state: 'starting', externalRef: 'slipway-1', logOffset: 0 },
    });
    await expect(a.report({ id, attempt: 1 }, { state: 'running' })).rejects.toMatchObject({
      code: 'stale-attempt',
    });
    await back.report(run, { kind: 'adopted' }, { state: 'running' }, { state: 'finished' });
    expect(await stateOf(id)).toBe('finished');
  });

  it('leaves the host-bound run of another agent alone, also while adopting its own', async () => {
    const queue = await newQueue();
    const [a, b] = [await newAgent([queue.name]), await newAgent([queue.name])];
    const ids: string[] = [];
    for (const agent of [a, b]) {
      ids.push(await enqueue(s, user.actor, queue));
      await agent.report(one(await agent.lease()), { state: 'running' });
    }
    for (const id of ids) await expire(id);
    const back = await newAgent([queue.name], { instanceId: b.instanceId, actor: b.actor });
    expect((await back.lease({ max: 5 })).map(({ id }) => id)).toEqual([ids[1]]);
  });

  it('of a deleted queue is still adopted, so that its agent can end it', async () => {
    const queue = await newQueue();
    const agent = await newAgent([queue.name]);
    const id = await enqueue(s, user.actor, queue);
    await agent.report(one(await agent.lease()), { state: 'running' });
    await deleteQueue(s, user.actor, { entity: user.entity.name, queue: queue.name, force: true });
    const back = await newAgent([queue.name], { instanceId: agent.instanceId, actor: agent.actor });
    const run = one(await back.lease());
    expect(run).toMatchObject({ id, adopt: true });
    expect((await back.beat([run])).stop).toEqual([id]);
    expect(await back.report(run, { state: 'stopped' })).toMatchObject({ state: 'stopped' });
  });

  it('has a cluster run adopted by any agent of its queue, before new work', async () => {
    const queue = await newQueue({
      resource: 'kubernetes',
      source: 'spec: {template: {spec: {containers: [{}]}}}',
    });
    const [a, b] = [await newAgent([queue.name]), await newAgent([queue.name])];
    const id = await enqueue(s, user.actor, queue);
    await a.report(one(await a.lease()), { state: 'starting' }, { state: 'running' });
    await enqueue(s, user.actor, queue);
    await expire(id);
    await new Promise((resolve) => setTimeout(resolve, 1100));
    expect(one(await b.lease())).toMatchObject({ id, adopt: true, adoption: { state: 'running' } });
  });

  it('is taken up again by an agent that was only slow', async () => {
    const queue = await newQueue();
    const agent = await newAgent([queue.name]);
    const id = await enqueue(s, user.actor, queue);
    const run = one(await agent.lease());
    await agent.report(run, { state: 'running' });
    await expire(id);
    expect(await agent.beat([run])).toMatchObject({ lost: [], leases: [{ ok: true }] });
    await agent.report(run, { state: 'finished' });
    expect(await stateOf(id)).toBe('finished');
  });

  it('fails a run whose host does not come back in time, unless the policy retries lost agents', async () => {
    for (const [retryPolicy, expected] of [
      [{}, 'failed'],
      [{ categories: ['agent-lost'], limit: 0, backoffSeconds: 0 }, 'pending'],
    ] as const) {
      const queue = await newQueue({ retryPolicy: { ...retryPolicy } });
      const agent = await newAgent([queue.name]);
      const id = await enqueue(s, user.actor, queue);
      await agent.report(one(await agent.lease()), { state: 'running' });
      await expire(id);
      expect(await failLostRuns(s)).toBe(0);
      await s.pool.query("UPDATE runs SET orphaned_at = now() - interval '11 minutes' WHERE id = $1", [id]);
      expect(await failLostRuns(s)).toBe(1);
      expect(await getRun(s, user.actor, { id })).toMatchObject({ state: expected, retries: 0 });
    }
  });

  it('gives everything back at the good-bye of an agent', async () => {
    const queue = await newQueue();
    const agent = await newAgent([queue.name], { maxJobs: 2 });
    const [first, second] = [await enqueue(s, user.actor, queue), await enqueue(s, user.actor, queue)];
    const runs = await agent.lease({ max: 2 });
    await agent.report(runs[0] ?? { id: '', attempt: 0 }, { state: 'running' });
    await agent.beat([], 'stopped');
    expect(await stateOf(second)).toBe('pending');
    expect((await getRun(s, user.actor, { id: first })).waiting?.reason).toBe('awaiting-host');
  });
});

describe('two processes with one instance id', () => {
  it('refuses the older one everywhere', async () => {
    const queue = await newQueue();
    const old = await newAgent([queue.name]);
    const id = await enqueue(s, user.actor, queue);
    const run = one(await old.lease());
    await old.report(run, { state: 'running' });
    const young = await newAgent([queue.name], { instanceId: old.instanceId, actor: old.actor });
    await expect(old.lease()).rejects.toMatchObject({ code: 'superseded' });
    await expect(old.beat([run])).rejects.toMatchObject({ code: 'superseded' });
    await expect(old.report(run, { state: 'finished' })).rejects.toMatchObject({ code: 'stale-attempt' });
    expect(one(await young.lease())).toMatchObject({ id, adopt: true });
  });
});

describe('stop', () => {
  it('ends a waiting run at once, and is told to the agent of one in flight', async () => {
    const queue = await newQueue();
    const agent = await newAgent([queue.name]);
    const waiting = await enqueue(s, user.actor, queue);
    expect(await stopRun(s, user.actor, { id: waiting })).toMatchObject({
      state: 'stopped',
      stopping: false,
    });
    expect(await stopRun(s, user.actor, { id: waiting })).toMatchObject({ state: 'stopped' });
    expect(await agent.lease()).toEqual([]);
    for (const state of ['leased', 'building', 'starting', 'running']) {
      const id = await enqueue(s, user.actor, queue);
      const run = one(await agent.lease());
      if (state !== 'leased') await agent.report(run, { state });
      expect(await stopRun(s, user.actor, { id })).toMatchObject({
        state,
        stopping: true,
        stop: { by: user.name },
      });
      expect((await agent.beat([run])).stop).toEqual([id]);
      expect(await agent.report(run, { state: 'stopped', exitCode: 143 })).toMatchObject({
        state: 'stopped',
        stop: false,
      });
      await expect(stopRun(s, user.actor, { id })).resolves.toMatchObject({
        state: 'stopped',
        exitCode: 143,
      });
    }
    const done = await enqueue(s, user.actor, queue);
    await finish(agent, one(await agent.lease()));
    await expect(stopRun(s, user.actor, { id: done })).rejects.toMatchObject({ code: 'run-ended' });
    const audit = await s.pool.query("SELECT 1 FROM audit_events WHERE action = 'run.stop' AND target = $1", [
      waiting,
    ]);
    expect(audit.rowCount).toBe(1);
  });

  it('is forced only where the agent cannot be reached or was asked before; the agent then has lost the run', async () => {
    const queue = await newQueue();
    const agent = await newAgent([queue.name]);
    const id = await enqueue(s, user.actor, queue);
    const run = one(await agent.lease());
    await agent.report(run, { state: 'running' });
    await expect(stopRun(s, user.actor, { id, force: true })).rejects.toMatchObject({ code: 'stop-first' });
    await stopRun(s, user.actor, { id });
    expect(await stopRun(s, user.actor, { id, force: true })).toMatchObject({ state: 'stopped' });
    expect((await agent.beat([run])).lost).toEqual([id]);
  });

  it('is for members on their own runs, for admins on any, for viewers on none', async () => {
    const [admin, member, other, viewer, stranger] = await Promise.all(
      Array.from({ length: 5 }, () => seedUser(s)),
    );
    if (!admin || !member || !other || !viewer || !stranger) throw new Error('five users');
    const team = await seedTeam(s, [
      { user: admin, role: 'admin' },
      { user: member, role: 'member' },
      { user: other, role: 'member' },
      { user: viewer, role: 'viewer' },
    ]);
    const queue = await seedQueue(s, team);
    await expect(enqueue(s, viewer.actor, queue)).rejects.toMatchObject({ kind: 'forbidden' });
    await expect(enqueue(s, stranger.actor, queue)).rejects.toMatchObject({ kind: 'not-found' });
    const [id, second] = [await enqueue(s, member.actor, queue), await enqueue(s, member.actor, queue)];
    await expect(stopRun(s, other.actor, { id })).rejects.toMatchObject({ kind: 'forbidden' });
    await expect(stopRun(s, viewer.actor, { id })).rejects.toMatchObject({ kind: 'forbidden' });
    await expect(getRun(s, stranger.actor, { id })).rejects.toMatchObject({ kind: 'not-found' });
    expect((await getRun(s, viewer.actor, { id })).permissions).toEqual({
      stop: false,
      requeue: false,
      edit: false,
    });
    await stopRun(s, member.actor, { id });
    await stopRun(s, admin.actor, { id: second });
  });
});

describe('what an agent may take', () => {
  it('is nothing beyond the queues of both its token and its own list', async () => {
    const [a, b, c] = [await newQueue(), await newQueue(), await newQueue()];
    const agent = await newAgent([a.name, b.name, 'no-such-queue'], { queueIds: [a.id, c.id], maxJobs: -1 });
    expect(agent.registered.unknownQueues).toEqual([b.name, 'no-such-queue']);
    const id = await enqueue(s, user.actor, a);
    for (const queue of [b, c]) await enqueue(s, user.actor, queue);
    expect((await agent.lease({ max: 10 })).map((run) => run.id)).toEqual([id]);
  });

  it('is nothing of a run or an agent of another token', async () => {
    const queue = await newQueue();
    const [a, b] = [await newAgent([queue.name]), await newAgent([queue.name])];
    await enqueue(s, user.actor, queue);
    const run = one(await a.lease());
    await expect(b.report(run, { state: 'running' })).rejects.toMatchObject({ code: 'stale-attempt' });
    const request = { agentId: a.registered.agentId, max: 1, waitSeconds: 0 };
    await expect(leaseRuns(s, b.actor, request)).rejects.toMatchObject({ kind: 'not-found' });
    const stranger = await seedUser(s);
    const far = await startAgent(s, stranger.entity, [queue.name]);
    expect(far.registered.unknownQueues).toEqual([queue.name]);
    expect(await far.lease()).toEqual([]);
    await expect(far.report(run, { state: 'running' })).rejects.toMatchObject({ kind: 'not-found' });
  });

  it('is put back at once when the client is gone before the answer', async () => {
    const queue = await newQueue();
    const agent = await newAgent([queue.name]);
    const id = await enqueue(s, user.actor, queue);
    const gone = new AbortController();
    const call = agent.lease({ waitSeconds: 10, signal: gone.signal });
    gone.abort();
    expect(await call).toEqual([]);
    expect(await stateOf(id)).toBe('pending');
  });
});
