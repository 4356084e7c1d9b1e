import { createGzip } from 'node:zlib';
import { pipeline } from 'node:stream/promises';
import type { AgentBuilder } from '@/core/agent-config';
import { createEnvironments } from '../../environments';
import { connectKube, type KubeClient } from '../../kube/client';
import { JOB, objectPath } from '../../kube/discovery';
import { isPassing, kubeStatus } from '../../kube/errors';
import type { KubeList, KubeObject } from '../../kube/types';
import { createStore, type Store } from '../../stores';
import { backoffDelay, errorMessage, sleep } from '../../support/timing';
import type { BuilderOptions } from '..';
import type { BuildRequest, Builder } from '../types';
import { LogTail, buildFailure, jobFailure, toBuildFailure } from './failure';
import { CONTEXT_ANNOTATION, MANAGED, STORE_ANNOTATION, buildId, buildJobName, kanikoJob } from './job';
import { findPod, followLog, obstacle, stateOf } from './pod';

const POLL_MS = 1000;
/** How long a cluster may be away before a build is given up, milliseconds. */
const AWAY_MS = 180_000;
const CLEAN_UP_MS = 30_000;
/** A finished Job that is older was left behind; a younger one may still be read by its agent, milliseconds. */
const LEFT_MS = 300_000;
/** Builds of an image whose Job was taken away from outside. */
const MAX_BUILDS = 2;

/** Builds in a cluster: the context goes to the store, a Job builds and pushes, and both are removed. */
export function createKanikoBuilder({ config, registry, log }: BuilderOptions): Builder {
  const { builder } = config;
  const address = builder?.buildContextStore ?? null;
  if (builder === null || address === null) throw new Error('a kaniko builder has a store');
  const store = createStore(address, createEnvironments(config.environment));
  let connected: Promise<KubeClient> | null = null;
  const connect = () =>
    (connected ??= connectKube(config.kubernetes).catch((error: unknown) => {
      connected = null;
      throw error;
    }));
  const namespaceOf = (client: KubeClient) => config.namespace ?? client.namespace;

  return {
    async build(request) {
      try {
        const client = await connect();
        const jobs = new BuildJobs(client, namespaceOf(client), store, log);
        await jobs.sweep(builder, request.signal);
        for (let round = 1; ; round++) {
          const ended = await new KanikoRun(request, jobs, { config, builder, log }).run();
          if (ended === 'built') return;
          if (await registry?.exists(request.image, request.signal)) return;
          if (round === MAX_BUILDS)
            throw buildFailure('platform', 'The build Job was removed from the cluster before it had ended.');
        }
      } catch (error) {
        request.signal.throwIfAborted();
        throw toBuildFailure(error);
      }
    },
    async probe(signal) {
      try {
        const client = await connect();
        const namespace = namespaceOf(client);
        const image = `${builder.destination ?? ''}:slipway-check`;
        const pods = await findPod(client, namespace, buildId(image), signal);
        const body = kanikoJob(
          {
            image,
            destination: builder.destination ?? '',
            platform: builder.platform,
            dockerfilePath: 'Dockerfile',
            namespace,
            contextKey: 'slipway-check.tgz',
            contextUrl: store.url('slipway-check.tgz'),
          },
          config,
          builder,
          process.env['SLIPWAY_BUILD_SERVICE_ACCOUNT'] || null,
        );
        // Checked by the cluster as a real one, and not kept.
        await client.request(objectPath(JOB, namespace), {
          method: 'POST',
          query: { dryRun: 'All' },
          body,
          signal,
        });
        const busy = pods === null ? '' : '; a build is running';
        return `the cluster ${client.server} takes build Jobs in the namespace ${namespace}${busy}`;
      } catch (error) {
        throw toBuildFailure(error);
      }
    },
    async sweep(signal) {
      const client = await connect();
      await new BuildJobs(client, namespaceOf(client), store, log).sweep(builder, signal);
    },
  };
}

/** The build Jobs of a namespace, with their contexts. */
class BuildJobs {
  constructor(
    readonly client: KubeClient,
    readonly namespace: string,
    readonly store: Store,
    private readonly log: BuilderOptions['log'],
  ) {}

  path = (name?: string) => objectPath(JOB, this.namespace, name);

  async get(name: string, signal: AbortSignal): Promise<KubeObject | null> {
    try {
      return await this.client.request<KubeObject>(this.path(name), { signal });
    } catch (error) {
      if (kubeStatus(error) === 404) return null;
      throw error;
    }
  }

  /** Deletes a Job with its pods; whether or not it is there. */
  async delete(name: string, signal: AbortSignal): Promise<void> {
    try {
      await this.client.request(this.path(name), {
        method: 'DELETE',
        query: { propagationPolicy: 'Background' },
        signal,
      });
    } catch (error) {
      if (kubeStatus(error) !== 404) throw error;
    }
  }

  /** What agents that were killed have left: finished Jobs of this kind of build, and their contexts. */
  async sweep({ buildJobName: prefix }: AgentBuilder, signal: AbortSignal): Promise<void> {
    const labelSelector = Object.entries(MANAGED)
      .map((pair) => pair.join('='))
      .join(',');
    const { items } = await again(
      () => this.client.request<KubeList>(this.path(), { query: { labelSelector }, signal }),
      signal,
    );
    for (const { metadata, status } of items) {
      const finished = conditionOf(status);
      const isOld = finished !== null && Date.now() - Date.parse(finished.at) > LEFT_MS;
      if (!isOld || !metadata.name.startsWith(`${prefix}-`)) continue;
      const { [CONTEXT_ANNOTATION]: key, [STORE_ANNOTATION]: address } = metadata.annotations ?? {};
      try {
        if (key !== undefined && address === this.store.address) await this.store.delete(key, signal);
        await this.delete(metadata.name, signal);
        this.log.info('Removed what an earlier build had left', { job: metadata.name });
      } catch (error) {
        this.log.warn(`What an earlier build has left could not be removed: ${errorMessage(error)}`);
      }
    }
  }
}

/** One build, from the context to its end. */
class KanikoRun {
  private readonly tail = new LogTail();
  private readonly name: string;
  private readonly contextKey: string;
  private warned = '';
  private following: Promise<void> | null = null;

  constructor(
    private readonly request: BuildRequest,
    private readonly jobs: BuildJobs,
    private readonly parts: {
      config: BuilderOptions['config'];
      builder: AgentBuilder;
      log: BuilderOptions['log'];
    },
  ) {
    this.name = buildJobName(parts.builder, request.image);
    this.contextKey = `${request.tag}.tgz`;
  }

  /** `gone`: somebody else removed the Job, perhaps an agent that followed the same build. */
  async run(): Promise<'built' | 'gone'> {
    try {
      await this.start();
      return await this.follow();
    } finally {
      await this.cleanUp();
    }
  }

  /** Creates the Job unless one for this image runs already. */
  private async start(): Promise<void> {
    const { signal, log } = this.request;
    for (;;) {
      const known = await again(() => this.jobs.get(this.name, signal), signal);
      if (known !== null && known.metadata.deletionTimestamp === undefined && !isFinished(known)) {
        await log(`Following the build Job ${this.name}, which is there already\n`);
        return;
      }
      if (known !== null) {
        await this.jobs.delete(this.name, signal);
        await sleep(POLL_MS, signal);
        signal.throwIfAborted();
        continue;
      }
      await this.upload();
      try {
        await again(() => this.create(), signal);
        await log(`Created the build Job ${this.name} in the namespace ${this.jobs.namespace}\n`);
        return;
      } catch (error) {
        if (kubeStatus(error) !== 409) throw error;
        // Another agent was faster: its Job is followed.
      }
    }
  }

  private async upload(): Promise<void> {
    const { context, signal, log } = this.request;
    const gzip = createGzip();
    const packed = pipeline(context.tar(), gzip, { signal });
    packed.catch(() => undefined);
    const { bytes } = await this.jobs.store.put(this.contextKey, gzip, signal);
    await packed;
    await log(`Uploaded the context to ${this.jobs.store.url(this.contextKey)} (${bytes} bytes)\n`);
  }

  private create(): Promise<unknown> {
    const { image, destination, platform, context, signal, warn } = this.request;
    const { config, builder } = this.parts;
    const url = this.jobs.store.url(this.contextKey);
    const body = kanikoJob(
      {
        image,
        destination: destination ?? '',
        platform,
        dockerfilePath: context.dockerfilePath,
        namespace: this.jobs.namespace,
        contextKey: this.contextKey,
        contextUrl: url.startsWith('/') ? `tar://${url}` : url,
      },
      config,
      builder,
      process.env['SLIPWAY_BUILD_SERVICE_ACCOUNT'] || null,
    );
    return this.jobs.client.request(this.jobs.path(), {
      method: 'POST',
      query: { fieldValidation: 'Warn' },
      body,
      onWarning: (message) => warn('KanikoConfig', message),
      signal,
    });
  }

  private async follow(): Promise<'built' | 'gone'> {
    const { signal } = this.request;
    for (;;) {
      const job = await again(() => this.jobs.get(this.name, signal), signal);
      const pod = await again(
        () => findPod(this.jobs.client, this.jobs.namespace, buildId(this.request.image), signal),
        signal,
      );
      if (pod !== null) this.look(pod);
      const ended = job === null ? null : conditionOf(job.status);
      if (job === null || ended !== null) {
        await this.following;
        if (job === null || ended === null) return 'gone';
        if (ended.type === 'Complete') return 'built';
        throw jobFailure(ended.reason, pod, this.tail);
      }
      await sleep(POLL_MS, signal);
      signal.throwIfAborted();
    }
  }

  /** Begins to read the log as soon as there is one, and tells what keeps the pod from starting, each thing once. */
  private look(pod: KubeObject): void {
    const { running, terminated } = stateOf(pod);
    if (running !== undefined || terminated !== undefined) {
      const { log, signal } = this.request;
      const write = (data: Uint8Array | string) => {
        this.tail.add(data);
        return log(data);
      };
      this.following ??= followLog(this.jobs.client, pod, write, signal);
      return;
    }
    const found = obstacle(pod);
    if (found === null || this.warned === found.reason) return;
    this.warned = found.reason;
    this.request.warn(found.reason, `The build waits: ${found.message}`);
  }

  /** Also of a build that was stopped: the Job first, since it reads the context. */
  private async cleanUp(): Promise<void> {
    const signal = AbortSignal.timeout(CLEAN_UP_MS);
    try {
      await again(() => this.jobs.delete(this.name, signal), signal);
      await this.jobs.store.delete(this.contextKey, signal);
    } catch (error) {
      this.parts.log.warn(`The build Job or its context could not be removed: ${errorMessage(error)}`);
    }
  }
}

/** The condition that ends a Job; null while it goes on. */
function conditionOf(
  status: KubeObject['status'],
): { type: 'Complete' | 'Failed'; reason: string; at: string } | null {
  const { conditions = [] } = (status ?? {}) as {
    conditions?: { type: string; status: string; reason?: string; lastTransitionTime?: string }[];
  };
  const last = conditions.find(
    ({ type, status: holds }) => holds === 'True' && /^(Complete|Failed)$/.test(type),
  );
  if (last === undefined) return null;
  return {
    type: last.type as 'Complete' | 'Failed',
    reason: last.reason ?? '',
    at: last.lastTransitionTime ?? '',
  };
}

/** One that has ended is no proof of an image, which may have been deleted since. */
const isFinished = ({ status }: KubeObject): boolean => conditionOf(status) !== null;

/** Repeats what the cluster may answer otherwise a little later. */
async function again<T>(action: () => Promise<T>, signal: AbortSignal): Promise<T> {
  const end = performance.now() + AWAY_MS;
  for (let attempt = 0; ; attempt++) {
    try {
      return await action();
    } catch (error) {
      signal.throwIfAborted();
      if (!isPassing(error) || performance.now() > end) throw error;
      await sleep(backoffDelay(attempt, { baseMs: 250, maxMs: 5000 }), signal);
      signal.throwIfAborted();
    }
  }
}
