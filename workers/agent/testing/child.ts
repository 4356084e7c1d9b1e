import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import type { FakeServer } from './fake-server';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..');

const AS_IN_THE_PRODUCT = `import { runAgent } from '@/workers/agent';
process.exitCode = await runAgent({ queues: ['default'], maxJobs: Number(process.env.TEST_MAX_JOBS ?? 4), name: 'test', logLevel: 'debug' });`;

/** The agent as a program of its own, built as the product is, so that it can be killed. */
export class AgentProgram {
  private readonly children: ChildProcess[] = [];

  private constructor(
    private readonly folder: string,
    readonly stateDirectory: string,
  ) {}

  /** @param contents what runs, in the place of the agent as the product starts it */
  static async build(contents = AS_IN_THE_PRODUCT): Promise<AgentProgram> {
    const folder = await mkdtemp(join(tmpdir(), 'slipway-agent-program-'));
    // So that the packages left out of the bundle are found.
    await symlink(join(root, 'node_modules'), join(folder, 'node_modules'));
    await build({
      stdin: {
        contents,
        resolveDir: root,
        loader: 'ts',
      },
      bundle: true,
      platform: 'node',
      format: 'esm',
      packages: 'external',
      alias: { '@': root },
      outfile: join(folder, 'agent.mjs'),
    });
    return new AgentProgram(folder, await mkdtemp(join(tmpdir(), 'slipway-agent-')));
  }

  start(
    server: FakeServer,
    env: Record<string, string | undefined> = {},
  ): ChildProcess & { log: () => string; ended: Promise<number | null> } {
    const child = spawn(process.execPath, [join(this.folder, 'agent.mjs')], {
      env: {
        ...process.env,
        SLIPWAY_BASE_URL: server.baseUrl,
        SLIPWAY_AGENT_TOKEN: server.token,
        SLIPWAY_STATE_DIR: this.stateDirectory,
        XDG_CONFIG_HOME: this.folder,
        ...env,
      },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    this.children.push(child);
    let log = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (log += text));
    const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
    return Object.assign(child, { log: () => log, ended });
  }

  async remove(): Promise<void> {
    for (const child of this.children) if (child.exitCode === null) child.kill('SIGKILL');
    await rm(this.folder, { recursive: true, force: true });
    await rm(this.stateDirectory, { recursive: true, force: true });
  }
}

/** Waits until `condition` holds; fails with `what` after `timeoutMs`. */
export async function until(
  condition: () => boolean,
  what: string | (() => string),
  timeoutMs = 20_000,
): Promise<void> {
  for (const end = performance.now() + timeoutMs; performance.now() < end;) {
    if (condition()) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`Not within ${timeoutMs} ms: ${typeof what === 'string' ? what : what()}`);
}
