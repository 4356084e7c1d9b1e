import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { z } from 'zod';
import {
  heartbeatRequestSchema,
  leaseRequestSchema,
  logRequestSchema,
  registerSchema,
  reportRequestSchema,
  reportsRequestSchema,
  type JsonObject,
  type LaunchSpec,
  type LeasedRun,
  type RunState,
} from '@/core/wire';

export interface FakeRun {
  id: string;
  spec: LaunchSpec;
  secrets: Record<string, string>;
  state: RunState;
  attempt: number;
  execution: number;
  orphaned: boolean;
  stop: boolean;
  agentSeq: number;
  externalRef: string | null;
  cursor: string | null;
  log: Buffer;
  /** Writers of its chunks, in order of their first one. */
  sources: string[];
  events: { attempt: number; state: RunState | null; data: JsonObject }[];
}

const FINAL: readonly RunState[] = ['finished', 'failed', 'stopped', 'preempted'];

/** A refusal as the real server words it. */
class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
  ) {
    super(code);
  }
}

/**
 * A server that speaks the agent's interface over HTTP and keeps everything in memory: leases with attempts, fencing, adoption, and a log
 * that takes each byte once. A fake server and not a fake client, so that the agent's client, retries and order are tested too.
 */
export class FakeServer {
  readonly runs: FakeRun[] = [];
  readonly token = 'slw_agent_test';
  agentId = randomUUID();
  session = 0;
  /** Called before each request; a number is answered as the status instead of doing anything. */
  intercept: (path: string) => number | undefined = () => undefined;
  command: 'none' | 'drain' | 'stop' = 'none';
  known = true;
  /** Uploaded archives by their SHA-256. */
  readonly artifacts = new Map<string, Buffer>();
  goodbyes = 0;
  heartbeatSeconds = 0.2;
  private waiting: (() => void)[] = [];
  private server: Server | null = null;
  private port = 0;

  get baseUrl(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  async start(): Promise<void> {
    const server = createServer((request, response) => {
      const artifact = /^\/api\/agent\/v1\/artifacts\/([0-9a-f]{64})$/.exec(request.url ?? '')?.[1];
      const archive = this.artifacts.get(artifact ?? '');
      if (archive && request.method === 'GET') return void response.end(archive);
      void this.handle(request).then(({ status, body }) => {
        if (status === 0) return void response.destroy();
        response.writeHead(status, {
          'content-type': status < 400 ? 'application/json' : 'application/problem+json',
        });
        response.end(JSON.stringify(body));
      });
    });
    await new Promise<void>((resolve) => server.listen(this.port, '127.0.0.1', resolve));
    this.port = (server.address() as AddressInfo).port;
    this.server = server;
  }

  /** As a crash: connections are cut; what was accepted is kept. `start` brings it back on the same port. */
  async stop(): Promise<void> {
    const server = this.server;
    this.server = null;
    this.wake();
    server?.closeAllConnections();
    await new Promise<void>((resolve) => (server ? server.close(() => resolve()) : resolve()));
  }

  enqueue(spec: LaunchSpec, secrets: Record<string, string> = {}): FakeRun {
    const run: FakeRun = {
      id: spec.runId,
      spec,
      secrets,
      state: 'pending',
      attempt: 0,
      execution: 1,
      orphaned: false,
      stop: false,
      agentSeq: 0,
      externalRef: null,
      cursor: null,
      log: Buffer.alloc(0),
      sources: [],
      events: [],
    };
    this.runs.push(run);
    this.wake();
    return run;
  }

  /** Puts an ended run back, as a retry or requeue does. */
  requeue(run: FakeRun): void {
    run.state = 'pending';
    run.execution += 1;
    run.cursor = null;
    this.wake();
  }

  stopRun(run: FakeRun): void {
    run.stop = true;
  }

  private wake(): void {
    for (const resolve of this.waiting.splice(0)) resolve();
  }

  private async handle(request: IncomingMessage): Promise<{ status: number; body: unknown }> {
    const path = request.url ?? '';
    try {
      const body = await readJson(request);
      const status = this.intercept(path);
      if (status !== undefined)
        return { status, body: { type: 'about:blank', title: 'Intercepted', status } };
      if (request.headers.authorization !== `Bearer ${this.token}`) throw new Refusal(401, 'unauthenticated');
      return { status: 200, body: await this.route(path, body) };
    } catch (error) {
      const { status, code } = error instanceof Refusal ? error : { status: 422, code: String(error) };
      return {
        status,
        body: {
          type: `https://slipway.dev/problems/${code}`,
          title: code,
          status,
          detail: `Refused: ${code}.`,
        },
      };
    }
  }

  private async route(path: string, body: unknown): Promise<unknown> {
    if (path === '/api/agent/v1/agents') return this.register(body);
    if (path === '/api/agent/v1/lease') return this.lease(body);
    if (path === '/api/agent/v1/heartbeat') return this.heartbeat(body);
    if (path === '/api/agent/v1/events') return this.reportMany(body);
    const [, id, kind] = /^\/api\/agent\/v1\/runs\/([^/]+)\/(events|logs)$/.exec(path) ?? [];
    const run = this.runs.find((candidate) => candidate.id === id);
    if (!run) throw new Refusal(404, 'not-found');
    return kind === 'events' ? this.report(run, body) : this.append(run, body);
  }

  private register(body: unknown): unknown {
    const { queues } = registerSchema.parse(body);
    this.session += 1;
    this.known = true;
    this.release();
    return {
      agentId: this.agentId,
      session: this.session,
      entity: 'team',
      leaseSeconds: 5,
      heartbeatSeconds: this.heartbeatSeconds,
      maxLogBytes: 64 * 2 ** 20,
      serverTime: new Date().toISOString(),
      unknownQueues: queues.filter((queue) => queue === 'missing'),
    };
  }

  private release(): void {
    for (const run of this.runs) {
      if (run.state === 'leased' || run.state === 'building') run.state = 'pending';
      if (run.state === 'starting' || run.state === 'running') run.orphaned = true;
    }
  }

  private checkSession(agentId: string, session: number | undefined): void {
    if (!this.known || agentId !== this.agentId) throw new Refusal(404, 'not-found');
    if (session !== this.session) throw new Refusal(409, 'superseded');
  }

  private async lease(body: unknown): Promise<unknown> {
    const { agentId, session, max, waitSeconds } = leaseRequestSchema.parse(body);
    const until = performance.now() + waitSeconds * 1000;
    for (;;) {
      this.checkSession(agentId, session);
      const ready = this.runs.filter((run) => run.orphaned || run.state === 'pending').slice(0, max);
      if (ready.length > 0 || performance.now() >= until || !this.server || this.command !== 'none') {
        return { runs: ready.map((run) => this.give(run)) };
      }
      await new Promise<void>((resolve) => {
        this.waiting.push(resolve);
        setTimeout(resolve, 100);
      });
    }
  }

  private give(run: FakeRun): LeasedRun {
    const adopt = run.orphaned;
    run.attempt += 1;
    run.agentSeq = 0;
    run.orphaned = false;
    if (!adopt) run.state = 'leased';
    return {
      id: run.id,
      attempt: run.attempt,
      execution: run.execution,
      leaseExpiresAt: new Date(Date.now() + 5000).toISOString(),
      adopt,
      adoption: adopt
        ? {
            state: run.state,
            externalRef: run.externalRef,
            logOffset: run.log.length,
            logCursor: run.cursor,
            submittedAt: null,
          }
        : null,
      spec: run.spec,
      secrets: run.secrets,
    };
  }

  private heartbeat(body: unknown): unknown {
    const { agentId, session, runs, status } = heartbeatRequestSchema.parse(body);
    this.checkSession(agentId, session);
    if (status === 'stopped') {
      this.goodbyes += 1;
      this.release();
    }
    const held = (id: string, attempt: number) =>
      this.runs.find(
        (run) => run.id === id && run.attempt === attempt && !run.orphaned && !FINAL.includes(run.state),
      );
    return {
      leases: runs.map(({ id, attempt }) => ({
        id,
        ok: held(id, attempt) !== undefined,
        leaseExpiresAt: null,
      })),
      stop: runs.filter(({ id, attempt }) => held(id, attempt)?.stop).map(({ id }) => id),
      lost: runs.filter(({ id, attempt }) => !held(id, attempt)).map(({ id }) => id),
      command: this.command,
      paused: false,
    };
  }

  private report(run: FakeRun, body: unknown): unknown {
    const { attempt, events } = reportRequestSchema.parse(body);
    if (attempt !== run.attempt) throw new Refusal(409, 'stale-attempt');
    for (const event of events) {
      if (event.seq <= run.agentSeq) continue;
      if (event.seq !== run.agentSeq + 1) throw new Refusal(409, 'event-gap');
      if (FINAL.includes(run.state) || run.orphaned) throw new Refusal(409, 'stale-attempt');
      run.agentSeq = event.seq;
      run.events.push({ attempt, state: event.state ?? null, data: event.data });
      if (event.state) run.state = event.state;
      if (event.state === 'starting') run.externalRef = z.string().parse(event.data['externalRef']);
    }
    return { lastSeq: run.agentSeq, state: run.state, stop: run.stop };
  }

  private reportMany(body: unknown): unknown {
    const { reports } = reportsRequestSchema.parse(body);
    const results = reports.map(({ runId, ...report }) => {
      const run = this.runs.find(({ id }) => id === runId);
      try {
        if (!run) throw new Refusal(404, 'not-found');
        return { answer: this.report(run, report), problem: null };
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        const { status, code } = error;
        return { answer: null, problem: { type: `urn:slipway:problem:${code}`, title: code, status } };
      }
    });
    return { results };
  }

  private append(run: FakeRun, body: unknown): unknown {
    const { attempt, offset, data, encoding, cursor, source } = logRequestSchema.parse(body);
    if (attempt !== run.attempt) throw new Refusal(409, 'stale-attempt');
    const bytes = Buffer.from(data, encoding);
    if (offset + bytes.length <= run.log.length) return { nextOffset: run.log.length, truncated: false };
    if (offset > run.log.length) throw new Refusal(409, 'log-gap');
    if (FINAL.includes(run.state) || run.orphaned) throw new Refusal(409, 'stale-attempt');
    run.log = Buffer.concat([run.log, bytes.subarray(run.log.length - offset)]);
    run.cursor = cursor ?? run.cursor;
    if (source !== undefined && !run.sources.includes(source)) run.sources.push(source);
    return { nextOffset: run.log.length, truncated: false };
  }
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return parts.length === 0 ? null : (JSON.parse(Buffer.concat(parts).toString('utf8')) as unknown);
}
