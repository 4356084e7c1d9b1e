import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, expect, it } from 'vitest';
import type { Child } from '../support/system';
import { System, until } from '../support/system';
import { Balancer } from '../chaos/balancer';
import { createQueue, ENTITY, queuePath } from './support';

const LAUNCHERS = 40;
const AGENTS = 10;
const ROUNDS = 2;

let system: System | undefined;
let balancer: Balancer | undefined;
const others: Child[] = [];
const stops: (() => void)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) stop();
  await balancer?.stop();
  for (const server of others) await server.kill('SIGKILL');
  await system?.stop();
}, 60_000);

it(
  `a rolling restart under load fails no request: ${LAUNCHERS} callers launch, ${AGENTS} agents lease and report`,
  { timeout: 240_000 },
  async () => {
    const running = (system = await System.start({
      env: { SLIPWAY_RATE_LIMIT: '0', SLIPWAY_DRAIN_SECONDS: '2' },
    }));
    const ports = [running.port];
    const second = await running.startAnotherServer();
    ports.push(second.port);
    others.push(second.server);
    const ready = new Set(ports);
    const door = (balancer = await Balancer.start(() => [...ready]));
    const watching = setInterval(() => {
      for (const port of ports)
        void fetch(`http://127.0.0.1:${port}/readyz`).then(
          ({ ok }) => (ok ? ready.add(port) : ready.delete(port)),
          () => ready.delete(port),
        );
    }, 100);
    stops.push(() => clearInterval(watching));
    await createQueue(running, 'busy', 'local-process');
    const token = await running.agentToken(ENTITY);

    const failed: string[] = [];
    let answered = 0;
    let going = true;
    const call = async <T>(path: string, body: unknown, key: string): Promise<T | null> => {
      try {
        const response = await fetch(`${door.url}${path}`, {
          method: 'POST',
          headers: {
            authorization: `Bearer ${key}`,
            'content-type': 'application/json',
            'idempotency-key': randomUUID(),
          },
          body: JSON.stringify(body),
        });
        const text = await response.text();
        if (!response.ok) throw new Error(`${response.status} ${text.slice(0, 200)}`);
        answered += 1;
        return JSON.parse(text) as T;
      } catch (error) {
        failed.push(`${path}: ${error instanceof Error ? error.message : String(error)}`);
        return null;
      }
    };

    const launcher = async () => {
      while (going) {
        await call(queuePath('busy', 'runs'), { entrypoint: ['true'] }, running.apiKey);
        await delay(20);
      }
    };
    const agent = async (index: number) => {
      const instanceId = `instance-of-agent-${index}`;
      const about = {
        name: `a${index}`,
        hostname: 'h',
        version: '1',
        queues: ['busy'],
        maxJobs: -1,
        config: {},
      };
      const registered = await call<{ agentId: string; session: number }>(
        '/api/agent/v1/agents',
        { ...about, instanceId },
        token,
      );
      if (!registered) return;
      const { agentId, session } = registered;
      while (going) {
        const leased = await call<{ runs: { id: string; attempt: number }[] }>(
          '/api/agent/v1/lease',
          { agentId, session, max: 5, waitSeconds: 2 },
          token,
        );
        for (const { id, attempt } of leased?.runs ?? [])
          await call(
            `/api/agent/v1/runs/${id}/events`,
            {
              attempt,
              events: [
                { seq: 1, state: 'running' },
                { seq: 2, state: 'finished' },
              ],
            },
            token,
          );
      }
    };
    const working = [
      ...Array.from({ length: LAUNCHERS }, launcher),
      ...Array.from({ length: AGENTS }, (_, index) => agent(index)),
    ];

    // One after the other, as a deployment does it: the next one when the one before is in the balancer again.
    for (let round = 0; round < ROUNDS; round += 1) {
      await running.server?.kill('SIGTERM');
      expect(running.server?.process.exitCode).toBe(0);
      await running.startServer();
      await until(
        'the first server',
        () => Promise.resolve(ready.size),
        (size) => size === 2,
      );
      const other = others.at(-1);
      await other?.kill('SIGTERM');
      expect(other?.process.exitCode).toBe(0);
      others.push((await running.startAnotherServer(second.port)).server);
      await until(
        'the second server',
        () => Promise.resolve(ready.size),
        (size) => size === 2,
      );
    }
    going = false;
    await Promise.all(working);
    expect(failed).toEqual([]);
    expect(answered).toBeGreaterThan(500);
  },
);
