import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SICK_AFTER_FAILURES } from '@/core/wire';
import { enqueue, finish, startAgent } from '../runs/testing/agent';
import type { TestAgent } from '../runs/testing/agent';
import { createTestServices, seedQueue, seedUser } from '../testing';
import type { SeededQueue, SeededUser, TestServices } from '../testing';
import {
  commandAgent,
  getAgent,
  getAgentSettings,
  listAgentRuns,
  putAgentSettings,
  resumeRestedAgents,
} from '.';

let s: TestServices;
let user: SeededUser;
let queue: SeededQueue;
beforeAll(async () => {
  s = await createTestServices();
  user = await seedUser(s);
  queue = await seedQueue(s, user.entity);
});
afterAll(() => s.close());

const entity = () => ({ entity: user.entity.name });
const look = (agent: TestAgent) => getAgent(s, user.actor, { ...entity(), id: agent.registered.agentId });
const failure = (phase: string, message = 'no space left on device') => ({
  state: 'failed',
  phase,
  category: 'platform',
  message,
  exitCode: null,
});
async function runOnce(agent: TestAgent, ...events: Parameters<TestAgent['report']>[1][]): Promise<string> {
  const id = await enqueue(s, user.actor, queue);
  const [run] = await agent.lease();
  if (events.length === 0) await finish(agent, run!);
  else await agent.report(run!, ...events);
  return id;
}
const settled = (agent: TestAgent, failures: number) =>
  expect.poll(async () => (await look(agent)).health.failuresInRow).toBe(failures);

describe('an agent whose runs fail before they begin', () => {
  it('is sick after the fifth in a row, with the last reason; one run that begins clears it', async () => {
    const agent = await startAgent(s, user.entity, [queue.name]);
    for (let n = 1; n < SICK_AFTER_FAILURES; n++) {
      await runOnce(agent, failure('agent'));
      await settled(agent, n);
    }
    expect((await look(agent)).health.sick).toBe(false);
    await runOnce(agent, { state: 'building' }, failure('build', 'the engine does not answer'));
    await settled(agent, SICK_AFTER_FAILURES);
    expect((await look(agent)).health).toEqual({
      sick: true,
      failuresInRow: SICK_AFTER_FAILURES,
      lastFailure: 'the engine does not answer',
      recentEnded: SICK_AFTER_FAILURES,
      recentFailed: SICK_AFTER_FAILURES,
    });
    expect((await look(agent)).status, 'nobody asked for a pause').toBe('online');

    await runOnce(agent);
    await settled(agent, 0);
    expect((await look(agent)).health).toMatchObject({ sick: false, lastFailure: null, recentFailed: 5 });
    await agent.beat([], 'stopped');
  });

  it('is blamed for a platform that takes nothing, not for what the queue asks of it', async () => {
    const agent = await startAgent(s, user.entity, [queue.name]);
    await runOnce(agent, { ...failure('submit', 'docker refused the container'), category: 'config' });
    await runOnce(agent, failure('submit', 'the docker command is not installed'));
    await settled(agent, 1);
    expect((await look(agent)).health.lastFailure).toBe('the docker command is not installed');
    await agent.beat([], 'stopped');
  });

  it('is not blamed for programs that fail', async () => {
    const agent = await startAgent(s, user.entity, [queue.name]);
    for (let n = 0; n < SICK_AFTER_FAILURES; n++)
      await runOnce(agent, { state: 'starting', externalRef: 'x' }, { state: 'running' }, failure('run'));
    expect((await look(agent)).health).toMatchObject({ sick: false, failuresInRow: 0, recentFailed: 5 });
    await agent.beat([], 'stopped');
  });

  it('is paused by the server where the entity wants that, and takes work again when it is resumed', async () => {
    await putAgentSettings(s, user.actor, { ...entity(), pauseSick: true });
    expect(await getAgentSettings(s, user.actor, entity())).toEqual({ pauseSick: true });
    const agent = await startAgent(s, user.entity, [queue.name]);
    for (let n = 1; n <= SICK_AFTER_FAILURES; n++) {
      await runOnce(agent, failure('agent', 'the disk is full'));
      await settled(agent, n);
    }
    expect(await look(agent)).toMatchObject({
      status: 'paused',
      pausedBy: null,
      pauseNote: expect.stringContaining('the disk is full') as string,
    });
    await enqueue(s, user.actor, queue);
    expect(await agent.lease()).toEqual([]);
    await commandAgent(s, user.actor, { ...entity(), id: agent.registered.agentId, command: 'resume' });
    expect(await look(agent)).toMatchObject({ status: 'online', health: { failuresInRow: 0 } });
    const [run] = await agent.lease();
    await finish(agent, run!);
    await agent.beat([], 'stopped');
  });
});

describe('a pause of an agent', () => {
  it('names who paused it and why, and ends by itself when its time is over', async () => {
    const agent = await startAgent(s, user.entity, [queue.name]);
    const { agentId: id } = agent.registered;
    const paused = await commandAgent(s, user.actor, {
      ...entity(),
      id,
      command: 'pause',
      note: 'new driver',
      minutes: 30,
    });
    expect(paused).toMatchObject({ status: 'paused', pausedBy: user.name, pauseNote: 'new driver' });
    expect(Date.parse(paused.pausedUntil!) - Date.now()).toBeGreaterThan(29 * 60_000);
    expect(await resumeRestedAgents(s), 'it is not time yet').toBe(0);
    await s.pool.query(`UPDATE agents SET paused_until = now() - interval '1 second' WHERE id = $1`, [id]);
    expect(await resumeRestedAgents(s)).toBe(1);
    expect(await look(agent)).toMatchObject({ status: 'online', pauseNote: null, pausedUntil: null });
    await agent.beat([], 'stopped');
  });
});

describe('past runs of an agent', () => {
  it('come the latest first, in pages, with what went wrong', async () => {
    const agent = await startAgent(s, user.entity, [queue.name]);
    const good = await runOnce(agent);
    const bad = await runOnce(agent, failure('agent', 'no such device'));
    const at = { ...entity(), id: agent.registered.agentId, limit: 1 };
    const first = await listAgentRuns(s, user.actor, at);
    expect(first.items).toMatchObject([
      { id: bad, state: 'failed', queue: queue.name, failure: { phase: 'agent', message: 'no such device' } },
    ]);
    const second = await listAgentRuns(s, user.actor, { ...at, cursor: first.nextCursor! });
    expect(second).toMatchObject({
      items: [{ id: good, state: 'finished', failure: null }],
      nextCursor: null,
    });
    await expect(listAgentRuns(s, user.actor, { ...at, cursor: "1' OR" })).rejects.toMatchObject({
      kind: 'refused',
    });
    const stranger = await seedUser(s);
    await expect(listAgentRuns(s, stranger.actor, at)).rejects.toMatchObject({ kind: 'not-found' });
  });
});
