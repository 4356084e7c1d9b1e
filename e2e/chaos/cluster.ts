import { writeFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import type { KubeObject } from '@/workers/agent/kube/types';
import { Cluster, KubeApi } from '@/workers/agent/testing/kube-api';

const JOBS = 'apis/batch/v1/jobs';
const RUN_LABEL = 'slipway.dev/run-id';
/** How long an ended Job stays, as `ttlSecondsAfterFinished: 60` has it, milliseconds. */
const TIME_TO_LIVE_MS = 60_000;

/** Changes of objects that watches can be taken up from. */
const KEPT_EVENTS = 5000;

/** What the programs of the cluster read from their environment. */
interface Orders {
  lines: number;
  pauseMs: number;
  exitCode: number;
  /** The first time it fails so that the queue tries it again. */
  tries: number;
}

/**
 * A Kubernetes cluster whose API counts: whatever happens to agents and servers, here stands how often a program was really submitted.
 * Each Job gets a pod that writes numbered lines and ends as its environment says.
 */
export class ChaosCluster {
  /** By run: how many Jobs were created for it. */
  readonly created = new Map<string, number>();
  readonly #cluster: Cluster;
  readonly #forgetting: NodeJS.Timeout;

  private constructor(
    readonly api: KubeApi,
    readonly kubeconfig: string,
  ) {
    this.#cluster = new Cluster(api);
    api.onCreate = (collection, object) => {
      if (collection === JOBS) void this.#play(object);
    };
    this.#forgetting = setInterval(() => {
      // Nothing here asks for the requests of before; watches that are far behind have to list again, as everywhere.
      api.requests.length = 0;
      if (api.store.history.length > KEPT_EVENTS) api.compact();
    }, 1000);
  }

  static async start(kubeconfig: string): Promise<ChaosCluster> {
    const api = await KubeApi.start();
    await writeFile(kubeconfig, api.kubeconfig());
    return new ChaosCluster(api, kubeconfig);
  }

  async stop(): Promise<void> {
    clearInterval(this.#forgetting);
    await this.api.close();
  }

  async #play(job: KubeObject): Promise<void> {
    const run = job.metadata.labels?.[RUN_LABEL] ?? '';
    const count = (this.created.get(run) ?? 0) + 1;
    this.created.set(run, count);
    const { lines, pauseMs, exitCode, tries } = ordersOf(job);
    try {
      const pod = this.#cluster.addPod(job);
      this.#cluster.run(pod);
      for (let line = 1; line <= lines; line += 1) {
        this.#cluster.print(pod, `line ${line}`);
        await delay(pauseMs);
      }
      const code = count < tries ? TRY_AGAIN : exitCode;
      this.#cluster.end(pod, code);
      this.#cluster.finishJob(
        job.metadata.name,
        code === 0 ? 'Complete' : 'Failed',
        code === 0 ? '' : 'BackoffLimitExceeded',
      );
    } catch {
      // It was deleted while it ran.
      return;
    }
    await delay(TIME_TO_LIVE_MS, undefined, { ref: false });
    const there = this.api.store.get(JOBS, 'default', job.metadata.name);
    if (there && there.metadata.uid === job.metadata.uid) this.api.remove(JOBS, there, 0);
  }
}

/** Exit code by which the queues start a program again. */
export const TRY_AGAIN = 75;

function ordersOf(job: KubeObject): Orders {
  const template = job.spec?.['template'] as unknown as {
    spec: { containers: { env?: { name: string; value?: string }[] }[] };
  };
  const text = template.spec.containers[0]?.env?.find(({ name }) => name === 'ORDERS')?.value;
  if (text === undefined) throw new Error(`the Job ${job.metadata.name} has no orders`);
  return JSON.parse(text) as Orders;
}
