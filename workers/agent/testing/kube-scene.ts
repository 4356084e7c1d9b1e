import type { KubernetesOptions } from '../runners/kubernetes';
import type { KubeObject } from '../kube/types';
import { until } from './child';
import type { FakeRun } from './fake-server';
import { ClusterAgent, resultOf } from './kube-agent';
import { Cluster, KubeApi } from './kube-api';

/** An API server of the tests, what plays its controllers and kubelets, and an agent that works with them. */
export class KubeScene {
  private constructor(
    readonly api: KubeApi,
    readonly cluster: Cluster,
    readonly agent: ClusterAgent,
  ) {}

  static async start(options: Partial<KubernetesOptions> = {}): Promise<KubeScene> {
    const api = await KubeApi.start();
    return new KubeScene(api, new Cluster(api), await ClusterAgent.start(api.kubeconfig(), options));
  }

  async remove(): Promise<void> {
    await this.agent.remove();
    await this.api.close();
  }

  /** The Job of a run, once it is there. */
  async submitted(run: FakeRun): Promise<KubeObject> {
    await until(
      () => this.cluster.job(run.id) !== undefined,
      () => `a Job of ${run.id}: ${JSON.stringify(resultOf(run))}`,
    );
    return this.cluster.job(run.id) ?? { metadata: { name: '' } };
  }

  /** Lets the pod of a run begin. */
  async running(run: FakeRun): Promise<KubeObject> {
    const pod = this.cluster.addPod(await this.submitted(run));
    this.cluster.run(pod);
    await reaches(run, 'running');
    return pod;
  }
}

/** Waits for a state of a run; says what became of it instead. */
export const reaches = (run: FakeRun, wanted: FakeRun['state']): Promise<void> =>
  until(
    () => run.state === wanted,
    () =>
      `${wanted}, but it is ${run.state} with ${JSON.stringify(run.events.map(({ state, data }) => [state, state === 'starting' ? '' : data]))}`,
  );

/** The log of a run as the server has it. */
export const logOf = (run: FakeRun): string => run.log.toString('utf8');
