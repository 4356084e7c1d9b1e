import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Services } from '@/server/services';
import { getRun } from '@/server/runs';
import { enqueue, startAgent } from '@/server/runs/testing/agent';
import { createTestServices, seedQueue, seedUser } from '@/server/testing';
import type { SeededUser, TestServices } from '@/server/testing';
import { startBackground } from '../index';
import type { Background } from '../index';

/** What the worker promises, whatever plans its tasks. */
export function backgroundSuite(name: string, redisUrl: () => Promise<string | undefined>): void {
  describe(`worker with ${name}`, () => {
    let s: TestServices;
    let user: SeededUser;
    const running: Background[] = [];
    const start = (services: Services) => {
      const background = startBackground(services);
      running.push(background);
      return background;
    };
    beforeAll(async () => {
      s = await createTestServices({
        redisUrl: await redisUrl(),
        config: { SLIPWAY_LEASE_SECONDS: 0.3, SLIPWAY_AGENT_LOST_SECONDS: 0.5 },
      });
      user = await seedUser(s);
    });
    afterAll(async () => {
      await Promise.all(running.map((each) => each.close()));
      await s.close();
    });

    it('takes back leases, gives up lost runs and lets due runs go, also after the worker that did so has ended', async () => {
      const queue = await seedQueue(s, user.entity);
      const first = start(s);
      start(await s.another());
      for (let round = 0; round < 2; round++) {
        const agent = await startAgent(s, user.entity, [queue.name], { maxJobs: -1 });
        const [expires, lost] = [await enqueue(s, user.actor, queue), await enqueue(s, user.actor, queue)];
        const runs = await agent.lease({ max: 2 });
        const submitted = runs.find(({ id }) => id === lost);
        if (!submitted) throw new Error('both were leased');
        await agent.report(submitted, { state: 'running' });
        const due = await enqueue(s, user.actor, queue, {
          notBefore: new Date(Date.now() + 300).toISOString(),
        });
        const again = await startAgent(s, user.entity, [queue.name], { maxJobs: -1 });
        const leased: string[] = [];
        while (leased.length < 2)
          leased.push(...(await again.lease({ max: 2, waitSeconds: 20 })).map(({ id }) => id));
        expect(new Set(leased)).toEqual(new Set([expires, due]));
        await expect
          .poll(async () => (await getRun(s, user.actor, { id: lost })).failure?.category, {
            timeout: 20_000,
            interval: 100,
          })
          .toBe('agent-lost');
        await s.pool.query(
          "UPDATE runs SET state = 'stopped', ended_at = now() WHERE queue_id = $1 AND ended_at IS NULL",
          [queue.id],
        );
        await first.close();
      }
    });
  });
}
