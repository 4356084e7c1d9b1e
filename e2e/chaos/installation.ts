import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { startRedis, type TestRedis } from '@/server/testing/redis';
import { ADMIN, System, type Child } from '../support/system';
import { Balancer } from './balancer';
import { ChaosCluster, TRY_AGAIN } from './cluster';
import { Ledger } from './ledger';

export const ENTITY = ADMIN.username;
export const AGENTS = 3;
export const SERVERS = 2;
/** Runs that an agent has at once. */
const SLOTS = 6;

export interface ChaosQueue {
  name: string;
  resource: keyof typeof CONFIGS;
  prioritized: boolean;
}
const CONFIGS = {
  'local-process': '{}',
  kubernetes: '{"spec": {"template": {"spec": {"containers": [{"name": "main"}]}}}}',
};

/** Clocks of the agents, milliseconds off: one is an hour ahead, one an hour behind. */
const CLOCKS = [0, 3_600_000, -3_600_000];

/** Seconds of a lease: short, so that a frozen agent is past it soon. */
export const LEASE_SECONDS = 5;

/**
 * An installation as one that matters is: several servers behind a balancer, workers and agents that something starts again when they
 * end, one PostgreSQL, and a Redis where there is one. The first server is the one of `System`.
 */
export class Installation {
  readonly servers: (Child | undefined)[] = [];
  readonly agents: (Child | undefined)[] = [];
  readonly ledger = new Ledger();
  #ports: number[] = [];
  #token = '';
  #closing = false;
  #migrations = 0;

  private constructor(
    readonly system: System,
    readonly balancer: Balancer,
    readonly redis: TestRedis | null,
    readonly cluster: ChaosCluster,
    readonly queues: readonly ChaosQueue[],
  ) {
    balancer.witness = this.ledger.see;
  }

  static async start(queues: readonly ChaosQueue[], withRedis: boolean): Promise<Installation> {
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
    const balancer = await Balancer.start(() => ports);
    const cluster = await ChaosCluster.start(path.join(system.dir, 'kubeconfig'));
    const installation = new Installation(system, balancer, redis, cluster, queues);
    installation.#ports = ports;
    installation.servers[0] = system.server;
    ports[0] = system.port;
    for (let index = 1; index < SERVERS; index += 1) await installation.startServer(index);
    for (const { name, resource, prioritized } of queues)
      await system.api()('POST', `/api/v1/entities/${ENTITY}/queues`, {
        name,
        resource,
        prioritized,
        config: { format: 'json', source: CONFIGS[resource] },
        retryPolicy: { limit: 3, exitCodes: [TRY_AGAIN], backoffSeconds: 0 },
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
      queues: this.queues.map(({ name: queue }) => queue),
      token: this.#token,
      maxJobs: SLOTS,
      name: `agent-${index}`,
      env: {
        SLIPWAY_BASE_URL: this.balancer.url,
        KUBECONFIG: this.cluster.kubeconfig,
        CLOCK_OFFSET_MS: String(CLOCKS[index % CLOCKS.length] ?? 0),
        NODE_OPTIONS: `--import=${path.join(import.meta.dirname, 'clock.mjs')}`,
      },
    });
    this.agents[index] = agent;
    // As systemd or Kubernetes would: what ends is started again.
    void agent.ended.then(async () => {
      await delay(500);
      if (!this.#closing && this.agents[index] === agent) this.startAgent(index);
    });
  }

  /** A migration of a release to come: it adds to a table that every statement uses. */
  async migrate(): Promise<void> {
    const name = `20990101000000_next_${(this.#migrations += 1)}`;
    await this.query(`ALTER TABLE runs ADD COLUMN next_${this.#migrations} int NOT NULL DEFAULT 0`);
    await this.query(
      `INSERT INTO _prisma_migrations (id, checksum, migration_name, finished_at, applied_steps_count) VALUES ($1, $1, $1, now(), 1)`,
      [name],
    );
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
    await this.balancer.stop();
    for (const server of this.servers.slice(1)) await server?.kill('SIGKILL');
    await this.system.stop();
    await this.redis?.stop();
    await this.cluster.stop();
  }
}
