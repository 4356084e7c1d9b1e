import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MAX_BODY_BYTES } from '@/core/wire';
import { createTestServices, seedAgentToken, seedApiKey, seedQueue, seedTeam, seedUser } from '../testing';
import type { SeededAgentToken, SeededEntity, SeededUser, TestServices } from '../testing';
import { createApp } from './app';
import type { HttpApp } from './app';
import { createClient, sessionCookie } from './testing/client';

let s: TestServices;
let app: HttpApp;
let call: ReturnType<typeof createClient>;
let admin: SeededUser;
let viewer: SeededUser;
let stranger: SeededUser;
let team: SeededEntity;
let key: string;
let viewerKey: string;
let strangerKey: string;
let agentToken: SeededAgentToken;

beforeAll(async () => {
  s = await createTestServices();
  app = createApp(s);
  call = createClient(app);
  [admin, viewer, stranger] = await Promise.all([seedUser(s), seedUser(s), seedUser(s)]);
  team = await seedTeam(s, [
    { user: admin, role: 'admin' },
    { user: viewer, role: 'viewer' },
  ]);
  [key, viewerKey, strangerKey] = await Promise.all([
    seedApiKey(s, admin),
    seedApiKey(s, viewer),
    seedApiKey(s, stranger),
  ]);
  agentToken = await seedAgentToken(s, team);
});
afterAll(async () => {
  app.close();
  await s.close();
});

const newQueue = (name: string) => ({
  name,
  resource: 'local-process',
  config: { format: 'yaml', source: '' },
});

describe('problems', () => {
  it('answers unknown paths and wrong methods with problem documents', async () => {
    expect((await call('GET /api/v1/nothing', { token: key })).problem.status).toBe(404);
    expect((await call('GET /api/v2')).problem.status).toBe(404);
    const wrong = await call('DELETE /api/v1/viewer', { token: key });
    expect(wrong.status).toBe(405);
    expect(wrong.headers.get('allow')).toBe('GET, HEAD');
    expect((await call('POST /api/openapi.json')).status).toBe(405);
    const several = await call(`PUT /api/v1/entities/${team.name}/queues/q`, { token: key });
    expect(several.headers.get('allow')).toBe('GET, HEAD, PATCH, DELETE');
  });

  it('takes names in paths that could not be for not found', async () => {
    for (const name of ['..%2f..', '%00', 'a%2Fb', '%F0%9F%9A%80', 'x'.repeat(65)]) {
      expect((await call(`GET /api/v1/entities/${name}/queues`, { token: key })).status, name).toBe(404);
    }
    expect((await call('GET /api/v1/runs/NOT-A-RUN', { token: key })).status).toBe(404);
    expect((await call('GET /api/v1/entities/%E0%A4%A/queues', { token: key })).status).toBe(404);
  });

  it('tells unreadable from refused', async () => {
    const path = `POST /api/v1/entities/${team.name}/queues`;
    const unreadable = await call(path, {
      token: key,
      raw: '{"name": "q"',
      headers: { 'content-type': 'application/json' },
    });
    expect([unreadable.status, unreadable.problem.detail]).toEqual([
      400,
      expect.stringContaining('not JSON'),
    ]);
    const notUtf8 = await call(path, {
      token: key,
      raw: new Uint8Array([0x22, 0xff, 0x22]),
      headers: { 'content-type': 'application/json' },
    });
    expect(notUtf8.status).toBe(400);
    const deep = await call(path, {
      token: key,
      raw: '['.repeat(100_000) + ']'.repeat(100_000),
      headers: { 'content-type': 'application/json' },
    });
    expect(deep.status).toBe(400);
    const refused = await call(path, {
      token: key,
      body: { name: 'a/b', resource: 'moon', templates: { x: { type: 'string', extra: 1 } }, surprise: true },
    });
    expect(refused.status).toBe(422);
    expect(refused.problem.errors?.map(({ path: where }) => where).sort()).toEqual([
      'name',
      'resource',
      'surprise',
      'templates.x.extra',
    ]);
  });

  it('refuses text that the database cannot hold', async () => {
    const path = `POST /api/v1/entities/${team.name}/queues`;
    const nul = await call(path, { token: key, body: { ...newQueue('nul'), description: 'a\0b' } });
    expect([nul.status, nul.problem.errors]).toEqual([
      422,
      [{ path: 'description', message: expect.stringContaining('NUL') as string }],
    ]);
    const lone = await call(path, {
      token: key,
      raw: '{"name":"q","resource":"local-process","description":"\\ud800"}',
      headers: { 'content-type': 'application/json' },
    });
    expect(lone.status).toBe(422);
  });

  it('refuses bodies of another kind and bodies that are too large', async () => {
    const path = `POST /api/v1/entities/${team.name}/queues`;
    expect(
      (
        await call(path, {
          token: key,
          raw: 'name=q',
          headers: { 'content-type': 'application/x-www-form-urlencoded' },
        })
      ).status,
    ).toBe(415);
    const large = await call(path, {
      token: key,
      body: { ...newQueue('large'), description: 'x'.repeat(MAX_BODY_BYTES) },
      headers: { 'content-length': String(MAX_BODY_BYTES + 100) },
    });
    expect(large.status).toBe(413);
  });

  it('stops reading a body of unknown length at the limit', async () => {
    let sent = 0;
    const endless = new ReadableStream<Uint8Array>({
      pull: (controller) => {
        sent += 65_536;
        controller.enqueue(new Uint8Array(65_536).fill(0x20));
      },
    });
    const answer = await call(`POST /api/v1/entities/${team.name}/queues`, {
      token: key,
      raw: endless,
      headers: { 'content-type': 'application/json' },
    });
    expect(answer.status).toBe(413);
    expect(sent).toBeLessThan(MAX_BODY_BYTES * 1.5);
  });

  it("carries the caller's request id, or one of its own", async () => {
    expect(
      (await call('GET /healthz', { headers: { 'x-request-id': 'trace-0001' } })).headers.get('x-request-id'),
    ).toBe('trace-0001');
    expect(
      (await call('GET /healthz', { headers: { 'x-request-id': 'no spaces allowed' } })).headers.get(
        'x-request-id',
      ),
    ).toMatch(/^[0-9a-f-]{36}$/);
  });
});

describe('who may call', () => {
  it('wants a key, and a good one', async () => {
    const none = await call('GET /api/v1/viewer');
    expect([none.status, none.headers.get('www-authenticate')]).toEqual([
      401,
      expect.stringContaining('Bearer'),
    ]);
    expect((await call('GET /api/v1/viewer', { token: 'slw_key_wrong' })).status).toBe(401);
    expect((await call('GET /api/v1/viewer', { headers: { authorization: 'Basic YTpi' } })).status).toBe(401);
    const expired = await seedApiKey(s, admin, { expiresAt: new Date(Date.now() - 1000) });
    expect((await call('GET /api/v1/viewer', { token: expired })).status).toBe(401);
    expect((await call('GET /api/v1/viewer', { token: key })).body).toMatchObject({
      user: { email: admin.email },
    });
  });

  it('keeps agent tokens and API keys apart', async () => {
    expect((await call('GET /api/v1/viewer', { token: agentToken.token })).status).toBe(403);
    const register = {
      name: 'a',
      hostname: 'h',
      version: '1',
      queues: ['q'],
      maxJobs: 1,
      instanceId: 'instance-1',
    };
    expect((await call('POST /api/agent/v1/agents', { token: key, body: register })).status).toBe(403);
    expect(
      (
        await call('POST /api/agent/v1/agents', {
          body: register,
          headers: { cookie: await sessionCookie(s, admin) },
        })
      ).status,
    ).toBe(401);
  });

  it('shows entities to their members only, and changes to those who may', async () => {
    const queue = await seedQueue(s, team);
    const path = `/api/v1/entities/${team.name}/queues/${queue.name}`;
    expect((await call(`GET ${path}`, { token: viewerKey })).body).toMatchObject({ name: queue.name });
    expect((await call(`GET ${path}`, { token: strangerKey })).status).toBe(404);
    expect((await call(`PATCH ${path}`, { token: viewerKey, body: { description: 'x' } })).status).toBe(403);
    expect((await call(`POST ${path}/runs`, { token: viewerKey, body: { image: 'x' } })).status).toBe(403);
    expect((await call(`PUT ${path}/secrets/TOKEN`, { token: viewerKey, body: { value: 'v' } })).status).toBe(
      403,
    );
  });

  it('takes changes by session from its own pages only', async () => {
    const cookie = await sessionCookie(s, admin);
    const attempt = async (headers: Record<string, string>) =>
      (
        await call(`POST /api/v1/entities/${team.name}/queues`, {
          body: newQueue('same origin?'),
          headers: { cookie, ...headers },
        })
      ).status;
    // 422 (the name) says that the origin was good enough to look at the body.
    expect(await attempt({ 'sec-fetch-site': 'same-origin' })).toBe(422);
    expect(await attempt({ origin: 'http://127.0.0.1:3000' })).toBe(422);
    expect(
      await attempt({
        origin: 'http://localhost:3000',
        host: 'localhost:3000',
        'sec-fetch-site': 'same-origin',
      }),
    ).toBe(422);
    expect(await attempt({})).toBe(403);
    expect(await attempt({ origin: 'https://evil.example', host: '127.0.0.1:3000' })).toBe(403);
    expect(await attempt({ origin: 'null', host: '127.0.0.1:3000' })).toBe(403);
    expect(await attempt({ 'sec-fetch-site': 'cross-site' })).toBe(403);
    expect(await attempt({ 'sec-fetch-site': 'same-site', origin: 'http://127.0.0.1:3000' })).toBe(403);
    expect((await call('GET /api/v1/viewer', { headers: { cookie } })).status).toBe(200);
  });

  it('ends sessions of an older version', async () => {
    expect(
      (await call('GET /api/v1/viewer', { headers: { cookie: await sessionCookie(s, admin, 7) } })).status,
    ).toBe(401);
    expect(
      (await call('GET /api/v1/viewer', { headers: { cookie: 'next-auth.session-token=rubbish' } })).status,
    ).toBe(401);
  });

  it('slows down one key that floods it, and nobody else', async () => {
    const config = { ...s.config, SLIPWAY_RATE_LIMIT: 5 };
    const small = createApp({ ...s, config });
    const ask = createClient(small);
    const answers = await Promise.all(
      Array.from({ length: 40 }, () => ask('GET /api/v1/viewer', { token: key })),
    );
    const limited = answers.filter(({ status }) => status === 429);
    expect(answers.some(({ status }) => status === 200)).toBe(true);
    expect(limited.length).toBeGreaterThan(20);
    for (const { headers } of limited) expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await ask('GET /api/v1/viewer', { token: viewerKey })).status).toBe(200);
    small.close();
  });

  it('slows down who guesses keys', async () => {
    const statuses = new Set<number>();
    for (let i = 0; i < 120; i++)
      statuses.add(
        (await call('GET /api/v1/viewer', { token: `slw_key_${i}`, remoteAddress: '198.51.100.9' })).status,
      );
    expect(statuses).toEqual(new Set([401, 429]));
    const limited = await call('GET /api/v1/viewer', { token: 'slw_key_x', remoteAddress: '198.51.100.9' });
    expect(Number(limited.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await call('GET /api/v1/viewer', { token: key, remoteAddress: '198.51.100.10' })).status).toBe(
      200,
    );
  });
});
