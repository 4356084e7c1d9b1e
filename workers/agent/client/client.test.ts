import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createLogger } from '../support/logger';
import { AgentRequestError, createClient, type AgentClient } from './index';
import { parseRetryAfter, retryDelay } from './retry';

describe('the retry rule', () => {
  const delay = (status: number, retryAfterSeconds?: number) =>
    retryDelay({ kind: 'status', status, retryAfterSeconds }, 0, () => 0);
  it('tries again what may pass, and nothing else', () => {
    for (const status of [408, 425, 429, 500, 502, 503, 504]) expect(delay(status)).not.toBeNull();
    for (const status of [301, 400, 401, 403, 404, 409, 413, 422]) expect(delay(status)).toBeNull();
    expect(retryDelay({ kind: 'network' }, 3)).toBeGreaterThan(0);
  });

  it('waits longer each time, to a limit, and as long as it is asked to', () => {
    const waits = Array.from({ length: 12 }, (_, attempt) =>
      retryDelay({ kind: 'network' }, attempt, () => 1),
    );
    expect(waits[1]).toBe(500);
    expect(Math.max(...waits.map(Number))).toBe(15_000);
    expect(delay(429, 7)).toBe(7000);
    expect(delay(503, 86_400)).toBe(120_000);
  });

  it('reads dates in Retry-After by the clock of the server', () => {
    expect(parseRetryAfter('3', null)).toBe(3);
    expect(parseRetryAfter('Wed, 21 Oct 2015 07:28:10 GMT', 'Wed, 21 Oct 2015 07:28:00 GMT')).toBe(10);
    expect(parseRetryAfter('soon', null)).toBeUndefined();
  });
});

describe('a call', () => {
  let server: Server;
  let answers: ((response: ServerResponse) => void)[];
  let client: AgentClient;
  let logged: string;
  beforeEach(async () => {
    answers = [];
    logged = '';
    server = createServer((request, response) => {
      request.resume();
      const answer = answers.shift();
      if (answer) answer(response);
      else response.end('{"runs":[]}');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const log = createLogger({ level: 'debug', json: false, write: (line) => (logged += line) });
    client = createClient({
      baseUrl: `http://127.0.0.1:${port}/`,
      token: 'slw_agent_secret',
      log,
      userAgent: 'test',
    });
  });
  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  const lease = (signal?: AbortSignal) =>
    client.lease({ agentId: crypto.randomUUID(), max: 1, waitSeconds: 0 }, signal ? { signal } : {});
  const problem = (status: number, code: string) => (response: ServerResponse) => {
    response.writeHead(status, { 'content-type': 'application/problem+json' });
    response.end(
      JSON.stringify({
        type: `https://slipway.dev/problems/${code}`,
        title: 'No',
        status,
        detail: 'Not now.',
      }),
    );
  };

  it('goes on over cut connections, errors of the server and answers of a proxy, and never logs the token', async () => {
    answers.push(
      (response) => response.destroy(),
      problem(503, 'unavailable'),
      (response) => response.end('<html>'),
    );
    expect(await lease()).toEqual({ runs: [] });
    expect(logged).not.toContain('slw_agent_secret');
  });

  it.each([
    [401, 'unauthenticated', 'unauthorized'],
    [403, 'forbidden', 'forbidden'],
    [404, 'not-found', 'not-found'],
    [409, 'stale-attempt', 'stale-attempt'],
    [409, 'superseded', 'superseded'],
    [409, 'event-gap', 'refused'],
    [422, 'refused', 'refused'],
  ])('is final for %i %s', async (status, code, reason) => {
    answers.push(problem(status, code));
    const error = await lease().catch((e: unknown) => e);
    expect(error).toBeInstanceOf(AgentRequestError);
    expect(error).toMatchObject({ reason, status, code, message: 'Not now.' });
  });

  it('ends at once when it is given up', async () => {
    answers.push(() => undefined);
    const controller = new AbortController();
    const call = lease(controller.signal).catch((e: unknown) => e);
    setTimeout(() => controller.abort(), 20);
    expect(await call).toMatchObject({ reason: 'aborted' });
  });
});
