import fc from 'fast-check';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestServices, seedQueue, seedUser } from '../testing';
import type { SeededUser, TestServices } from '../testing';
import { Hints } from './hints';
import { leaseDesk } from './lease-desk';
import { enqueueBatch, expireLeases, listRuns, updateRun } from './index';
import { enqueue, finish, launchOf, startAgent } from './testing/agent';

let s: TestServices;
let user: SeededUser;
beforeAll(async () => {
  s = await createTestServices();
  user = await seedUser(s);
});
afterAll(() => s.close());

/** Looks until a floor is known; what else runs on the cluster holds it up for a moment. */
async function floorOf(hints: Hints, queueId: string): Promise<number> {
  for (let look = 0; look < 100; look++) {
    await hints.look(queueId);
    const floor = hints.floors(queueId)[2] ?? 0;
    if (floor > 0) return floor;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  return 0;
}
const newQueue = () => seedQueue(s, user.entity, { prioritized: true });
/** Puts a row in place as an open transaction would: its number is taken, its commit is still to come. */
const INSERT = `
INSERT INTO runs (id, entity_id, queue_id, queue_version, name, priority, author) VALUES ($1, $2, $3, 1, 'late', 2, 'x') RETURNING seq`;

describe('hints', () => {
  it('set a floor only below what can still commit', async () => {
    const queue = await newQueue();
    await enqueue(s, user.actor, await newQueue());
    const hints = new Hints(s.pool, () => {});
    const late = new Client({ connectionString: s.config.DATABASE_URL });
    await late.connect();
    await late.query('BEGIN');
    const { rows } = await late.query<{ seq: number }>(INSERT, [
      `late${Date.now().toString(36)}`,
      user.entity.id,
      queue.id,
    ]);
    const seq = Number(rows[0]?.seq);
    await enqueue(s, user.actor, queue);
    hints.leased(queue.id, []);
    for (let look = 0; look < 4; look++) await hints.look(queue.id);
    expect(hints.floors(queue.id)[2]).toBe(0);
    await late.query('COMMIT');
    await late.end();
    expect(await floorOf(hints, queue.id)).toBe(seq - 1);
  });

  it('pass over what was leased, and forget it when a run is put back without a word', async () => {
    const queue = await newQueue();
    const agent = await startAgent(s, user.entity, [queue.name], { maxJobs: -1 });
    const hints = new Hints(s.pool, () => {});
    await enqueueBatch(s, user.actor, {
      entity: user.entity.name,
      queue: queue.name,
      runs: Array.from({ length: 10 }, () => launchOf()),
    });
    const runs = await agent.lease({ max: 9 });
    const { rows } = await s.pool.query<{ seq: number }>(
      'SELECT seq FROM runs WHERE queue_id = $1 ORDER BY seq',
      [queue.id],
    );
    hints.leased(
      queue.id,
      rows.slice(0, 9).map(({ seq }) => ({ priority: 2, seq })),
    );
    expect(await floorOf(hints, queue.id)).toBe((rows[9]?.seq ?? 0) - 1);
    await s.pool.query("UPDATE runs SET state = 'pending' WHERE id = $1", [runs[0]?.id]);
    await new Promise((resolve) => setTimeout(resolve, 550));
    await hints.look(queue.id);
    expect(hints.floors(queue.id)[2]).toBe(0);
  });

  describe('in force', () => {
    /** A queue of whose twelve runs some are leased, the floor above the first. */
    async function withFloor() {
      const queue = await newQueue();
      const agent = await startAgent(s, user.entity, [queue.name], { maxJobs: -1 });
      const runs = Array.from({ length: 12 }, () => launchOf());
      const { runs: launched } = await enqueueBatch(s, user.actor, {
        entity: user.entity.name,
        queue: queue.name,
        runs,
      });
      const { hints } = leaseDesk(s);
      let leased = 0;
      while ((hints.floors(queue.id)[2] ?? 0) === 0 && leased < 11) {
        leased += (await agent.lease()).length;
        await new Promise((resolve) => setTimeout(resolve, 60));
      }
      expect(hints.floors(queue.id)[2]).toBeGreaterThan(0);
      const ids = launched.map(({ id }) => id);
      return {
        agent,
        ids,
        rest: 12 - leased,
        putBack: () => s.pool.query("UPDATE runs SET state = 'pending' WHERE id = $1", [ids[0]]),
      };
    }

    it('are dropped for a run whose lease is over: it is next', async () => {
      const { agent, ids } = await withFloor();
      await s.pool.query("UPDATE runs SET lease_expires_at = now() - interval '1 s' WHERE id = $1", [ids[0]]);
      await expireLeases(s);
      expect((await agent.lease()).map(({ id }) => id)).toEqual([ids[0]]);
    });

    it('do not lose a run that was put back without a word', async () => {
      const { agent, ids, rest, putBack } = await withFloor();
      await putBack();
      const runs = await agent.lease({ max: 12 });
      expect(runs.map(({ id }) => id)).toContain(ids[0]);
      expect(runs).toHaveLength(rest + 1);
    });
  });

  it('never hide a run and never change the order, whatever is launched, moved, lost and put back meanwhile', async () => {
    const step = fc.oneof(
      {
        weight: 4,
        arbitrary: fc.record({
          kind: fc.constant('launch' as const),
          priority: fc.constantFrom('critical', 'high', 'medium', 'low' as const),
          count: fc.integer({ min: 1, max: 6 }),
        }),
      },
      {
        weight: 5,
        arbitrary: fc.record({ kind: fc.constant('lease' as const), max: fc.integer({ min: 1, max: 5 }) }),
      },
      { weight: 1, arbitrary: fc.record({ kind: fc.constant('lose' as const) }) },
      {
        weight: 1,
        arbitrary: fc.record({
          kind: fc.constant('move' as const),
          priority: fc.constantFrom('critical', 'low' as const),
        }),
      },
      { weight: 1, arbitrary: fc.record({ kind: fc.constant('rest' as const) }) },
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 40 }), async (steps) => {
        const queue = await newQueue();
        const agent = await startAgent(s, user.entity, [queue.name], { maxJobs: -1 });
        const inOrder = async () =>
          (
            await listRuns(s, user.actor, {
              entity: user.entity.name,
              queue: queue.name,
              order: 'queue',
              limit: 200,
            })
          ).items.map(({ id }) => id);
        let launched = 0;
        const leased: { id: string; attempt: number }[] = [];
        for (const each of steps) {
          if (each.kind === 'launch') {
            launched += each.count;
            const runs = Array.from({ length: each.count }, () => launchOf({ priority: each.priority }));
            await enqueueBatch(s, user.actor, { entity: user.entity.name, queue: queue.name, runs });
          } else if (each.kind === 'lease') {
            const expected = (await inOrder()).slice(0, each.max);
            const runs = await agent.lease({ max: each.max });
            expect(runs.map(({ id }) => id)).toEqual(expected);
            leased.push(...runs);
          } else if (each.kind === 'lose') {
            const lost = leased.splice(0, 2);
            await s.pool.query(
              "UPDATE runs SET lease_expires_at = now() - interval '1 s' WHERE id = ANY ($1)",
              [lost.map(({ id }) => id)],
            );
            await expireLeases(s);
          } else if (each.kind === 'move') {
            const last = (await inOrder()).at(-1);
            if (last) await updateRun(s, user.actor, { id: last, priority: each.priority });
          } else {
            await new Promise((resolve) => setTimeout(resolve, 60));
          }
        }
        for (
          let runs = await agent.lease({ max: 50 });
          runs.length > 0;
          runs = await agent.lease({ max: 50 })
        )
          leased.push(...runs);
        expect(new Set(leased.map(({ id }) => id)).size).toBe(launched);
        await Promise.all(leased.map((run) => finish(agent, run)));
      }),
      { numRuns: 12 },
    );
  });
});
