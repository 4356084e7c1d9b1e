import { readFileSync } from 'node:fs';
import { Client } from './client';
import pg from 'pg';
import { ADMIN, System } from '../../e2e/support/system';

export const ENTITY = ADMIN.username;

/** An agent as the interface sees it: what it says when it registers, and the client with its token. */
export interface BenchAgent {
  id: string;
  client: Client;
}
export interface LeasedRun {
  id: string;
  attempt: number;
}

/** A whole installation with one connection to its database beside it, for filling and for looking. */
export class BenchSystem {
  private constructor(
    readonly system: System,
    readonly db: pg.Pool,
    readonly user: Client,
    readonly agentClient: Client,
  ) {}

  static async start(profileTo = process.env.BENCH_PROFILE): Promise<BenchSystem> {
    const system = await System.start({
      serverFlags: profileTo ? ['--cpu-prof', `--cpu-prof-dir=${profileTo}`] : [],
      env: { SLIPWAY_RATE_LIMIT: '0', SLIPWAY_LEASE_SECONDS: '3600', SLIPWAY_LOG_LEVEL: 'warn' },
    });
    const db = new pg.Pool({ connectionString: system.databaseUrl, max: 70 });
    // The server is killed at the end while a connection may be in hand.
    db.on('error', () => undefined);
    const token = await system.agentToken(ENTITY);
    const user = new Client(system.baseUrl, system.apiKey, 128);
    return new BenchSystem(system, db, user, new Client(system.baseUrl, token, 1200));
  }

  async stop(): Promise<void> {
    await Promise.all([this.user.close(), this.agentClient.close()]);
    await this.db.end();
    await this.system.stop();
  }

  async createQueue(name: string, more: Record<string, unknown> = {}): Promise<void> {
    await this.user.call('POST', `/api/v1/entities/${ENTITY}/queues`, {
      name,
      resource: 'local-process',
      config: { format: 'json', source: '{}' },
      ...more,
    });
  }

  async registerAgent(name: string, queues: string[]): Promise<BenchAgent> {
    const { agentId } = await this.agentClient.call<{ agentId: string }>('POST', '/api/agent/v1/agents', {
      name,
      hostname: 'bench',
      version: '0',
      queues,
      maxJobs: -1,
      instanceId: `bench-${name}`,
    });
    return { id: agentId, client: this.agentClient };
  }

  launch(queue: string): Promise<{ id: string }> {
    return this.user.call('POST', `/api/v1/entities/${ENTITY}/queues/${queue}/runs`, LAUNCH);
  }

  launchBatch(queue: string, size: number): Promise<unknown> {
    return this.user.call('POST', `/api/v1/entities/${ENTITY}/queues/${queue}/runs/batch`, {
      runs: Array.from({ length: size }, () => LAUNCH),
    });
  }

  async lease(agent: BenchAgent, max: number, waitSeconds = 0): Promise<LeasedRun[]> {
    const { runs } = await agent.client.call<{ runs: LeasedRun[] }>('POST', '/api/agent/v1/lease', {
      agentId: agent.id,
      max,
      waitSeconds,
    });
    return runs;
  }

  /** Everything an agent says of a run that ends well, in one report. */
  finish(agent: BenchAgent, run: LeasedRun): Promise<unknown> {
    return agent.client.call('POST', `/api/agent/v1/runs/${run.id}/events`, endsWell(run));
  }

  /** The same of many runs, in one call, as an agent does whose runs move at the same time. */
  async finishMany(agent: BenchAgent, runs: LeasedRun[]): Promise<void> {
    const { results } = await agent.client.call<{ results: { answer: unknown }[] }>(
      'POST',
      '/api/agent/v1/events',
      { reports: runs.map((run) => ({ runId: run.id, ...endsWell(run) })) },
    );
    if (results.some(({ answer }) => answer === null)) throw new Error('a report was refused');
  }

  /** Waiting runs put straight into the tables, copies of one that was launched: millions of them over HTTP would take an hour. */
  async fill(queue: string, count: number, priorities: readonly number[] = [2]): Promise<void> {
    const { id } = await this.launch(queue);
    for (let done = 0; done < count; done += FILL_STEP) {
      await this.db.query(FILL, [id, done, Math.min(FILL_STEP, count - done), priorities]);
    }
  }

  /** As autovacuum would have done by itself before a queue got that deep. */
  async settle(): Promise<void> {
    await this.db.query('VACUUM (ANALYZE) runs');
    await this.db.query('CHECKPOINT');
  }

  /** Resident memory of the server, MB (Linux). */
  serverMegabytes(): number {
    const status = readFileSync(`/proc/${String(this.system.server?.process.pid)}/status`, 'utf8');
    return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024;
  }

  /** Processor time the server has used, seconds (Linux; 100 ticks a second). */
  serverCpuSeconds(): number {
    const stat = readFileSync(`/proc/${String(this.system.server?.process.pid)}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return (Number(fields[11]) + Number(fields[12])) / 100;
  }
}

/** What an agent says of a run that starts and ends well. */
export const endsWell = ({ attempt }: LeasedRun) => ({
  attempt,
  events: ['starting', 'running', 'finished'].map((state, index) => ({
    seq: index + 1,
    state,
    data: state === 'finished' ? { exitCode: 0 } : {},
  })),
});
const LAUNCH = { entrypoint: ['true'] };
const FILL_STEP = 250_000;
/** Ids of filled runs begin with `f`, which stays within what an id may be. */
const FILL = `
WITH numbers AS (SELECT n FROM generate_series($2::bigint + 1, $2::bigint + $3::bigint) AS n),
model AS (SELECT * FROM runs WHERE id = $1),
inserted AS (
  INSERT INTO runs (id, entity_id, queue_id, queue_version, name, priority, author_id, author, event_seq)
  SELECT 'f' || substr(md5(model.queue_id::text || n::text), 1, 11), entity_id, queue_id, queue_version, 'filled-' || n,
         ($4::smallint[])[1 + n % cardinality($4::smallint[])], author_id, author, 1
  FROM numbers, model ON CONFLICT DO NOTHING RETURNING id
)
INSERT INTO run_specs (run_id, spec, template_values)
SELECT inserted.id, spec.spec, spec.template_values FROM inserted, run_specs spec WHERE spec.run_id = $1`;
