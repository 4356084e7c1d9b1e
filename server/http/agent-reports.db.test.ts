import { afterAll, beforeAll, expect, it } from 'vitest';
import type { LeaseAnswer, RegisteredAgent, ReportsAnswer, Run } from '@/core/wire';
import { createTestServices, seedAgentToken, seedApiKey, seedQueue, seedTeam, seedUser } from '../testing';
import type { TestServices } from '../testing';
import { createApp } from './app';
import type { HttpApp } from './app';
import { createClient } from './testing/client';

let s: TestServices;
let app: HttpApp;
let call: ReturnType<typeof createClient>;
let key: string;
let token: string;
let runs: LeaseAnswer['runs'];

beforeAll(async () => {
  s = await createTestServices();
  app = createApp(s);
  call = createClient(app);
  const user = await seedUser(s);
  const team = await seedTeam(s, [{ user, role: 'admin' }]);
  const queue = await seedQueue(s, team);
  key = await seedApiKey(s, user);
  ({ token } = await seedAgentToken(s, team));
  const path = `/api/v1/entities/${team.name}/queues/${queue.name}/runs/batch`;
  await call(`POST ${path}`, { token: key, body: { runs: Array(3).fill({ image: 'busybox' }) } });
  const { body: agent } = await call<RegisteredAgent>('POST /api/agent/v1/agents', {
    token,
    body: {
      name: 'host',
      hostname: 'host.local',
      version: '1',
      queues: [queue.name],
      maxJobs: 9,
      config: {},
      instanceId: 'instance-reports',
    },
  });
  const leased = await call<LeaseAnswer>('POST /api/agent/v1/lease', {
    token,
    body: { agentId: agent.agentId, max: 3 },
  });
  ({ runs } = leased.body);
});
afterAll(async () => {
  app.close();
  await s.close();
});

const reportMany = (reports: object[], as = token) =>
  call<ReportsAnswer>('POST /api/agent/v1/events', { token: as, body: { reports } });
const running = { seq: 1, state: 'starting', data: { externalRef: 'x' } };

it('takes or refuses each of many reports by itself, and may be repeated', async () => {
  const [first, second, third] = runs;
  const reports = [
    { runId: first?.id, attempt: 1, events: [running, { seq: 2, state: 'running', data: {} }] },
    { runId: second?.id, attempt: 7, events: [running] },
    { runId: 'nosuchrun123', attempt: 1, events: [running] },
    { runId: third?.id, attempt: 1, events: [{ seq: 1, state: 'failed', data: { phase: 'run' } }] },
  ];
  const { status, body } = await reportMany(reports);
  expect(status).toBe(200);
  expect(body.results).toMatchObject([
    { answer: { lastSeq: 2, state: 'running', stop: false }, problem: null },
    { answer: null, problem: { status: 409, type: 'urn:slipway:problem:stale-attempt' } },
    { answer: null, problem: { status: 404 } },
    {
      answer: null,
      problem: { status: 422, errors: [{ path: 'events.0.data.category' }, expect.anything()] },
    },
  ]);
  expect((await reportMany(reports)).body).toEqual(body);
  const states = await Promise.all(
    runs.map(async ({ id }) => (await call<Run>(`GET /api/v1/runs/${id}`, { token: key })).body.state),
  );
  expect(states).toEqual(['running', 'leased', 'leased']);
});

it('refuses the token of another team for each run, and a call without reports', async () => {
  const other = await seedTeam(s, [{ user: await seedUser(s), role: 'admin' }]);
  const { token: stranger } = await seedAgentToken(s, other);
  const { body } = await reportMany([{ runId: runs[1]?.id, attempt: 1, events: [running] }], stranger);
  expect(body.results).toMatchObject([{ answer: null, problem: { status: 404 } }]);
  expect((await reportMany([])).status).toBe(422);
});
