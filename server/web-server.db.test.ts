import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { request as httpRequest } from 'node:http';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createApp } from './http';
import { createTestServices, seedApiKey, seedQueue, seedTeam, seedUser } from './testing';
import type { SeededQueue, TestServices } from './testing';
import { startWebServer } from './web-server';
import type { WebServer } from './web-server';

let s: TestServices;
let server: WebServer;
let key: string;
let strangerKey: string;
let queue: SeededQueue;
/** Headers of the requests that reached the pages. */
const pageRequests: IncomingHttpHeaders[] = [];

const start = async (overrides = {}) => {
  const config = { ...s.config, SLIPWAY_PORT: 0, ...overrides };
  const handle = (request: IncomingMessage, response: ServerResponse) => {
    pageRequests.push({ ...request.headers });
    response.end(`page ${request.url ?? ''}`);
    return Promise.resolve();
  };
  return startWebServer(config, createApp({ ...s, config }), { handle }, s.log);
};
const urlOf = ({ address }: WebServer, path: string) => `http://127.0.0.1:${address.port}${path}`;

beforeAll(async () => {
  s = await createTestServices();
  const [user, stranger] = await Promise.all([seedUser(s), seedUser(s)]);
  const team = await seedTeam(s, [{ user, role: 'admin' }]);
  queue = await seedQueue(s, team);
  key = await seedApiKey(s, user);
  strangerKey = await seedApiKey(s, stranger);
  server = await start();
});
afterAll(async () => {
  await server.stop();
  await s.close();
});

async function openStream(of: WebServer, topic: string, headers: Record<string, string> = {}) {
  const answer = await fetch(urlOf(of, `/api/v1/stream?topic=${encodeURIComponent(topic)}`), {
    headers: { authorization: `Bearer ${key}`, ...headers },
  });
  const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  return {
    answer,
    /** Everything received once it holds `wanted`; or at the end of the stream. */
    until: async (wanted: string) => {
      while (!text.includes(wanted)) {
        const next = await reader?.read();
        if (!next || next.done) return `${text}[end]`;
        text += next.value;
      }
      return text;
    },
    close: () => reader?.cancel(),
  };
}

describe('paths', () => {
  it('go to the interface or to the pages', async () => {
    for (const path of ['/api/v1/nothing', '/api/nothing', '/api', '/api/agent/v1/x']) {
      const answer = await fetch(urlOf(server, path));
      expect([path, answer.headers.get('content-type')]).toEqual([path, 'application/problem+json']);
    }
    const docs = await fetch(urlOf(server, '/api/docs'));
    expect([docs.status, docs.headers.get('content-security-policy')]).toEqual([
      200,
      expect.stringContaining("default-src 'none'"),
    ]);
    for (const path of ['/', '/sign-in', '/api/auth/session', '/healthzz', '/metricsandmore']) {
      expect(await (await fetch(urlOf(server, path))).text()).toBe(`page ${path}`);
    }
  });

  it('give pages a policy with a nonce of their own, and the address of the caller', async () => {
    pageRequests.length = 0;
    const answers = await Promise.all(
      [1, 2].map(() =>
        fetch(urlOf(server, '/'), { headers: { 'x-slipway-client-address': '6.6.6.6', 'x-nonce': 'mine' } }),
      ),
    );
    const policies = answers.map((answer) => answer.headers.get('content-security-policy') ?? '');
    expect(policies[0]).not.toBe(policies[1]);
    expect(policies.sort()).toEqual(pageRequests.map((headers) => headers['content-security-policy']).sort());
    for (const headers of pageRequests) {
      expect(headers['x-slipway-client-address']).toBe('127.0.0.1');
      expect(headers['content-security-policy']).toContain(`'nonce-${String(headers['x-nonce'])}'`);
    }
    expect(answers[0]?.headers.get('x-content-type-options')).toBe('nosniff');
    expect(answers[0]?.headers.get('strict-transport-security')).toBeNull();
  });

  it('ask for https only where the address is one', async () => {
    const secure = await start({ SLIPWAY_BASE_URL: 'https://slipway.example' });
    expect((await fetch(urlOf(secure, '/healthz'))).headers.get('strict-transport-security')).toContain(
      'max-age=',
    );
    await secure.stop();
  });
});

it('takes a request that offers an upgrade for an ordinary one', async () => {
  const status = await new Promise((resolve, reject) => {
    const outgoing = httpRequest(
      urlOf(server, '/healthz'),
      { headers: { connection: 'Upgrade', upgrade: 'h2c' } },
      (answer) => {
        answer.resume();
        resolve(answer.statusCode);
      },
    );
    outgoing.on('error', reject).end();
  });
  expect(status).toBe(200);
});

describe('bodies', () => {
  /** Sends without end and reports the status that came, and how much had been sent by then. */
  function flood(path: string, headers: Record<string, string>): Promise<{ status: number; sent: number }> {
    return new Promise((resolve, reject) => {
      let sent = 0;
      let finished = false;
      const outgoing = httpRequest(urlOf(server, path), { method: 'POST', headers }, (answer) => {
        answer.resume();
        finished = true;
        resolve({ status: answer.statusCode ?? 0, sent });
        outgoing.destroy();
      });
      outgoing.on('error', (error) => {
        if (!finished) reject(error);
      });
      const piece = Buffer.alloc(65_536, ' ');
      // What comes after the declared length would be another request.
      const most = Number(headers['content-length'] ?? 100_000_000);
      const more = () => {
        while (!finished && sent < most) {
          sent += piece.length;
          if (!outgoing.write(piece)) return void outgoing.once('drain', more);
        }
      };
      more();
    });
  }

  it('of 10 MB are refused before they are read', async () => {
    const path = `/api/v1/entities/${queue.entity.name}/queues`;
    const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
    const declared = await flood(path, { ...headers, 'content-length': '10485760' });
    expect(declared.status).toBe(413);
    const chunked = await flood(path, headers);
    expect(chunked.status).toBe(413);
    expect(chunked.sent).toBeLessThan(50_000_000);
    expect((await fetch(urlOf(server, '/healthz'))).status).toBe(200);
  });

  it('of pages must be small and of known length', async () => {
    expect((await flood('/api/auth/callback/credentials', { 'content-length': '10485760' })).status).toBe(
      413,
    );
    expect((await flood('/sign-in', {})).status).toBe(411);
  });
});

describe('event streams', () => {
  it('bring what happens, and after a pause what was missed', async () => {
    const topic = `queue:${queue.entity.name}/${queue.name}`;
    const first = await openStream(server, topic);
    expect(first.answer.headers.get('content-type')).toContain('text/event-stream');
    const message = {
      type: 'queue',
      entity: queue.entity.name,
      queue: queue.name,
      queueId: queue.id,
    } as const;
    await first.until('retry:');
    s.bus.publish(message);
    const text = await first.until('"type":"queue"');
    expect(text).not.toContain(queue.id);
    const id = [...text.matchAll(/^id: (\S+)$/gm)].at(-1)?.[1] ?? '';
    await first.close();
    s.bus.publish({ ...message, queue: 'another' }, message);
    const second = await openStream(server, topic, { 'last-event-id': id });
    const resumed = await second.until('"type":"queue"');
    expect(resumed.match(/data:/g)).toHaveLength(1);
    expect(resumed).not.toContain('another');
    await second.close();
  });

  it('drop a client that does not read; it goes on by the last event it had', async () => {
    const topic = `queue:${queue.entity.name}/${queue.name}`;
    const of = await start();
    const clients = async () =>
      Number(/^slipway_event_streams (\d+)$/m.exec(await (await fetch(urlOf(of, '/metrics'))).text())?.[1]);
    const message = {
      type: 'queue',
      entity: queue.entity.name,
      queue: queue.name,
      queueId: queue.id,
    } as const;
    const first = await openStream(of, topic);
    await first.until('retry:');
    s.bus.publish(message);
    const seen = [...(await first.until('"type":"queue"')).matchAll(/^id: (\S+)$/gm)].at(-1)?.[1] ?? '';
    expect(await clients()).toBe(1);
    // It reads no more; what the sockets can hold is full at some time.
    for (let sent = 0; sent < 400_000 && (await clients()) > 0; sent += 5000)
      for (let n = 0; n < 5000; n += 1) s.bus.publish(message);
    expect(await clients()).toBe(0);
    const again = await openStream(of, topic, { 'last-event-id': seen });
    // It missed more than is kept: it is told to read everything anew.
    expect(await again.until('reset')).toContain('reset');
    await again.close();
    await first.close();
    await of.stop();
  });

  it('are for members only', async () => {
    const path = `/api/v1/stream?topic=entity:${queue.entity.name}`;
    expect((await fetch(urlOf(server, path))).status).toBe(401);
    expect(
      (await fetch(urlOf(server, path), { headers: { authorization: `Bearer ${strangerKey}` } })).status,
    ).toBe(404);
    expect(
      (
        await fetch(urlOf(server, '/api/v1/stream?topic=nonsense'), {
          headers: { authorization: `Bearer ${key}` },
        })
      ).status,
    ).toBe(422);
  });

  it('end when the member is removed', async () => {
    const [member, admin] = await Promise.all([seedUser(s), seedUser(s)]);
    const team = await seedTeam(s, [
      { user: member, role: 'viewer' },
      { user: admin, role: 'admin' },
    ]);
    const memberKey = await seedApiKey(s, member);
    const stream = await openStream(server, `entity:${team.name}`, { authorization: `Bearer ${memberKey}` });
    await stream.until('retry:');
    const removed = await fetch(urlOf(server, `/api/v1/entities/${team.name}/members/${member.id}`), {
      method: 'DELETE',
      headers: { authorization: `Bearer ${await seedApiKey(s, admin)}` },
    });
    expect(removed.status).toBe(204);
    expect(await stream.until('never')).toContain('[end]');
  });
});

describe('a stop', () => {
  it('ends streams, finishes what is in hand, and refuses what is new', async () => {
    const stopping = await start();
    const stream = await openStream(stopping, `entity:${queue.entity.name}`);
    await stream.until('retry:');
    const lock = await s.pool.connect();
    await lock.query('BEGIN; LOCK TABLE queues IN ACCESS EXCLUSIVE MODE');
    const inHand = fetch(urlOf(stopping, `/api/v1/entities/${queue.entity.name}/queues`), {
      headers: { authorization: `Bearer ${key}` },
    });
    await vi.waitFor(async () => {
      const { rows } = await s.pool.query<{ waiting: number }>(
        'SELECT count(*) AS waiting FROM pg_locks WHERE NOT granted',
      );
      expect(rows[0]?.waiting).toBeGreaterThan(0);
    });
    const stopped = stopping.stop();
    expect(await stream.until('never')).toContain('[end]');
    await expect(fetch(urlOf(stopping, '/healthz'))).rejects.toThrow();
    await lock.query('COMMIT');
    lock.release();
    expect((await inHand).status).toBe(200);
    await stopped;
  });
});
