import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LaunchSpec } from '@/core/wire';
import type { Agent } from '../loop/agent';
import { createKubernetesRunner, type KubernetesOptions } from '../runners/kubernetes';
import type { Runner } from '../runners/types';
import { createLogger } from '../support/logger';
import { composeAgent } from './compose';
import { FakeServer, type FakeRun } from './fake-server';
import { testSpec } from './spec';

/** A launch on a Kubernetes queue. */
export const clusterSpec = (overrides: Partial<LaunchSpec> = {}): LaunchSpec =>
  testSpec({
    resource: 'kubernetes',
    image: 'registry.example.com/train:1',
    entrypoint: ['train'],
    ...overrides,
  });

/** An agent of this process with a server, for tests of the Kubernetes runner. */
export class ClusterAgent {
  private readonly agents: { agent: Agent; done: Promise<number>; runner: Runner }[] = [];

  private constructor(
    readonly server: FakeServer,
    private readonly folder: string,
    readonly kubeconfig: string,
  ) {}

  /** @param kubeconfig text of one */
  static async start(kubeconfig: string, options: Partial<KubernetesOptions> = {}): Promise<ClusterAgent> {
    const server = new FakeServer();
    await server.start();
    const folder = await mkdtemp(join(tmpdir(), 'slipway-cluster-'));
    const path = join(folder, 'kubeconfig');
    await writeFile(path, kubeconfig);
    const self = new ClusterAgent(server, folder, path);
    await self.add('one', options);
    return self;
  }

  /** Another agent, with a state directory of its own; the server gives it what the one before had. */
  async add(name: string, options: Partial<KubernetesOptions> = {}): Promise<void> {
    const log = createLogger({ level: process.env['TEST_LOG'] ? 'debug' : 'error', json: false });
    const runner = createKubernetesRunner({
      settings: { kubeconfig: this.kubeconfig, context: null },
      namespace: null,
      additionalNamespaces: null,
      secureMode: false,
      ...options,
    });
    const stateDirectory = await mkdtemp(join(this.folder, 'state-'));
    const runners = { kubernetes: runner };
    const agent = await composeAgent({ server: this.server, name, runners, stateDirectory, log });
    this.agents.push({ agent, done: agent.run(), runner });
  }

  launch(overrides: Partial<LaunchSpec> = {}, secrets: Record<string, string> = {}): FakeRun {
    return this.server.enqueue(clusterSpec(overrides), secrets);
  }

  /** The agents leave; their runs go on. */
  async leave(): Promise<void> {
    for (const { agent, done, runner } of this.agents.splice(0)) {
      agent.leave();
      await done;
      await runner.close?.();
    }
  }

  async remove(): Promise<void> {
    await this.leave();
    await this.server.stop();
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** Events of a run without a state, of one kind. */
export const eventsOf = (run: FakeRun, kind: string) =>
  run.events.filter((event) => event.state === null && event.data['kind'] === kind).map(({ data }) => data);

/** `data` of the report of a final state. */
export const resultOf = (run: FakeRun) => run.events.findLast((event) => event.state === run.state)?.data;
