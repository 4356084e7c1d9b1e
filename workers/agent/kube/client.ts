import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { JsonObject } from '@/core/wire';
import { AGENT_VERSION } from '../support/version';
import { errorMessage } from '../support/timing';
import { loadCluster, type Cluster, type KubeSettings } from './credentials';
import { KubeError, KubeUnreachable } from './errors';
import type { KubeRequest, KubeStatus, Query } from './types';

/** Longest answer that is read as JSON, bytes; lists are read in pages. */
const MAX_ANSWER_BYTES = 64 * 1024 * 1024;
const ANSWER_TIMEOUT_MS = 60_000;
/** Pause of an open connection after which it is tested whether the other side is still there, milliseconds. */
const KEEP_ALIVE_MS = 30_000;

/** Speaks with the API server of one context. Requests are sent once; who repeats them decides where it is called. */
export interface KubeClient {
  readonly context: string;
  /** Of the context. */
  readonly namespace: string;
  /** Address of the API, for messages. */
  readonly server: string;
  /** A JSON answer. @throws KubeError, KubeUnreachable, KubeConfigError */
  request<T = JsonObject>(path: string, options?: KubeRequest): Promise<T>;
  /** An answer that goes on: watches and logs. To leave the loop, or to abort `signal`, closes the connection. */
  stream(path: string, options?: KubeRequest): Promise<AsyncIterable<Buffer>>;
}

/** Connects to the context of `settings`, or another one of the same kubeconfig. Nothing is sent yet. @throws KubeConfigError */
export async function connectKube(
  settings: KubeSettings,
  context: string | null = null,
): Promise<KubeClient> {
  return createKubeClient(await loadCluster(settings, context));
}

export function createKubeClient(cluster: Cluster): KubeClient {
  const { server } = cluster;

  async function send(path: string, options: KubeRequest): Promise<IncomingMessage> {
    let response = await once(cluster, path, options, false);
    if (response.statusCode === 401) {
      // A token that has run out meanwhile: its source is asked once more.
      response.resume();
      response = await once(cluster, path, options, true);
    }
    for (const text of warningsOf(response)) options.onWarning?.(text);
    if ((response.statusCode ?? 500) < 300) return response;
    const status = parseStatus(await readAll(response).catch(() => ''));
    throw new KubeError(response.statusCode ?? 500, status, response.headers['retry-after']);
  }

  return {
    context: cluster.context,
    namespace: cluster.namespace,
    server: server.origin,
    async request<T>(path: string, options: KubeRequest = {}) {
      const text = await readAll(await send(path, options));
      try {
        return JSON.parse(text) as T;
      } catch (error) {
        throw new KubeUnreachable(`The answer of ${server.origin} is not JSON; is it a Kubernetes API?`, {
          cause: error,
        });
      }
    },
    async stream(path, options = {}) {
      const response = await send(path, options);
      response.socket.setKeepAlive(true, KEEP_ALIVE_MS);
      return chunks(response, options.signal);
    },
  };
}

async function once(
  { server, access }: Cluster,
  path: string,
  { method = 'GET', query = {}, body, contentType, signal, timeoutMs = ANSWER_TIMEOUT_MS }: KubeRequest,
  renew: boolean,
): Promise<IncomingMessage> {
  const { agent, headers } = await access(renew);
  const prefix = server.pathname === '/' ? '' : server.pathname;
  const payload = body === undefined ? undefined : Buffer.from(JSON.stringify(body));
  const type = contentType ?? (method === 'PATCH' ? 'application/merge-patch+json' : 'application/json');
  return new Promise((resolve, reject) => {
    const send = server.protocol === 'http:' ? httpRequest : httpsRequest;
    const sent = send(
      {
        protocol: server.protocol,
        hostname: server.hostname.replace(/^\[|\]$/g, ''),
        port: server.port,
        path: `${prefix}${path}${queryString(query)}`,
        method,
        agent,
        signal,
        headers: {
          ...headers,
          accept: 'application/json',
          'user-agent': `slipway-agent/${AGENT_VERSION}`,
          ...(payload ? { 'content-type': type, 'content-length': payload.length } : {}),
        },
      },
      (response) => {
        clearTimeout(timer);
        resolve(response);
      },
    );
    const timer = setTimeout(() => sent.destroy(new Error('no answer in time')), timeoutMs);
    sent.once('error', (error) => {
      clearTimeout(timer);
      reject(
        new KubeUnreachable(`The Kubernetes API ${server.origin} does not answer: ${errorMessage(error)}`, {
          cause: error,
        }),
      );
    });
    sent.end(payload);
  });
}

function queryString(query: Query): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined);
  if (given.length === 0) return '';
  return `?${new URLSearchParams(given.map(([key, value]) => [key, String(value)])).toString()}`;
}

async function readAll(response: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of chunks(response)) {
    bytes += part.length;
    if (bytes > MAX_ANSWER_BYTES) throw new KubeUnreachable('The answer of the Kubernetes API is too large.');
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

async function* chunks(response: IncomingMessage, signal?: AbortSignal): AsyncGenerator<Buffer, void> {
  try {
    for await (const part of response) yield part as Buffer;
  } catch (error) {
    if (signal?.aborted) return;
    throw new KubeUnreachable(`The connection to the Kubernetes API broke: ${errorMessage(error)}`, {
      cause: error,
    });
  } finally {
    response.destroy();
  }
}

function parseStatus(text: string): KubeStatus | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : null;
  } catch {
    return text.trim() === '' ? null : { message: text.trim().slice(0, 1000) };
  }
}

/** The texts of `Warning: 299 - "text"` headers. */
function warningsOf(response: IncomingMessage): string[] {
  const header = response.headers['warning'];
  if (header === undefined) return [];
  return [...header.matchAll(/299 \S+ "((?:[^"\\]|\\.)*)"/g)].map((match) =>
    (match[1] ?? '').replace(/\\(.)/g, '$1'),
  );
}
