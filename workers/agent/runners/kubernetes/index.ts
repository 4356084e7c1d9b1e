import { kubernetesPlan, type RenderContext } from '@/core/render';
import type { KubeSettings } from '../../kube/credentials';
import { objectPath, type KubeResource } from '../../kube/discovery';
import type { KubeObject } from '../../kube/types';
import { RunFailure, type Patience, type PreparedRun, type Runner, type RunnerJob } from '../types';
import { RunCluster } from './cluster';
import { wasThere } from './evidence';
import { persist, submitFailure, unlessMissing } from './failures';
import { formatRef, parseRef, type ObjectRef } from './ref';
import { stopObject } from './stop';
import { createObject, own, secretPath, type RunSecret } from './submit';
import { RUN_LABEL } from './tracked';
import { watchRun } from './watch';

export interface KubernetesOptions {
  settings: KubeSettings;
  /** For runs whose queue names no namespace; null: that of the context. */
  namespace: string | null;
  /** Besides its own, the namespaces runs may go to; null: any that the cluster lets it. */
  additionalNamespaces: readonly string[] | null;
  /** Refuses what gives a program more rights than a program needs, from queues too. */
  secureMode: boolean;
}

/** Runs jobs as Jobs or custom resources of a cluster. */
export function createKubernetesRunner(options: KubernetesOptions): Runner {
  let connection: Promise<RunCluster> | undefined;
  /** Secrets that were made here, by reference of the run. */
  const withSecrets = new Map<string, string[]>();
  const connect = () => {
    connection ??= RunCluster.connect(options.settings).catch((error: unknown) => {
      connection = undefined;
      throw submitFailure(error, { apiVersion: '', kind: '', namespace: '', name: '' });
    });
    return connection;
  };
  const locate = async (text: string, patience: Patience) => {
    const ref = parseRef(text);
    const cluster = await connect();
    const resource = await cluster.resource(ref.apiVersion, ref.kind, patience);
    return { ref, cluster, resource, path: objectPath(resource, ref.namespace, ref.name) };
  };
  const find = (
    { cluster, path }: { cluster: RunCluster; path: string },
    patience: Patience,
    stubborn: boolean,
  ) =>
    persist((signal) => unlessMissing(cluster.client.request<KubeObject>(path, { signal })), patience, {
      stubborn,
    });

  return {
    hostBound: false,

    async prepare(job, patience) {
      return prepare(job, options, await connect(), withSecrets, patience);
    },

    async discard(text, patience) {
      const located = await locate(text, patience);
      const { ref, cluster, path } = located;
      const there = await find(located, patience, false).catch((error: unknown) => {
        throw submitFailure(error, ref);
      });
      if (there === null) return;
      if (there.metadata.labels?.[RUN_LABEL] === undefined) {
        const message = `A ${ref.kind} called ${ref.name} is in ${ref.namespace} that is not Slipway's. Rename or remove it.`;
        throw new RunFailure({ phase: 'submit', category: 'config', message });
      }
      await stopObject(cluster, located.resource, ref, 0, patience);
      // Its name has to be free, whatever still holds it back.
      await persist(async (signal) => {
        await unlessMissing(
          cluster.client.request(path, {
            method: 'DELETE',
            query: { propagationPolicy: 'Background' },
            signal,
          }),
        );
      }, patience);
    },

    async adopt(text, patience, since) {
      const located = await locate(text, patience);
      const { ref, cluster } = located;
      const there = await find(located, patience, true);
      if (there === null)
        return wasThere(cluster.client, ref.namespace, ref.kind, ref.name, since ?? null, patience.signal);
      const runId = there.metadata.labels?.[RUN_LABEL];
      if (runId === undefined) return false;
      // The agent before may have died before it could do this.
      await own(cluster.client, ref, secretName(runId), there.metadata.uid ?? '', patience).catch(
        () => undefined,
      );
      return true;
    },

    watch: (text, watching) =>
      watchRun(async () => {
        const patience = { signal: watching.signal };
        const { ref, cluster, resource } = await locate(text, patience);
        return {
          client: cluster.client,
          namespace: ref.namespace,
          tracked: cluster.hub(ref.namespace).track(resource, ref.name),
          remove: () => stopObject(cluster, resource, ref, 0, patience),
        };
      }, watching),

    async stop(text, graceSeconds, patience) {
      const { ref, cluster, resource } = await locate(text, patience);
      return stopObject(cluster, resource, ref, graceSeconds, patience);
    },

    async release(text, _remove, patience) {
      // What stays longer than a minute (a custom resource without a time to live) shall not keep the secrets of the queue.
      const { namespace } = parseRef(text);
      const cluster = await connect();
      const name = withSecrets.get(text);
      if (name === undefined) return;
      withSecrets.delete(text);
      for (const secret of name)
        await unlessMissing(
          cluster.client.request(secretPath(namespace, secret), {
            method: 'DELETE',
            signal: patience.signal,
          }),
        );
    },

    async close() {
      (await connection?.catch(() => undefined))?.close();
    },
  };
}

const secretName = (runId: string) => `slipway-${runId}`;

async function prepare(
  job: RunnerJob,
  options: KubernetesOptions,
  cluster: RunCluster,
  withSecrets: Map<string, string[]>,
  patience: Patience,
): Promise<PreparedRun> {
  const own = options.namespace ?? cluster.client.namespace;
  const context: RenderContext = {
    image: job.image,
    macroEnv: job.macroEnv,
    agentId: job.agentId,
    agentName: job.agentName,
    namespace: own,
    stopGraceSeconds: job.stopGraceSeconds,
    secureMode: options.secureMode,
    secretNames: Object.keys(job.secrets),
    secretRef: secretName(job.spec.runId),
  };
  const plan = kubernetesPlan(job.spec, context);
  const ref: ObjectRef = { ...plan.object, namespace: plan.object.namespace ?? own };
  checkNamespace(ref.namespace, own, options);
  const externalRef = formatRef(ref);
  const secrets: RunSecret[] = plan.usesSecrets
    ? [{ name: secretName(job.spec.runId), type: 'Opaque', values: job.secrets }]
    : [];
  // A kind that is not installed is known before anything is announced.
  let resource: KubeResource | null = null;
  if (!plan.problems.some(({ severity }) => severity === 'error'))
    resource = await cluster.resource(ref.apiVersion, ref.kind, patience);
  return {
    submission: plan.submission,
    problems: plan.problems,
    externalRef,
    removeAtEnd: false,
    async submit(submitting) {
      resource ??= await cluster.resource(ref.apiVersion, ref.kind, submitting);
      if (secrets.length > 0)
        withSecrets.set(
          externalRef,
          secrets.map(({ name }) => name),
        );
      try {
        await createObject(cluster.client, resource, ref, plan.document, secrets, submitting);
      } catch (error) {
        for (const { name } of secrets)
          await cluster.client
            .request(secretPath(ref.namespace, name), { method: 'DELETE' })
            .catch(() => undefined);
        throw submitFailure(error, ref);
      }
    },
  };
}

function checkNamespace(namespace: string, own: string, { additionalNamespaces }: KubernetesOptions): void {
  if (additionalNamespaces === null || namespace === own || additionalNamespaces.includes(namespace)) return;
  const allowed = [own, ...additionalNamespaces].join(', ');
  const message = `This agent runs nothing in the namespace ${namespace}: its own and additionalTargetNamespaces are ${allowed}.`;
  throw new RunFailure({ phase: 'submit', category: 'config', message });
}
