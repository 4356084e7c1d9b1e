import { EXECUTION_ANNOTATION, kubernetesPlan, type RenderContext } from '@/core/render';
import type { KubeSettings } from '../../kube/credentials';
import { objectPath, type KubeResource } from '../../kube/discovery';
import type { KubeObject } from '../../kube/types';
import { errorMessage } from '../../support/timing';
import { RunFailure, type Patience, type PreparedRun, type Runner, type RunnerJob } from '../types';
import { RunCluster } from './cluster';
import { wasThere } from './evidence';
import { persist, submitFailure, unlessMissing } from './failures';
import { formatRef, parseRef, type ObjectRef } from './ref';
import { removeObject, stopObject } from './stop';
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
  /** Credentials that the cluster needs to pull an image; null where it needs none of the agent's. */
  pullCredentials?: (image: string, signal: AbortSignal) => Promise<PullCredentials | null>;
}

export interface PullCredentials {
  /** Host of the registry. */
  registry: string;
  username: string;
  password: string;
}

/** How long the removal of Secrets of what was refused may take, milliseconds. */
const CLEAN_UP_MS = 5000;

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

    async discard(text, patience, before) {
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
      const execution = Number(there.metadata.annotations?.[EXECUTION_ANNOTATION] ?? 1);
      if (before !== undefined && execution >= before) return;
      // The object that was looked at and no other that has got its name since.
      const { uid } = there.metadata;
      await stopObject(cluster, located.resource, ref, 0, patience, uid);
      // Its name has to be free, whatever still holds it back.
      await persist((signal) => removeObject(cluster.client, path, 'Background', uid, signal), patience);
    },

    async adopt(text, patience, since) {
      const located = await locate(text, patience);
      const { ref, cluster } = located;
      const there = await find(located, patience, true);
      if (there === null) await forget(cluster, ref, secretNames(ref.name), patience);
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
      const names = withSecrets.get(text);
      if (names === undefined) return;
      withSecrets.delete(text);
      await forget(await connect(), parseRef(text), names, patience);
    },

    async close() {
      (await connection?.catch(() => undefined))?.close();
    },
  };
}

const secretName = (runId: string) => `slipway-${runId}`;
const pullSecretName = (runId: string) => `slipway-${runId}-pull`;
const secretNames = (runId: string) => [secretName(runId), pullSecretName(runId)];

async function forget(
  cluster: RunCluster,
  { namespace }: ObjectRef,
  names: string[],
  { signal }: Patience,
): Promise<void> {
  for (const name of names)
    await cluster.client
      .request(secretPath(namespace, name), { method: 'DELETE', signal })
      .catch(() => undefined);
}

/** Of the registry that the agent pushes to; without them the nodes may still have credentials of their own. */
async function pullCredentials(
  job: RunnerJob,
  options: KubernetesOptions,
  { signal, warn }: Patience,
): Promise<PullCredentials | null> {
  if (job.image === null || !options.pullCredentials) return null;
  try {
    return await options.pullCredentials(job.image, signal);
  } catch (error) {
    warn?.('RegistryCredentials', `The cluster gets no credentials for ${job.image}: ${errorMessage(error)}`);
    return null;
  }
}

function pullSecret(runId: string, { registry, username, password }: PullCredentials): RunSecret {
  const auth = Buffer.from(`${username}:${password}`).toString('base64');
  const config = JSON.stringify({ auths: { [registry]: { username, password, auth } } });
  return {
    name: pullSecretName(runId),
    type: 'kubernetes.io/dockerconfigjson',
    values: { '.dockerconfigjson': config },
  };
}

async function prepare(
  job: RunnerJob,
  options: KubernetesOptions,
  cluster: RunCluster,
  withSecrets: Map<string, string[]>,
  patience: Patience,
): Promise<PreparedRun> {
  const own = options.namespace ?? cluster.client.namespace;
  const { runId } = job.spec;
  const credentials = await pullCredentials(job, options, patience);
  const context: RenderContext = {
    image: job.image,
    macroEnv: job.macroEnv,
    agentId: job.agentId,
    agentName: job.agentName,
    namespace: own,
    execution: job.execution,
    stopGraceSeconds: job.stopGraceSeconds,
    secureMode: options.secureMode,
    secretNames: Object.keys(job.secrets),
    secretRef: secretName(runId),
    ...(credentials ? { imagePullSecret: pullSecretName(runId) } : {}),
  };
  const plan = kubernetesPlan(job.spec, context);
  const ref: ObjectRef = { ...plan.object, namespace: plan.object.namespace ?? own };
  checkNamespace(ref.namespace, own, options);
  const externalRef = formatRef(ref);
  const secrets: RunSecret[] = [];
  if (plan.usesSecrets) secrets.push({ name: secretName(runId), type: 'Opaque', values: job.secrets });
  // A queue that names Secrets of its own for this has no use for another.
  if (credentials && plan.submission.text.includes(pullSecretName(runId)))
    secrets.push(pullSecret(runId, credentials));
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
        const names = secrets.map(({ name }) => name);
        await forget(cluster, ref, names, { signal: AbortSignal.timeout(CLEAN_UP_MS) });
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
