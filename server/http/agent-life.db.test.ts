import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LeaseAnswer, RegisteredAgent, Run } from '@/core/wire';
import { createTestServices, seedAgentToken, seedApiKey, seedQueue, seedTeam, seedUser } from '../testing';
import type { SeededQueue, TestServices } from '../testing';
import { createApp } from './app';
import type { HttpApp } from './app';
import { createClient } from './testing/client';

let s: TestServices;
let app: HttpApp;
let call: ReturnType<typeof createClient>;
let key: string;
let token: string;
let queue: SeededQueue;
let runsPath: string;

beforeAll(async () => {
  s = await createTestServices();
  app = createApp(s);
  call = createClient(app);
  const user = await seedUser(s);
  const team = await seedTeam(s, [{ user, role: 'admin' }]);
  queue = await seedQueue(s, team, { prioritized: true });
  key = await seedApiKey(s, user);
  ({ token } = await seedAgentToken(s, team));
  runsPath = `/api/v1/entities/${team.name}/queues/${queue.name}/runs`;
});
afterAll(async () => {
  app.close();
  await s.close();
});

const register = async (instanceId: string, queues = [queue.name], as = token) =>
  (
    await call<RegisteredAgent>('POST /api/agent/v1/agents', {
      token: as,
      body: {
        name: 'host',
        hostname: 'host.local',
        version: '0.1.0',
        queues,
        maxJobs: 4,
        config: {},
        instanceId,
      },
    })
  ).body;
const lease = async (agentId: string, more: Record<string, unknown> = {}) =>
  (await call<LeaseAnswer>('POST /api/agent/v1/lease', { token, body: { agentId, max: 1, ...more } })).body
    .runs;
const report = (id: string, attempt: number, ...events: Record<string, unknown>[]) =>
  call(`POST /api/agent/v1/runs/${id}/events`, { token, body: { attempt, events } });

describe('an agent over HTTP', () => {
  it('leads a run from launch to its end', async () => {
    const { agentId, leaseSeconds } = await register('instance-life');
    expect(leaseSeconds).toBeGreaterThan(0);
    const launched = await call<Run>(`POST ${runsPath}`, {
      token: key,
      body: { image: 'busybox', args: ['echo', 'hi'], priority: 'high' },
      headers: { 'idempotency-key': 'once' },
    });
    expect([launched.status, launched.headers.get('location')]).toEqual([
      201,
      `/api/v1/runs/${launched.body.id}`,
    ]);
    const again = await call<Run>(`POST ${runsPath}`, {
      token: key,
      body: { image: 'busybox', args: ['echo', 'hi'], priority: 'high' },
      headers: { 'idempotency-key': 'once' },
    });
    expect([again.status, again.body.id]).toEqual([200, launched.body.id]);

    const [run] = await lease(agentId);
    expect(run).toMatchObject({
      id: launched.body.id,
      attempt: 1,
      adopt: false,
      spec: { image: 'busybox', args: ['echo', 'hi'] },
    });
    const id = launched.body.id;
    const submission = {
      kind: 'docker-run',
      text: 'docker run busybox',
      argv: ['docker', 'run', 'busybox'],
      origins: {},
    };
    expect(
      (
        await report(
          id,
          1,
          { seq: 1, state: 'starting', data: { externalRef: `slipway-${id}`, submission } },
          { seq: 2, state: 'running' },
        )
      ).body,
    ).toMatchObject({ state: 'running', lastSeq: 2 });

    const beat = await call('POST /api/agent/v1/heartbeat', {
      token,
      body: { agentId, runs: [{ id, attempt: 1 }], status: 'running' },
    });
    expect(beat.body).toMatchObject({ leases: [{ id, ok: true }], stop: [], lost: [], command: 'none' });

    const bytes = new Uint8Array([0x68, 0x69, 0x00, 0xff, 0x0a]);
    const raw = `POST /api/agent/v1/runs/${id}/logs?attempt=1&stream=stdout&offset=0`;
    const binary = { token, raw: bytes, headers: { 'content-type': 'application/octet-stream' } };
    expect((await call(raw, binary)).body).toMatchObject({ nextOffset: 5 });
    expect((await call(raw, binary)).body).toMatchObject({ nextOffset: 5 });
    const text = await call(`POST /api/agent/v1/runs/${id}/logs`, {
      token,
      body: { attempt: 1, stream: 'stderr', offset: 5, data: 'nul \0 and ünïcode\n' },
    });
    expect(text.status).toBe(200);
    expect(
      (
        await call(`POST /api/agent/v1/runs/${id}/logs`, {
          token,
          body: { attempt: 1, stream: 'stderr', offset: 500, data: 'gap' },
        })
      ).status,
    ).toBe(409);
    expect((await call(`POST /api/agent/v1/runs/${id}/logs?attempt=1`, { ...binary })).status).toBe(422);

    expect((await report(id, 0, { seq: 3, state: 'finished', data: { exitCode: 0 } })).status).toBe(409);
    expect((await report(id, 1, { seq: 3, state: 'finished', data: { exitCode: 0 } })).body).toMatchObject({
      state: 'finished',
    });

    const ended = await call<Run>(`GET /api/v1/runs/${id}`, { token: key });
    expect(ended.body).toMatchObject({
      state: 'finished',
      exitCode: 0,
      externalRef: `slipway-${id}`,
      waiting: null,
    });
    const log = await call(`GET /api/v1/runs/${id}/logs`, { token: key });
    expect([log.headers.get('content-type'), log.headers.get('log-complete')]).toEqual([
      'text/plain; charset=utf-8',
      'true',
    ]);
    expect(log.text).toContain('ünïcode');
    expect(
      (await call(`GET /api/v1/runs/${id}/logs?offset=5&limit=3`, { token: key })).headers.get(
        'log-next-offset',
      ),
    ).toBe('8');
    expect((await call(`GET /api/v1/runs/${id}/logs/search?q=%C3%BCn`, { token: key })).body).toMatchObject({
      total: 1,
    });
    const events = await call<{ items: { state: string | null }[] }>(`GET /api/v1/runs/${id}/events`, {
      token: key,
    });
    expect(events.body.items.map(({ state }) => state).filter(Boolean)).toEqual([
      'pending',
      'leased',
      'starting',
      'running',
      'finished',
    ]);
    expect((await call(`GET /api/v1/runs/${id}/submission`, { token: key })).body).toMatchObject({
      items: [{ attempt: 1, submission }],
    });
    expect((await call(`POST /api/v1/runs/${id}/requeue`, { token: key })).body).toMatchObject({
      state: 'pending',
    });
    expect(
      (await call(`PATCH /api/v1/runs/${id}`, { token: key, body: { priority: 'low', name: 'again' } })).body,
    ).toMatchObject({ priority: 'low', name: 'again' });
    expect((await call(`POST /api/v1/runs/${id}/stop`, { token: key })).body).toMatchObject({
      state: 'stopped',
    });
  });

  it('gets a run within the long poll in which it was launched', async () => {
    const { agentId } = await register('instance-poll');
    const waiting = lease(agentId, { waitSeconds: 20 });
    await new Promise((resolve) => setTimeout(resolve, 100));
    const began = performance.now();
    const launched = await call<Run>(`POST ${runsPath}`, { token: key, body: { image: 'busybox' } });
    expect(await waiting).toMatchObject([{ id: launched.body.id }]);
    expect(performance.now() - began).toBeLessThan(2000);
    await call(`POST /api/v1/runs/${launched.body.id}/stop`, { token: key });
  });

  it('launches batches, lists and changes many', async () => {
    const batch = await call<{ runs: { id: string }[] }>(`POST ${runsPath}/batch`, {
      token: key,
      body: {
        runs: [
          { image: 'a', labels: ['sweep'] },
          { image: 'b', labels: ['sweep'] },
        ],
      },
    });
    expect(batch.status).toBe(201);
    const refused = await call(`POST ${runsPath}/batch`, {
      token: key,
      body: { runs: [{ image: 'a' }, { image: 'b', templateValues: { nope: 1 } }] },
    });
    expect([refused.status, refused.problem.errors?.[0]?.path]).toEqual([422, 'runs.1.templateValues.nope']);
    const entity = queue.entity.name;
    const list = await call<{ items: { id: string }[] }>(
      `GET /api/v1/entities/${entity}/runs?queue=${queue.name}&label=sweep&state=active`,
      { token: key },
    );
    expect(list.body.items.map(({ id }) => id).sort()).toEqual(batch.body.runs.map(({ id }) => id).sort());
    const bulk = await call(`POST /api/v1/entities/${entity}/runs/bulk`, {
      token: key,
      body: { action: 'stop', filter: { label: 'sweep' } },
    });
    expect(bulk.body).toMatchObject({ results: [{ ok: true }, { ok: true }] });
    expect(
      (await call(`GET /api/v1/entities/${entity}/queues/${queue.name}/metrics?step=3600`, { token: key }))
        .status,
    ).toBe(200);
    const agents = await call<{ items: { id: string }[] }>(`GET /api/v1/entities/${entity}/agents`, {
      token: key,
    });
    const id = agents.body.items[0]?.id ?? '';
    expect(
      (
        await call(`POST /api/v1/entities/${entity}/agents/${id}/pause`, {
          token: key,
          body: { note: 'disk' },
        })
      ).body,
    ).toMatchObject({ pauseNote: 'disk' });
    for (const command of ['resume', 'drain', 'stop'])
      expect(
        (await call(`POST /api/v1/entities/${entity}/agents/${id}/${command}`, { token: key })).status,
      ).toBe(200);
    expect((await call(`GET /api/v1/entities/${entity}/agents/${id}`, { token: key })).status).toBe(200);
  });

  it('sees and leases nothing outside its token', async () => {
    const other = await seedQueue(s, queue.entity);
    const scoped = await seedAgentToken(s, queue.entity, { queueIds: [other.id] });
    const { agentId, unknownQueues } = await register(
      'instance-scoped',
      [queue.name, other.name],
      scoped.token,
    );
    expect(unknownQueues).toEqual([queue.name]);
    const launched = await call<Run>(`POST ${runsPath}`, { token: key, body: { image: 'busybox' } });
    const leased = await call<LeaseAnswer>('POST /api/agent/v1/lease', {
      token: scoped.token,
      body: { agentId, max: 10 },
    });
    expect(leased.body.runs).toEqual([]);
    const foreign = await call(`POST /api/agent/v1/runs/${launched.body.id}/events`, {
      token: scoped.token,
      body: { attempt: 1, events: [{ seq: 1, state: 'running' }] },
    });
    expect([404, 409]).toContain(foreign.status);
    await call(`POST /api/v1/runs/${launched.body.id}/stop`, { token: key });
  });
});
