import { createServer, type IncomingMessage, type Server } from 'node:http';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { z } from 'zod';
import { reportRequestSchema, reportsRequestSchema } from '@/core/wire';
import { createLogger } from '../support/logger';
import { createClient, type AgentClient } from './index';

const taken = { lastSeq: 1, state: 'running', stop: false };
const stale = { type: 'urn:slipway:problem:stale-attempt', title: 'Conflict', status: 409, detail: 'Over.' };
const id = (n: number) => `run${String(n).padStart(9, '0')}`;

let server: Server;
let client: AgentClient;
/** Run ids of each call, in the order in which the calls came. */
let calls: string[][];
/** Status of the call for many; null: served. */
let refusal: number | null;
/** Calls are answered when this resolves. */
let gate: Promise<void>;

async function answer(request: IncomingMessage): Promise<{ status: number; body: unknown }> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const body: unknown = JSON.parse(Buffer.concat(chunks).toString());
  const single = /\/runs\/([^/]+)\/events$/.exec(request.url ?? '')?.[1];
  const ids = single
    ? [reportRequestSchema.transform(() => single).parse(body)]
    : reportsRequestSchema.parse(body).reports.map(({ runId }) => runId);
  calls.push(ids);
  await gate;
  if (!single && refusal !== null) return { status: refusal, body: { title: 'No', status: refusal } };
  if (single) return { status: 200, body: taken };
  return {
    status: 200,
    body: {
      results: ids.map((run) =>
        run === id(13) ? { answer: null, problem: stale } : { answer: taken, problem: null },
      ),
    },
  };
}

beforeEach(async () => {
  calls = [];
  refusal = null;
  gate = Promise.resolve();
  server = createServer((request, response) => {
    void answer(request).then(({ status, body }) => {
      response.writeHead(status, { 'content-type': 'application/json', 'retry-after': '0' });
      response.end(JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  client = createClient({
    baseUrl: `http://127.0.0.1:${z.object({ port: z.int() }).parse(server.address()).port}`,
    token: 't',
    userAgent: 'test',
    log: createLogger({ level: 'error', json: false, write: () => undefined }),
  });
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

const report = (n: number, signal?: AbortSignal) =>
  client.report(
    id(n),
    { attempt: 1, events: [{ seq: 1, state: 'running', data: {} }] },
    signal ? { signal } : {},
  );
const many = (count: number) => Array.from({ length: count }, (_, n) => report(n));

it('sends a report that is alone by itself, and hundreds that come together in a call or two', async () => {
  await expect(report(1)).resolves.toEqual(taken);
  expect(calls).toEqual([[id(1)]]);
  calls = [];
  await Promise.allSettled(many(300));
  expect(calls).toHaveLength(1);
  expect(calls.flat()).toHaveLength(300);
});

it('gives each its own answer', async () => {
  const settled = await Promise.allSettled(many(20));
  expect(settled.filter(({ status }) => status === 'fulfilled')).toHaveLength(19);
  expect(settled[13]).toMatchObject({
    status: 'rejected',
    reason: { reason: 'stale-attempt', status: 409, message: 'Over.' },
  });
});

it('lets what a server fails on go on by itself, so that the others get through', async () => {
  refusal = 500;
  const settled = await Promise.allSettled(many(5));
  expect(settled.every(({ status }) => status === 'fulfilled')).toBe(true);
  expect(calls.filter(({ length }) => length === 1)).toHaveLength(5);
});

it('reports to a server of before one by one, and asks it only once', async () => {
  refusal = 404;
  await Promise.all(many(3));
  await Promise.all(many(3));
  expect(calls.filter(({ length }) => length > 1)).toHaveLength(1);
  expect(calls.filter(({ length }) => length === 1)).toHaveLength(6);
});

it('gives up a report whose run is over without touching the others', async () => {
  let open!: () => void;
  gate = new Promise((resolve) => (open = resolve));
  const leaving = new AbortController();
  const gone = report(1, leaving.signal);
  const stays = report(2);
  await expect.poll(() => calls.length).toBe(1);
  leaving.abort();
  await expect(gone).rejects.toMatchObject({ reason: 'aborted' });
  open();
  await expect(stays).resolves.toEqual(taken);
});
