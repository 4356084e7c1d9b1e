import { access } from 'node:fs/promises';
import type { Agent, OutgoingHttpHeaders, RequestOptions } from 'node:http';
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import type { KubeConfig } from '@kubernetes/client-node';
import { errorMessage } from '../support/timing';
import { KubeConfigError } from './errors';

export interface KubeSettings {
  /** Path of a kubeconfig; null: `KUBECONFIG` (several, joined), `~/.kube/config`, or the service account of the pod. */
  kubeconfig: string | null;
  /** One of its contexts; null: its current one. */
  context: string | null;
}

const SERVICE_ACCOUNT = '/var/run/secrets/kubernetes.io/serviceaccount/token';
/** How long credentials are used before their source is asked again (which renews tokens that have run out), milliseconds. */
const FRESH_MS = 30_000;

/** Where the agent would find a cluster, without loading anything: whether it can serve Kubernetes queues at all. */
export async function hasClusterCredentials(settings: KubeSettings, env = process.env): Promise<boolean> {
  const there = (path: string) =>
    access(path).then(
      () => true,
      () => false,
    );
  if (settings.kubeconfig !== null) return true;
  const files = (env['KUBECONFIG'] ?? '').split(delimiter).filter(Boolean);
  if (files.length > 0) return true;
  if (await there(join(env['HOME'] ?? homedir(), '.kube', 'config'))) return true;
  return env['KUBERNETES_SERVICE_HOST'] !== undefined && (await there(SERVICE_ACCOUNT));
}

/** What a request needs besides its path. */
export interface Access {
  agent: Agent;
  headers: OutgoingHttpHeaders;
}

/** One context: where its API is, its namespace, and how to be let in. */
export interface Cluster {
  /** Name of the context. */
  context: string;
  server: URL;
  /** Of the context; `default` where it names none. */
  namespace: string;
  /** Credentials for a request. `renew`: those used before were refused. */
  access(renew?: boolean): Promise<Access>;
}

/** Reads the kubeconfig or the service account of the pod. The library (and its memory) is loaded only here. @throws KubeConfigError */
export async function loadCluster(settings: KubeSettings, context: string | null): Promise<Cluster> {
  if (!(await hasClusterCredentials(settings)))
    throw new KubeConfigError(
      'The agent knows no cluster: set KUBECONFIG, or "kubeconfig" under "kubernetes" in its file, or run it in a pod with a service account.',
    );
  const { KubeConfig } = await import('@kubernetes/client-node');
  const config = new KubeConfig();
  try {
    if (settings.kubeconfig !== null) config.loadFromFile(settings.kubeconfig);
    else config.loadFromDefault();
  } catch (error) {
    throw new KubeConfigError(`The kubeconfig cannot be read: ${errorMessage(error)}`, { cause: error });
  }
  const wanted = context ?? settings.context;
  if (wanted !== null) {
    const known = config.getContexts().map(({ name }) => name);
    if (!known.includes(wanted))
      throw new KubeConfigError(
        `The kubeconfig has no context "${wanted}"; it has ${known.join(', ') || 'none'}.`,
      );
    config.setCurrentContext(wanted);
  }
  const name = config.getCurrentContext();
  const cluster = config.getCurrentCluster();
  if (!cluster)
    throw new KubeConfigError(
      'No cluster is configured: set current-context in the kubeconfig, or "context" under "kubernetes" in the agent\'s file.',
    );
  return {
    context: name,
    server: new URL(cluster.server.replace(/\/+$/, '')),
    namespace: config.getContextObject(name)?.namespace ?? 'default',
    access: cachedAccess(config, cluster.server),
  };
}

function cachedAccess(config: KubeConfig, server: string): (renew?: boolean) => Promise<Access> {
  let known: { at: number; key: string; access: Access } | null = null;
  let asking: Promise<Access> | null = null;
  // The library refuses plain HTTP (a local `kubectl proxy`) unless certificates are not to be checked; there are none to check.
  const clusters = config.getClusters();
  if (server.startsWith('http:'))
    config.clusters = clusters.map((one) => (one.server === server ? { ...one, skipTLSVerify: true } : one));

  const ask = async (): Promise<Access> => {
    const options: RequestOptions & Record<string, unknown> = {};
    try {
      await config.applyToHTTPSOptions(options);
    } catch (error) {
      throw new KubeConfigError(`The credentials of the cluster cannot be had: ${errorMessage(error)}`, {
        cause: error,
      });
    }
    const headers: OutgoingHttpHeaders = { ...(options.headers as OutgoingHttpHeaders | undefined) };
    if (typeof options.auth === 'string')
      headers['authorization'] = `Basic ${Buffer.from(options.auth).toString('base64')}`;
    const tls = {
      ca: options['ca'],
      cert: options['cert'],
      key: options['key'],
      passphrase: options['passphrase'],
    };
    const key = JSON.stringify(tls);
    // One pool of connections as long as keys and certificates are the same; a token that was renewed changes only a header.
    const agent = known?.key === key ? known.access.agent : poolOf(config, server, options);
    known = { at: performance.now(), key, access: { agent, headers } };
    return known.access;
  };
  return (renew = false) => {
    if (!renew && known && performance.now() - known.at < FRESH_MS) return Promise.resolve(known.access);
    asking ??= ask().finally(() => {
      asking = null;
    });
    return asking;
  };
}

function poolOf(
  config: KubeConfig,
  server: string,
  options: RequestOptions & Record<string, unknown>,
): Agent {
  if (config.getCurrentCluster()?.proxyUrl && options.agent instanceof HttpAgent) return options.agent;
  // No limit: each follows the log of one container, and a request that waits behind those would wait for ever.
  const pool = { keepAlive: true, maxSockets: Infinity, maxFreeSockets: 16 };
  if (server.startsWith('http:')) return new HttpAgent(pool);
  return new HttpsAgent({
    ...pool,
    ca: options['ca'] as Buffer | undefined,
    cert: options['cert'] as Buffer | undefined,
    key: options['key'] as Buffer | undefined,
    passphrase: options['passphrase'] as string | undefined,
    servername: options['servername'] as string | undefined,
    rejectUnauthorized: options['rejectUnauthorized'] as boolean | undefined,
  });
}
