import { randomBytes } from 'node:crypto';
import type { JsonObject } from '@/core/wire';
import type { KubeObject } from '../../kube/types';
import type { KubeApi } from './server';

type Status = Record<string, unknown>;
interface Template {
  metadata?: { labels?: Record<string, string> };
  spec: { containers: { name: string }[]; [key: string]: unknown };
}
const PODS = 'api/v1/pods';
const JOBS = 'apis/batch/v1/jobs';
const now = () => new Date().toISOString().replace(/\.\d+/, '');

/** How a container ended. */
export interface Ending {
  exitCode: number;
  reason?: string;
  signal?: number;
}

/** Plays the controllers and kubelets of a cluster, one step at a time, as a test says. */
export class Cluster {
  constructor(
    readonly api: KubeApi,
    private readonly namespace = 'default',
  ) {}

  job(name: string): KubeObject | undefined {
    return this.api.store.get(JOBS, this.namespace, name);
  }

  pods(runId?: string): KubeObject[] {
    return this.api.store
      .list(PODS)
      .filter(({ metadata }) => runId === undefined || metadata.labels?.['slipway.dev/run-id'] === runId);
  }

  /** A pod made of the template of `owner` (a Job unless a template is given). */
  addPod(
    owner: KubeObject,
    template = owner.spec?.['template'] as unknown as Template,
    name?: string,
  ): KubeObject {
    const { apiVersion = 'batch/v1', kind = 'Job', metadata } = owner;
    const pod = this.api.store.create(PODS, this.namespace, {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: {
        name: name ?? `${metadata.name}-${randomBytes(3).toString('hex').slice(0, 5)}`,
        labels: { ...template.metadata?.labels },
        ownerReferences: [{ apiVersion, kind, name: metadata.name, uid: metadata.uid ?? '' }],
      },
      spec: template.spec as unknown as JsonObject,
      status: { phase: 'Pending' },
    });
    return pod;
  }

  status(pod: KubeObject, change: (status: Status, pod: KubeObject) => void): void {
    this.api.store.update(PODS, this.namespace, pod.metadata.name, (object) => {
      object.status ??= {};
      change(object.status, object);
    });
  }

  run(pod: KubeObject, restartCount = 0): void {
    this.status(pod, (status, { spec }) => {
      status['phase'] = 'Running';
      status['containerStatuses'] = (spec?.['containers'] as { name: string }[]).map(({ name }) => ({
        name,
        restartCount,
        ready: true,
        state: { running: { startedAt: now() } },
      }));
    });
  }

  waiting(pod: KubeObject, reason: string, message: string): void {
    this.status(pod, (status, { spec }) => {
      status['containerStatuses'] = (spec?.['containers'] as { name: string }[]).map(({ name }) => ({
        name,
        restartCount: 0,
        state: { waiting: { reason, message } },
      }));
    });
  }

  print(pod: KubeObject, text: string, container = this.firstContainer(pod)): void {
    this.api.logs.write(`${this.namespace}/${pod.metadata.name}/${container}`, text);
  }

  /** The container ends and starts again in the same pod. */
  restart(
    pod: KubeObject,
    restartCount: number,
    { exitCode, reason = 'Error' }: Ending = { exitCode: 1 },
  ): void {
    const container = this.firstContainer(pod);
    this.api.logs.restart(`${this.namespace}/${pod.metadata.name}/${container}`);
    this.status(pod, (status) => {
      status['containerStatuses'] = [
        {
          name: container,
          restartCount,
          state: { running: { startedAt: now() } },
          lastState: { terminated: { exitCode, reason, finishedAt: now() } },
        },
      ];
    });
  }

  end(pod: KubeObject, ending: Ending | number, extra: Status = {}): void {
    const { exitCode, reason, signal } =
      typeof ending === 'number' ? { exitCode: ending, reason: undefined, signal: undefined } : ending;
    for (const { name } of pod.spec?.['containers'] as unknown as { name: string }[])
      this.api.logs.end(`${this.namespace}/${pod.metadata.name}/${name}`);
    this.status(pod, (status, object) => {
      status['phase'] = exitCode === 0 ? 'Succeeded' : 'Failed';
      status['containerStatuses'] = (object.spec?.['containers'] as { name: string }[]).map(({ name }) => ({
        name,
        restartCount: 0,
        state: {
          terminated: {
            exitCode,
            signal,
            reason: reason ?? (exitCode === 0 ? 'Completed' : 'Error'),
            finishedAt: now(),
          },
        },
      }));
      Object.assign(status, extra);
      if (object.metadata.deletionTimestamp) delete object.metadata.finalizers;
    });
  }

  /** Gives the Job its last condition. */
  finishJob(name: string, type: 'Complete' | 'Failed', reason = '', message = ''): void {
    this.api.store.update(JOBS, this.namespace, name, (job) => {
      job.status = {
        ...job.status,
        conditions: [{ type, status: 'True', reason, message, lastTransitionTime: now() }],
      };
    });
  }

  event(object: KubeObject, reason: string, message: string, type = 'Warning'): void {
    const { kind = '', apiVersion = '', metadata } = object;
    this.api.store.create('api/v1/events', this.namespace, {
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { name: `${metadata.name}.${randomBytes(8).toString('hex')}` },
      involvedObject: { kind, apiVersion, name: metadata.name, namespace: this.namespace, uid: metadata.uid },
      reason,
      message,
      type,
      lastTimestamp: now(),
    });
  }

  /** Each Job that is made gets a pod, which prints `lines`, ends with `exitCode`, and ends the Job; what is done between is up to `meanwhile`. */
  playAll(
    lines: readonly string[],
    exitCode = 0,
    meanwhile: (pod: KubeObject) => Promise<void> = () => Promise.resolve(),
  ): void {
    this.api.onCreate = (collection, job) => {
      if (collection !== JOBS) return;
      const pod = this.addPod(job);
      this.run(pod);
      for (const line of lines) this.print(pod, line);
      void meanwhile(pod).then(() => {
        this.end(pod, exitCode);
        this.finishJob(
          job.metadata.name,
          exitCode === 0 ? 'Complete' : 'Failed',
          exitCode === 0 ? '' : 'BackoffLimitExceeded',
        );
      });
    };
  }

  private firstContainer(pod: KubeObject): string {
    return (pod.spec?.['containers'] as unknown as { name: string }[])[0]?.name ?? '';
  }
}
