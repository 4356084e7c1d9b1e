import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { startPostgres } from '../../scripts/lib/embedded-postgres.mjs';
import { freePort } from '../../scripts/lib/free-port.mjs';
import { clientOf, makeApiKey, waitReady, type ApiCall } from '../../scripts/lib/first-use.mjs';
import { familyOf, isAlive, limitFiles } from './disk';
import { applyMigrations } from '../../scripts/lib/schema-engine.mjs';
import { SERVER_FLAGS } from '../../scripts/lib/server-flags.mjs';

const root = path.resolve(import.meta.dirname, '../..');
export const ADMIN = {
  email: 'admin@example.test',
  name: 'Ada Admin',
  username: 'ada',
  password: 'correct horse battery',
};

/** A real process of the installation: its output, and ways to end it. */
export class Child {
  readonly output: string[] = [];
  readonly ended: Promise<number | null>;

  constructor(readonly process: ChildProcess) {
    process.stdout?.on('data', (data: Buffer) => this.output.push(data.toString()));
    process.stderr?.on('data', (data: Buffer) => this.output.push(data.toString()));
    this.ended = new Promise((resolve) => process.once('exit', (code) => resolve(code)));
  }

  get running(): boolean {
    return this.process.exitCode === null && this.process.signalCode === null;
  }

  async kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<number | null> {
    if (this.running) this.process.kill(signal);
    return this.ended;
  }

  text(): string {
    return this.output.join('');
  }
}

/** Environment of a child: nothing of the developer's own configuration. */
function environment(extra: Record<string, string>): NodeJS.ProcessEnv {
  const { PATH, HOME, LANG, TMPDIR, DOCKER_HOST } = process.env;
  return {
    PATH,
    HOME,
    LANG,
    TMPDIR,
    DOCKER_HOST,
    NODE_ENV: 'production',
    NEXT_TELEMETRY_DISABLED: '1',
    ...extra,
  };
}

export function runNode(args: string[], env: Record<string, string>, cwd = root): Child {
  return new Child(
    spawn(process.execPath, args, { cwd, env: environment(env), stdio: ['ignore', 'pipe', 'pipe'] }),
  );
}

/** A whole installation from the built output, in a folder of its own. */
export class System {
  readonly baseUrl: string;
  databaseUrl = '';
  apiKey = '';
  server: Child | undefined;
  worker: Child | undefined;
  private postgres: Awaited<ReturnType<typeof startPostgres>> | undefined;
  readonly agents: Child[] = [];
  private readonly env: Record<string, string>;

  private constructor(
    readonly dir: string,
    readonly port: number,
    private readonly databasePort: number,
    extra: Record<string, string>,
    private readonly serverFlags: string[],
  ) {
    this.baseUrl = `http://127.0.0.1:${port}`;
    this.env = {
      SLIPWAY_BASE_URL: this.baseUrl,
      SLIPWAY_HOST: '127.0.0.1',
      SLIPWAY_PORT: String(port),
      NEXTAUTH_SECRET: randomBytes(32).toString('base64url'),
      SLIPWAY_SECRET_KEYS: `k1:${randomBytes(32).toString('base64')}`,
      SLIPWAY_LOG_LEVEL: 'info',
      SLIPWAY_BLOB_STORE: path.join(dir, 'blobs'),
      SLIPWAY_GIT_RESOLVE: 'https,http,file,local',
      ...extra,
    };
  }

  /** Starts PostgreSQL, server and worker; `admin` also makes the first admin with an API key. */
  static async start({
    port,
    admin = true,
    env = {},
    serverFlags = [],
  }: {
    port?: number;
    admin?: boolean;
    env?: Record<string, string>;
    /** Flags of Node for the server, such as those of its profiler. */
    serverFlags?: string[];
  } = {}): Promise<System> {
    const dir = await mkdtemp(path.join(tmpdir(), 'slipway-e2e-'));
    await chmod(dir, 0o711); // PostgreSQL refuses to run as root: another user must be able to walk in
    const system = new System(dir, port ?? (await freePort()), await freePort(), env, serverFlags);
    await system.startPostgres();
    await applyMigrations(system.databaseUrl);
    await system.startServer();
    system.startWorker();
    if (admin) {
      await system.api()('POST', '/api/v1/setup', ADMIN);
      system.apiKey = await makeApiKey(system.baseUrl, ADMIN.email, ADMIN.password);
    }
    return system;
  }

  async startPostgres(): Promise<void> {
    this.postgres = await startPostgres({ dir: path.join(this.dir, 'postgres'), port: this.databasePort });
    if (this.databaseUrl === '') await this.postgres.createDatabase('slipway');
    this.databaseUrl = this.postgres.url();
  }

  /** As a crash of the machine would: every process of PostgreSQL at once, nothing is said. */
  async killPostgres(): Promise<void> {
    if (!this.postgres) return;
    process.kill(this.postgres.pid, 'SIGKILL');
    await delay(500);
  }

  /** From now on PostgreSQL can write no file, as if its disk were full. */
  async fillDiskOfPostgres(): Promise<void> {
    if (this.postgres) await limitFiles(await familyOf(this.postgres.pid), 0);
  }

  /** There is room again; PostgreSQL, which gives up when it cannot write its log, is started again if need be. */
  async emptyDiskOfPostgres(): Promise<void> {
    if (!this.postgres) return;
    const { pid } = this.postgres;
    await limitFiles(await familyOf(pid), null);
    await delay(500);
    if (await isAlive(pid)) return;
    await this.startPostgres();
  }

  async startServer(): Promise<void> {
    const server = runNode([...SERVER_FLAGS, ...this.serverFlags, 'dist/server.mjs'], {
      ...this.env,
      DATABASE_URL: this.databaseUrl,
    });
    this.server = server;
    await waitReady(this.baseUrl, () => !server.running).catch((error: unknown) => {
      throw new Error(`${String(error)}\n${server.text()}`);
    });
  }

  /** One more server over the same database, on a port of its own. */
  async startAnotherServer(port?: number): Promise<{ server: Child; port: number }> {
    const own = port ?? (await freePort());
    const server = runNode([...SERVER_FLAGS, ...this.serverFlags, 'dist/server.mjs'], {
      ...this.env,
      DATABASE_URL: this.databaseUrl,
      SLIPWAY_PORT: String(own),
    });
    await waitReady(`http://127.0.0.1:${own}`, () => !server.running).catch((error: unknown) => {
      throw new Error(`${String(error)}\n${server.text()}`);
    });
    return { server, port: own };
  }

  startWorker(): void {
    this.worker = runNode(['dist/worker.mjs'], { ...this.env, DATABASE_URL: this.databaseUrl });
  }

  /** HTTP calls as the admin, or with another key. */
  api(key: string = this.apiKey): ApiCall {
    return clientOf(this.baseUrl, key);
  }

  async agentToken(entity: string, queues: string[] = []): Promise<string> {
    const { token } = await this.api()<{ token: string }>('POST', `/api/v1/entities/${entity}/agent-tokens`, {
      name: `token ${randomBytes(3).toString('hex')}`,
      queues,
    });
    return token;
  }

  startAgent({
    entity,
    queues,
    token = '',
    maxJobs = 1,
    name = 'agent-1',
    args = [],
    env = {},
  }: {
    entity: string;
    queues: string[];
    token?: string;
    maxJobs?: number;
    name?: string;
    args?: string[];
    env?: Record<string, string>;
  }): Child {
    const agent = runNode(
      [
        'dist/cli.mjs',
        'launch-agent',
        '-e',
        entity,
        ...queues.flatMap((queue) => ['-q', queue]),
        '--max-jobs',
        String(maxJobs),
        '--name',
        name,
        '--state-dir',
        path.join(this.dir, name),
        ...args,
      ],
      { SLIPWAY_BASE_URL: this.baseUrl, SLIPWAY_AGENT_TOKEN: token, ...env },
    );
    this.agents.push(agent);
    return agent;
  }

  /** The command line as a user of the admin's key. */
  async cli(
    args: string[],
    { key = this.apiKey, baseUrl = this.baseUrl } = {},
  ): Promise<{ code: number | null; stdout: string; stderr: string }> {
    const child = spawn(process.execPath, [path.join(root, 'dist/cli.mjs'), ...args], {
      cwd: this.dir,
      env: environment({
        SLIPWAY_BASE_URL: baseUrl,
        SLIPWAY_API_KEY: key,
        XDG_CONFIG_HOME: path.join(this.dir, 'config'),
      }),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (data: Buffer) => (stdout += data.toString()));
    child.stderr.on('data', (data: Buffer) => (stderr += data.toString()));
    const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
    return { code, stdout, stderr };
  }

  async stop(): Promise<void> {
    for (const agent of this.agents) await agent.kill('SIGKILL');
    await this.worker?.kill('SIGTERM');
    await this.server?.kill('SIGTERM');
    await this.postgres?.stop().catch(() => undefined);
    await rm(this.dir, { recursive: true, force: true });
  }
}

/** Asks until the answer is good. */
export async function until<T>(
  what: string,
  ask: () => Promise<T>,
  good: (value: T) => boolean,
  patienceMs = 60_000,
): Promise<T> {
  let last: unknown = null;
  const end = Date.now() + patienceMs;
  while (Date.now() < end) {
    try {
      const value = await ask();
      if (good(value)) return value;
      last = value;
    } catch (error) {
      last = error instanceof Error ? error.message : error;
    }
    await delay(100);
  }
  throw new Error(
    `${what} did not come about within ${patienceMs / 1000} s; last seen: ${JSON.stringify(last).slice(0, 2000)}`,
  );
}
