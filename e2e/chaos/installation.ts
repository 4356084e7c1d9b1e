import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { startRedis, type TestRedis } from '@/server/testing/redis';
import { ADMIN, System, type Child } from '../support/system';
import { Proxy } from './proxy';

export const ENTITY = ADMIN.username;
export const AGENTS = 3;
export const SERVERS = 2;

/** Seconds of a lease: short, so that a frozen agent is past it soon. */
export const LEASE_SECONDS = 5;

/**
 * An installation as one that matters is: several servers behind a balancer, workers and agents that something starts again when they
 * end, one PostgreSQL, and a Redis where there is one. The first server is the one of `System`.
 */
export class Installation {
  readonly servers: (Child | undefined)[] = [];
  readonly agents: (Child | undefined)[] = [];
  #ports: number[] = [];
  #token = '';
  #closing = false;

  private constructor(
    readonly system: System,
    readonly proxy: Proxy,
    readonly redis: TestRedis | null,
    readonly queues: readonly string[],
  ) {}

  static async start(queues: readonly string[], withRedis: boolean): Promise<Installation> {
    const redis = withRedis ? await startRedis() : null;
    const system = await System.start({
      env: {
        SLIPWAY_LEASE_SECONDS: String(LEASE_SECONDS),
        SLIPWAY_HEARTBEAT_SECONDS: '1',
        SLIPWAY_AGENT_LOST_SECONDS: '300',
        SLIPWAY_RATE_LIMIT: '0',
        ...(redis ? { REDIS_URL: redis.url } : {}),
      },
    });
    const ports: number[] = [];
    const proxy = await Proxy.start(() => ports);
    const installation = new Installation(system, proxy, redis, queues);
    installation.#ports = ports;
    installation.servers[0] = system.server;
    ports[0] = system.port;
    for (let index = 1; index < SERVERS; index += 1) await installation.startServer(index);
    for (const name of queues)
      await system.api()('POST', `/api/v1/entities/${ENTITY}/queues`, {
        name,
        resource: 'local-process',
        prioritized: name === queues[0],
        config: { format: 'json', source: '{}' },
      });
    installation.#token = await system.agentToken(ENTITY);
    for (let index = 0; index < AGENTS; index += 1) installation.startAgent(index);
    return installation;
  }

  /** Starts the server again, or another one; it takes requests through the proxy when it is ready. */
  async startServer(index: number): Promise<void> {
    if (index === 0) {
      await this.system.startServer();
      this.servers[0] = this.system.server;
      this.#ports[0] = this.system.port;
      return;
    }
    const { server, port } = await this.system.startAnotherServer(this.#ports[index]);
    this.servers[index] = server;
    this.#ports[index] = port;
  }

  /** The agent of this number, always with the same state directory: after a crash it is the same agent. */
  startAgent(index: number): void {
    const agent = this.system.startAgent({
      entity: ENTITY,
      queues: [...this.queues],
      token: this.#token,
      maxJobs: 3,
      name: `agent-${index}`,
      env: { SLIPWAY_BASE_URL: this.proxy.url },
    });
    this.agents[index] = agent;
    // As systemd or Kubernetes would: what ends is started again.
    void agent.ended.then(async () => {
      await delay(500);
      if (!this.#closing && this.agents[index] === agent) this.startAgent(index);
    });
  }

  get journalFile(): string {
    return path.join(this.system.dir, 'journal');
  }

  /** One line for each time a program was really started: `RUN_ID`. */
  journal(): string[] {
    if (!existsSync(this.journalFile)) return [];
    return readFileSync(this.journalFile, 'utf8').split('\n').filter(Boolean);
  }

  /** Asks the database itself, not the product. */
  async query<T extends pg.QueryResultRow>(sql: string, values: unknown[] = []): Promise<T[]> {
    const client = new pg.Client({ connectionString: this.system.databaseUrl });
    await client.connect();
    try {
      return (await client.query<T>(sql, values)).rows;
    } finally {
      await client.end();
    }
  }

  async stop(): Promise<void> {
    this.#closing = true;
    await this.proxy.stop();
    for (const server of this.servers.slice(1)) await server?.kill('SIGKILL');
    await this.system.stop();
    await this.redis?.stop();
  }
}
