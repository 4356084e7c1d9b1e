import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestServices, seedApiKey, seedQueue, seedTeam, seedUser } from '../testing';
import type { SeededEntity, SeededUser, TestServices } from '../testing';
import { createApp } from './app';
import type { HttpApp } from './app';
import { createClient } from './testing/client';

let s: TestServices;
let app: HttpApp;
let call: ReturnType<typeof createClient>;
let stranger: SeededUser;
let team: SeededEntity;
let key: string;

beforeAll(async () => {
  s = await createTestServices();
  app = createApp(s);
  call = createClient(app);
  const [admin, viewer] = await Promise.all([seedUser(s), seedUser(s)]);
  stranger = await seedUser(s);
  team = await seedTeam(s, [
    { user: admin, role: 'admin' },
    { user: viewer, role: 'viewer' },
  ]);
  key = await seedApiKey(s, admin);
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

describe('the calls', () => {
  it('makes, lists, changes, pauses, versions and deletes a queue', async () => {
    const base = `/api/v1/entities/${team.name}/queues`;
    const made = await call(`POST ${base}`, { token: key, body: { ...newQueue('life'), prioritized: true } });
    expect([made.status, made.body.version]).toEqual([201, 1]);
    expect((await call(`POST ${base}`, { token: key, body: newQueue('life') })).status).toBe(409);
    expect(
      (await call<{ items: { name: string }[] }>(`GET ${base}?limit=200`, { token: key })).body.items.map(
        ({ name }) => name,
      ),
    ).toContain('life');
    const changed = await call(`PATCH ${base}/life`, {
      token: key,
      body: { config: { format: 'yaml', source: 'env: { A: b }\n' } },
    });
    expect(changed.body.version, changed.text).toBe(2);
    expect((await call(`GET ${base}/life/versions`, { token: key })).body).toMatchObject({
      items: [{ version: 2 }, { version: 1 }],
    });
    expect((await call(`GET ${base}/life/versions/1`, { token: key })).body).toMatchObject({ version: 1 });
    expect((await call(`POST ${base}/life/versions/1/restore`, { token: key })).body.version).toBe(3);
    expect(
      (await call(`POST ${base}/life/pause`, { token: key, body: { note: 'broken' } })).body,
    ).toMatchObject({ paused: { note: 'broken' } });
    expect((await call(`POST ${base}/life/resume`, { token: key })).body.paused).toBeNull();
    expect(
      (await call(`PUT ${base}/life/secrets/TOKEN`, { token: key, body: { value: 'very secret' } })).status,
    ).toBe(200);
    const secrets = await call(`GET ${base}/life/secrets`, { token: key });
    expect(secrets.body).toMatchObject({ items: [{ name: 'TOKEN' }] });
    expect(secrets.text).not.toContain('very secret');
    expect((await call(`DELETE ${base}/life/secrets/TOKEN`, { token: key })).status).toBe(204);
    expect((await call(`GET ${base}/life/overrides`, { token: key })).status).toBe(200);
    const audit = await call(`GET /api/v1/entities/${team.name}/audit`, { token: key });
    expect(audit.text).toContain('queue.');
    expect(audit.text).not.toContain('very secret');
    expect((await call(`DELETE ${base}/life`, { token: key })).status).toBe(204);
    expect((await call(`GET ${base}/life`, { token: key })).status).toBe(404);
  });

  it('reads a configuration and previews a launch', async () => {
    const parsed = await call('POST /api/v1/config/parse', {
      token: key,
      body: { resource: 'local-container', format: 'yaml', source: 'gpus: "{{gpus}}"\n' },
    });
    expect(parsed.body).toMatchObject({ placeholders: [{ name: 'gpus', line: 1 }], templates: { gpus: {} } });
    const queue = await seedQueue(s, team, { source: 'rm: true\n' });
    const preview = await call(`POST /api/v1/entities/${team.name}/queues/${queue.name}/preview`, {
      token: key,
      body: { image: 'busybox' },
    });
    expect(preview.body).toMatchObject({
      submission: { kind: 'docker-run', text: expect.stringContaining('--rm') as string },
      errors: [],
    });
  });

  it('makes jobs and their versions', async () => {
    const base = `/api/v1/entities/${team.name}/jobs`;
    const made = await call(`POST ${base}`, {
      token: key,
      body: { name: 'train', source: { type: 'image', image: 'busybox' } },
    });
    expect([made.status, made.body]).toMatchObject([201, { name: 'train', latest: { version: 0 } }]);
    expect(
      (
        await call(`POST ${base}/train/versions`, {
          token: key,
          body: { source: { type: 'image', image: 'busybox:2' } },
        })
      ).body,
    ).toMatchObject({ version: 1 });
    expect((await call(`GET ${base}/train/versions`, { token: key })).body).toMatchObject({
      items: [{ version: 1 }, { version: 0 }],
    });
    expect((await call(`GET ${base}/train`, { token: key })).status).toBe(200);
    expect((await call(`GET ${base}`, { token: key })).status).toBe(200);
  });

  it('makes and revokes keys and tokens at once, over all servers', async () => {
    const made = await call<{ id: string; key: string }>('POST /api/v1/api-keys', {
      token: key,
      body: { name: 'ci' },
    });
    expect((await call('GET /api/v1/viewer', { token: made.body.key })).status).toBe(200);
    expect((await call('GET /api/v1/api-keys', { token: key })).text).not.toContain(made.body.key);
    expect((await call(`DELETE /api/v1/api-keys/${made.body.id}`, { token: key })).status).toBe(204);
    expect((await call('GET /api/v1/viewer', { token: made.body.key })).status).toBe(401);
    const token = await call<{ id: string; token: string }>(
      `POST /api/v1/entities/${team.name}/agent-tokens`,
      { token: key, body: { name: 'host' } },
    );
    expect(token.status).toBe(201);
    expect((await call(`GET /api/v1/entities/${team.name}/agent-tokens`, { token: key })).text).not.toContain(
      token.body.token,
    );
    expect(
      (await call(`DELETE /api/v1/entities/${team.name}/agent-tokens/${token.body.id}`, { token: key }))
        .status,
    ).toBe(204);
    expect(
      (
        await call('POST /api/agent/v1/heartbeat', {
          token: token.body.token,
          body: { agentId: crypto.randomUUID() },
        })
      ).status,
    ).toBe(401);
  });

  it('manages members', async () => {
    const base = `/api/v1/entities/${team.name}/members`;
    expect(
      (await call(`PUT ${base}`, { token: key, body: { email: stranger.email, role: 'member' } })).body,
    ).toMatchObject({ role: 'member' });
    expect((await call<{ items: unknown[] }>(`GET ${base}`, { token: key })).body.items).toHaveLength(3);
    expect((await call(`DELETE ${base}/${stranger.id}`, { token: key })).status).toBe(204);
    expect(
      (
        await call('POST /api/v1/setup', {
          body: { email: 'late@example.com', name: 'Late', password: 'a long password' },
        })
      ).status,
    ).toBe(409);
    expect((await call('GET /api/v1/setup')).body).toEqual({ needed: false, tokenRequired: false });
  });
});
