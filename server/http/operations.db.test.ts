import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestServices, seedApiKey, seedUser } from '../testing';
import type { TestServices } from '../testing';
import { createApp } from './app';
import type { HttpApp } from './app';
import { createClient } from './testing/client';

let s: TestServices;
let app: HttpApp;
let call: ReturnType<typeof createClient>;

beforeAll(async () => {
  s = await createTestServices();
  app = createApp(s);
  call = createClient(app);
});
afterAll(async () => {
  app.close();
  await s.close();
});

describe('for operators', () => {
  it('is alive and ready', async () => {
    expect((await call('GET /healthz')).status).toBe(200);
    expect((await call('GET /readyz')).body).toMatchObject({ ready: true, pendingMigrations: [] });
  });

  it('is not ready before the migrations', async () => {
    const empty = await createTestServices({ empty: true });
    const bare = createApp(empty);
    const answer = await createClient(bare)<{ pendingMigrations: string[] }>('GET /readyz');
    expect(answer.status).toBe(503);
    expect(answer.body.pendingMigrations.length).toBeGreaterThan(0);
    bare.close();
    await empty.close();
  });

  it('answers 503 while the database is away', async () => {
    const away = await s.another({ DATABASE_URL: 'postgresql://nobody:nothing@127.0.0.1:1/none' });
    const lonely = createApp(away);
    const client = createClient(lonely);
    const answer = await client('GET /api/v1/viewer', { token: 'slw_key_whatever' });
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '2']);
    expect((await client('GET /readyz')).body).toMatchObject({ ready: false, database: 'unreachable' });
    expect((await client('GET /healthz')).status).toBe(200);
    lonely.close();
  });

  it('shows metrics to this machine and to the holder of the token', async () => {
    expect((await call('GET /api/v1/viewer', { token: await seedApiKey(s, await seedUser(s)) })).status).toBe(
      200,
    );
    expect((await call('GET /metrics')).status).toBe(401);
    expect(
      (
        await call('GET /metrics', {
          remoteAddress: '127.0.0.1',
          headers: { 'x-forwarded-for': '203.0.113.5' },
        })
      ).status,
    ).toBe(401);
    const local = await call('GET /metrics', { remoteAddress: '::ffff:127.0.0.1' });
    expect(local.text).toMatch(/^slipway_runs\{state="pending"\} \d+$/m);
    expect(local.text).toMatch(
      /slipway_http_request_duration_seconds_count\{method="GET",route="\/api\/v1\/viewer",status="200"\} \d+/,
    );
    const guarded = createApp({
      ...s,
      config: { ...s.config, SLIPWAY_METRICS_TOKEN: 'scrape-me-scrape-me' },
    });
    expect((await createClient(guarded)('GET /metrics', { token: 'scrape-me-scrape-me' })).status).toBe(200);
    expect((await createClient(guarded)('GET /metrics', { token: 'scrape-me-otherwise' })).status).toBe(401);
    guarded.close();
  });
});
