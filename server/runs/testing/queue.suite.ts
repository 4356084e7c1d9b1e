import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { commandAgent } from '../../agents';
import type { Services } from '../../services';
import { createTestServices, seedQueue, seedUser } from '../../testing';
import type { SeededUser, SeedQueueOptions, TestServices } from '../../testing';
import { enqueueBatch, enqueueRun, getRun, listRuns, stopRun, updateRun } from '../index';
import { enqueue, finish, launchOf, startAgent } from './agent';
import type { TestAgent } from './agent';

/** What the queue promises, whatever carries its messages. */
export function queueSuite(name: string, redisUrl: () => Promise<string | undefined>): void {
  describe(`queue over ${name}`, () => {
    let s: TestServices;
    let user: SeededUser;
    beforeAll(async () => {
      s = await createTestServices({ redisUrl: await redisUrl() });
      user = await seedUser(s);
    });
    afterAll(() => s.close());

    const newQueue = (options: SeedQueueOptions = {}) => seedQueue(s, user.entity, options);
    const newAgent = (queues: string[], options: Parameters<typeof startAgent>[3] = {}) =>
      startAgent(s, user.entity, queues, options);

    it('starts 40 runs of mixed priorities in exact order on an agent with one slot', async () => {
      const queue = await newQueue({ prioritized: true });
      const agent = await newAgent([queue.name]);
      const priorities = ['critical', 'high', 'medium', 'low'] as const;
      const launched: { id: string; rank: number }[] = [];
      for (let i = 0; i < 40; i++) {
        const rank = (i * 7 + (i % 3)) % 4;
        launched.push({ id: await enqueue(s, user.actor, queue, { priority: priorities[rank] }), rank });
      }
      const expected = priorities.flatMap((_, rank) =>
        launched.filter((run) => run.rank === rank).map(({ id }) => id),
      );
      const inLine = await listRuns(s, user.actor, {
        entity: user.entity.name,
        queue: queue.name,
        order: 'queue',
        limit: 50,
      });
      expect(inLine.items.map(({ id }) => id)).toEqual(expected);
      expect(inLine.items.map(({ waiting }) => waiting?.position)).toEqual(
        expected.map((_, index) => index + 1),
      );

      const started: string[] = [];
      for (let i = 0; i < 40; i++) {
        const [run] = await agent.lease();
        if (!run) break;
        started.push(run.id);
        await finish(agent, run);
      }
      expect(started).toEqual(expected);
    });

    it('gives each of 500 runs to exactly one of 8 agents on two servers', async () => {
      const queue = await newQueue();
      const other = await s.another();
      const { runs } = await enqueueBatch(s, user.actor, {
        entity: user.entity.name,
        queue: queue.name,
        runs: Array.from({ length: 500 }, () => launchOf()),
      });
      const leased: string[] = [];
      const work = async (agent: TestAgent, on: Services, max: number) => {
        for (;;) {
          const got = await agent.lease({ max, on });
          if (got.length === 0) return;
          leased.push(...got.map(({ id }) => id));
          await Promise.all(got.map((run) => finish(agent, run)));
        }
      };
      const agents = await Promise.all(
        Array.from({ length: 8 }, () => newAgent([queue.name], { maxJobs: -1 })),
      );
      await Promise.all(agents.map((agent, index) => work(agent, index % 2 ? other : s, 1 + (index % 4))));
      expect(new Set(leased).size).toBe(500);
      expect(leased.length).toBe(500);
      const finished = await s.pool.query(
        'SELECT id FROM runs WHERE queue_id = $1 AND state = $2 AND attempt = 1',
        [queue.id, 'finished'],
      );
      expect(finished.rowCount).toBe(runs.length);
    });

    it('never has more than maxInFlight runs of a queue in flight, with many agents at once', async () => {
      const queue = await newQueue({ maxInFlight: 3 });
      const other = await s.another();
      await enqueueBatch(s, user.actor, {
        entity: user.entity.name,
        queue: queue.name,
        runs: Array.from({ length: 30 }, () => launchOf()),
      });
      let inFlight = 0;
      let most = 0;
      let done = 0;
      const work = async (agent: TestAgent, on: Services) => {
        while (done < 30) {
          const got = await agent.lease({ max: 2, on });
          inFlight += got.length;
          most = Math.max(most, inFlight);
          for (const run of got) {
            await agent.report(run, { state: 'running' });
            inFlight -= 1;
            await agent.report(run, { state: 'finished' });
            done += 1;
          }
        }
      };
      const agents = await Promise.all(
        Array.from({ length: 6 }, () => newAgent([queue.name], { maxJobs: -1 })),
      );
      await Promise.all(agents.map((agent, index) => work(agent, index % 2 ? other : s)));
      expect(done).toBe(30);
      expect(most).toBeLessThanOrEqual(3);
    });

    it('wakes one waiting agent as soon as a run comes, also one that waits at another server', async () => {
      const queue = await newQueue();
      const other = await s.another();
      const near = await newAgent([queue.name]);
      const far = await newAgent([queue.name]);
      for (const [agent, on] of [
        [near, s],
        [far, other],
      ] as const) {
        const waiting = agent.lease({ waitSeconds: 20, on });
        await new Promise((resolve) => setTimeout(resolve, 150));
        const startedAt = performance.now();
        const id = await enqueue(s, user.actor, queue);
        expect((await waiting).map((run) => run.id)).toEqual([id]);
        expect(performance.now() - startedAt).toBeLessThan(800);
      }
    });

    it('does not give a wake-up to an agent that is paused', async () => {
      const queue = await newQueue();
      const [paused, ready] = [await newAgent([queue.name]), await newAgent([queue.name])];
      const waiting = [paused.lease({ waitSeconds: 4 })];
      await commandAgent(s, user.actor, {
        entity: user.entity.name,
        id: paused.registered.agentId,
        command: 'pause',
      });
      expect(await waiting[0]).toEqual([]);
      waiting.push(paused.lease({ waitSeconds: 4 }), ready.lease({ waitSeconds: 4 }));
      await new Promise((resolve) => setTimeout(resolve, 100));
      const startedAt = performance.now();
      const id = await enqueue(s, user.actor, queue);
      expect((await waiting[2])?.map((run) => run.id)).toEqual([id]);
      expect(performance.now() - startedAt).toBeLessThan(800);
      await commandAgent(s, user.actor, {
        entity: user.entity.name,
        id: paused.registered.agentId,
        command: 'resume',
      });
      expect(await waiting[1]).toEqual([]);
    });

    it('goes on by itself after every connection to the database was cut', async () => {
      const queue = await newQueue();
      const agent = await newAgent([queue.name]);
      // A call that was just in the middle of a statement fails; the agent asks again, as agents do.
      const ask = () => agent.lease({ waitSeconds: 25 }).catch(() => []);
      const waiting = ask();
      await new Promise((resolve) => setTimeout(resolve, 100));
      await s.pool
        .query(
          'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
        )
        .catch(() => {});
      await expect
        .poll(() => enqueue(s, user.actor, queue).then(Boolean, () => false), { timeout: 10_000 })
        .toBe(true);
      const runs = await waiting;
      expect(runs.length > 0 ? runs : await ask()).toHaveLength(1);
      // Until the pool has met its last dead connection: the tests that follow are not about this.
      for (let good = 0; good < 20;) {
        const asked = Array.from({ length: 10 }, () => s.pool.query('SELECT 1'));
        const answers = await Promise.allSettled(asked);
        good = answers.every(({ status }) => status === 'fulfilled') ? good + 10 : 0;
      }
    });

    it('returns a waiting lease call at once when the agent has a stop to hear of', async () => {
      const queue = await newQueue();
      const agent = await newAgent([queue.name], { maxJobs: 2 });
      const id = await enqueue(s, user.actor, queue);
      const [run] = await agent.lease();
      expect(run?.id).toBe(id);
      const startedAt = performance.now();
      const waiting = agent.lease({ waitSeconds: 20 });
      await stopRun(s, user.actor, { id });
      expect(await waiting).toEqual([]);
      expect(performance.now() - startedAt).toBeLessThan(5000);
      const answer = await agent.beat(run ? [run] : []);
      expect(answer.stop).toEqual([id]);
      await agent.report(
        { id, attempt: 1 },
        { state: 'failed', phase: 'run', category: 'user-error', message: 'killed', exitCode: 143 },
      );
      expect((await getRun(s, user.actor, { id })).state).toBe('stopped');
    });

    it('goes on in turn between queues: one that gave work goes last', async () => {
      const [a, b] = [await newQueue(), await newQueue()];
      const agent = await newAgent([a.name, b.name]);
      for (const queue of [a, a, b, b]) await enqueue(s, user.actor, queue);
      const order: string[] = [];
      for (let i = 0; i < 4; i++) {
        const [run] = await agent.lease();
        order.push(run?.spec.queue ?? 'nothing');
      }
      expect(order).toEqual([a.name, b.name, a.name, b.name]);
    });

    it('makes one run of a launch that comes twenty times at once with the same Idempotency-Key', async () => {
      const queue = await newQueue();
      const other = await s.another();
      const launch = launchOf({ args: ['--lr', '0.1'] });
      const input = { entity: user.entity.name, queue: queue.name, launch, idempotencyKey: 'once' };
      const answers = await Promise.all(
        Array.from({ length: 20 }, (_, i) => enqueueRun(i % 2 ? other : s, user.actor, input)),
      );
      expect(new Set(answers.map(({ run }) => run.id)).size).toBe(1);
      expect(answers.filter(({ created }) => created).length).toBe(1);
      await expect(
        enqueueRun(s, user.actor, { ...input, launch: launchOf({ args: ['--lr', '0.2'] }) }),
      ).rejects.toMatchObject({
        kind: 'refused',
        code: 'idempotency-key-reused',
      });
    });

    it('moves a waiting run at once when its priority changes', async () => {
      const queue = await newQueue({ prioritized: true });
      const agent = await newAgent([queue.name]);
      const ids: string[] = [];
      for (let i = 0; i < 5; i++) ids.push(await enqueue(s, user.actor, queue));
      const [, , , , last] = ids;
      await agent.lease();
      if (last) await updateRun(s, user.actor, { id: last, priority: 'critical' });
      const [run] = await agent.lease();
      expect(run?.id).toBe(last);
      expect(run?.spec.priority).toBe('critical');
    });
  });
}
