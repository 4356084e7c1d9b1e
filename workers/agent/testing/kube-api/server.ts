import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { KubeObject } from '../../kube/types';
import { Logs } from './logs';
import { selects } from './selectors';
import { Refusal, Store, clone, type Collection } from './store';
import { checkMeta, invalidObject, validateJob } from './validate-job';

/** A kind of object that the API knows. */
interface ResourceType {
  /** `v1`, `batch/v1`. */
  apiVersion: string;
  kind: string;
  plural: string;
  namespaced: boolean;
  status: boolean;
}

const BUILT_IN: ResourceType[] = [
  { apiVersion: 'v1', kind: 'Pod', plural: 'pods', namespaced: true, status: true },
  { apiVersion: 'v1', kind: 'Secret', plural: 'secrets', namespaced: true, status: false },
  { apiVersion: 'v1', kind: 'ConfigMap', plural: 'configmaps', namespaced: true, status: false },
  { apiVersion: 'v1', kind: 'Event', plural: 'events', namespaced: true, status: false },
  { apiVersion: 'v1', kind: 'Namespace', plural: 'namespaces', namespaced: false, status: true },
  { apiVersion: 'batch/v1', kind: 'Job', plural: 'jobs', namespaced: true, status: true },
];

export interface RecordedRequest {
  method: string;
  path: string;
  query: URLSearchParams;
  body: string;
  authorization: string | undefined;
}

/** What happens to a request instead of its answer: a status, with a message or `retry-after`, or `drop` (the connection breaks). */
export type Fault = 'drop' | { status: number; reason?: string; message?: string; retryAfter?: number };

interface Target {
  type: ResourceType;
  collection: Collection;
  namespace: string;
  name: string | undefined;
  part: string | undefined;
}

/**
 * A Kubernetes API server of the tests' own: keeps objects, lists and watches them with bookmarks and resource versions, answers
 * 410 for what it has forgotten and 409 for what is there, knows discovery with CRDs, follows logs, and refuses what the real one
 * refuses of a Job. Nothing moves by itself: `./controller` or a test makes pods and gives them phases.
 */
export class KubeApi {
  readonly store = new Store();
  readonly logs = new Logs();
  readonly requests: RecordedRequest[] = [];
  /** Asked before each request. */
  fault: (method: string, path: string, query: URLSearchParams) => Fault | undefined = () => undefined;
  /** Called after an object was created by a request. */
  onCreate: (collection: Collection, object: KubeObject) => void = () => undefined;
  /** With it, only this bearer token is let in. */
  token: string | null = null;
  private readonly types = [...BUILT_IN];
  private readonly watches = new Set<ServerResponse>();
  private server: Server | null = null;
  private port = 0;

  static async start(...namespaces: string[]): Promise<KubeApi> {
    const api = new KubeApi();
    for (const name of ['default', ...namespaces]) api.addNamespace(name);
    await api.listen();
    return api;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  async listen(): Promise<void> {
    const server = createServer((request, response) => void this.handle(request, response));
    server.keepAliveTimeout = 30_000;
    await new Promise<void>((resolve) => server.listen(this.port, '127.0.0.1', resolve));
    this.port = (server.address() as AddressInfo).port;
    this.server = server;
  }

  /** As a crash: all connections are cut, objects are kept. `listen` brings it back on the same port. */
  async close(): Promise<void> {
    const { server } = this;
    this.server = null;
    server?.closeAllConnections();
    await new Promise<void>((resolve) => (server ? server.close(() => resolve()) : resolve()));
  }

  /** Text of a kubeconfig with one context for each name, which is also its namespace. */
  kubeconfig(...contexts: string[]): string {
    const names = contexts.length > 0 ? contexts : ['default'];
    return JSON.stringify({
      apiVersion: 'v1',
      kind: 'Config',
      'current-context': names[0],
      clusters: [{ name: 'tests', cluster: { server: this.url } }],
      users: [{ name: 'tests', user: { token: this.token ?? 'test-token' } }],
      contexts: names.map((name) => ({
        name,
        context: { cluster: 'tests', user: 'tests', namespace: name },
      })),
    });
  }

  addNamespace(name: string): void {
    this.store.create('api/v1/namespaces', '', { metadata: { name } });
  }

  /** Installs a CRD. */
  addType(type: Pick<ResourceType, 'apiVersion' | 'kind' | 'plural'> & Partial<ResourceType>): void {
    this.types.push({ namespaced: true, status: true, ...type });
  }

  /** Forgets the past and breaks all watches: each has to list again. */
  compact(): void {
    this.store.version += 1;
    this.store.compacted = this.store.version;
    this.store.history.length = 0;
    this.breakWatches();
  }

  breakWatches(): void {
    for (const response of [...this.watches]) response.destroy();
  }

  /** How many requests there were whose `METHOD path` matches. */
  count(pattern: RegExp): number {
    return this.requests.filter(({ method, path }) => pattern.test(`${method} ${path}`)).length;
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://api');
    const method = request.method ?? 'GET';
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const body = Buffer.concat(parts).toString('utf8');
    const { authorization } = request.headers;
    this.requests.push({ method, path: url.pathname, query: url.searchParams, body, authorization });
    try {
      const fault = this.fault(method, url.pathname, url.searchParams);
      if (fault === 'drop') return void response.destroy();
      if (fault !== undefined) {
        if (fault.retryAfter !== undefined) response.setHeader('retry-after', String(fault.retryAfter));
        throw new Refusal(fault.status, fault.reason ?? '', fault.message ?? `fault ${fault.status}`);
      }
      if (this.token !== null && authorization !== `Bearer ${this.token}`)
        throw new Refusal(401, 'Unauthorized', 'Unauthorized');
      const answer = this.answer(method, url, body, response);
      if (answer !== null) send(response, method === 'POST' ? 201 : 200, answer);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      const { code, reason, message, extra } = error;
      send(response, code, {
        kind: 'Status',
        apiVersion: 'v1',
        status: 'Failure',
        code,
        reason,
        message,
        ...extra,
      });
    }
  }

  private answer(method: string, url: URL, body: string, response: ServerResponse): object | null {
    const discovered = method === 'GET' ? this.discover(url.pathname) : undefined;
    if (discovered) return discovered;
    const target = this.target(url.pathname);
    const { collection, namespace, name, part } = target;
    if (part === 'log') return this.log(target, url.searchParams, response);
    if (name === undefined) {
      if (method === 'POST') return this.create(target, JSON.parse(body) as KubeObject, url.searchParams);
      if (method === 'DELETE') {
        for (const object of this.select(target, url.searchParams))
          this.remove(collection, object, undefined);
        return { kind: 'Status', status: 'Success' };
      }
      if (url.searchParams.get('watch') === 'true') return this.watch(target, url.searchParams, response);
      return this.list(target, url.searchParams);
    }
    switch (method) {
      case 'GET':
        return this.existing(target);
      case 'PUT':
        return this.store.update(collection, namespace, name, (object) => {
          const next = JSON.parse(body) as KubeObject;
          Object.assign(object, next, {
            metadata: { ...object.metadata, ...next.metadata, uid: object.metadata.uid },
          });
        });
      case 'PATCH':
        return this.store.update(collection, namespace, name, (object) =>
          mergePatch(object, JSON.parse(body) as object),
        );
      case 'DELETE': {
        const object = this.existing(target);
        const options =
          body === ''
            ? {}
            : (JSON.parse(body) as { gracePeriodSeconds?: number; preconditions?: { uid?: string } });
        const uid = options.preconditions?.uid;
        if (uid !== undefined && uid !== object.metadata.uid)
          throw new Refusal(
            409,
            'Conflict',
            `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${object.metadata.uid ?? ''}`,
          );
        return this.remove(collection, object, options.gracePeriodSeconds);
      }
      default:
        throw new Refusal(405, 'MethodNotAllowed', `${method} is not supported`);
    }
  }

  private existing({ collection, namespace, name = '', type }: Target): KubeObject {
    const object = this.store.get(collection, namespace, name);
    if (!object) throw new Refusal(404, 'NotFound', `${type.plural} "${name}" not found`);
    return object;
  }

  private discover(path: string): object | undefined {
    if (path === '/api') return { kind: 'APIVersions', versions: ['v1'] };
    const groups = [
      ...new Set(this.types.map(({ apiVersion }) => apiVersion).filter((text) => text.includes('/'))),
    ];
    if (path === '/apis')
      return {
        kind: 'APIGroupList',
        groups: groups.map((text) => ({ name: text.split('/')[0], versions: [{ groupVersion: text }] })),
      };
    const version = /^\/(?:api|apis)\/((?:[^/]+\/)?v[^/]+)$/.exec(path)?.[1];
    const own = this.types.filter(({ apiVersion }) => apiVersion === version);
    if (version === undefined || own.length === 0) return undefined;
    const verbs = ['create', 'delete', 'get', 'list', 'patch', 'update', 'watch'];
    return {
      kind: 'APIResourceList',
      groupVersion: version,
      resources: own.flatMap(({ plural, kind, namespaced, status }) => [
        { name: plural, kind, namespaced, verbs },
        ...(status
          ? [{ name: `${plural}/status`, kind, namespaced, verbs: ['get', 'patch', 'update'] }]
          : []),
      ]),
    };
  }

  private target(path: string): Target {
    const match =
      /^\/(?:api\/(v1)|apis\/([^/]+\/[^/]+))(?:\/namespaces\/([^/]+)(?=\/))?\/([^/]+)(?:\/([^/]+))?(?:\/([^/]+))?$/.exec(
        path,
      );
    const apiVersion = match?.[1] ?? match?.[2];
    const type = this.types.find((one) => one.apiVersion === apiVersion && one.plural === match?.[4]);
    if (!match || !type)
      throw new Refusal(404, 'NotFound', 'the server could not find the requested resource');
    return {
      type,
      collection: collectionOf(type),
      namespace: type.namespaced ? decodeURIComponent(match[3] ?? '') : '',
      name: match[5] === undefined ? undefined : decodeURIComponent(match[5]),
      part: match[6],
    };
  }

  private create(
    { type, collection, namespace }: Target,
    object: KubeObject,
    query: URLSearchParams,
  ): KubeObject {
    if (type.namespaced && !this.store.get('api/v1/namespaces', '', namespace))
      throw new Refusal(404, 'NotFound', `namespaces "${namespace}" not found`);
    if (object.kind !== type.kind || object.apiVersion !== type.apiVersion)
      throw new Refusal(
        400,
        'BadRequest',
        `${object.kind ?? ''} in version "${object.apiVersion ?? ''}" cannot be handled as a ${type.kind}`,
      );
    // As the real one does with objects that stand in no namespace.
    if (!type.namespaced) delete object.metadata.namespace;
    if (object.metadata.namespace !== undefined && object.metadata.namespace !== namespace)
      throw new Refusal(
        400,
        'BadRequest',
        'the namespace of the provided object does not match the namespace sent on the request',
      );
    if (type.kind === 'Job') validateJob(object, query.get('fieldValidation') === 'Strict');
    else {
      const causes: { field: string; message: string }[] = [];
      checkMeta(object.metadata, 'metadata', causes);
      if (causes.length > 0) throw invalidObject(type.kind, object.metadata.name, causes);
    }
    if (query.get('dryRun') === 'All') return object;
    const created = this.store.create(collection, namespace, object);
    queueMicrotask(() => this.onCreate(collection, created));
    return created;
  }

  /** Deletes an object and what it owns. Pods that run end first: `./controller` or the test lets them. */
  remove(collection: Collection, object: KubeObject, graceSeconds: number | undefined): KubeObject {
    const { name, namespace = '', uid } = object.metadata;
    for (const other of this.store.collections()) {
      for (const owned of this.store.list(other))
        if (owned.metadata.ownerReferences?.some((owner) => owner.uid === uid))
          this.remove(other, owned, undefined);
    }
    const running =
      collection === 'api/v1/pods' && (object.status as { phase?: string } | undefined)?.phase === 'Running';
    if (!running || graceSeconds === 0) {
      if (collection === 'api/v1/pods') this.logs.forget(`${namespace}/${name}/`);
      return this.store.remove(collection, namespace, name);
    }
    const given =
      (object.spec as { terminationGracePeriodSeconds?: number } | undefined)
        ?.terminationGracePeriodSeconds ?? 30;
    return this.store.update(collection, namespace, name, ({ metadata }) => {
      metadata.deletionTimestamp ??= new Date().toISOString();
      metadata.deletionGracePeriodSeconds = Math.min(
        metadata.deletionGracePeriodSeconds ?? Infinity,
        graceSeconds ?? given,
      );
      metadata.finalizers = ['tests/running'];
    });
  }

  private select({ collection, namespace }: Target, query: URLSearchParams): KubeObject[] {
    return this.store
      .list(collection)
      .filter(
        (object) => (namespace === '' || object.metadata.namespace === namespace) && selects(object, query),
      );
  }

  private list(target: Target, query: URLSearchParams): object {
    const all = this.select(target, query);
    const start = Number(query.get('continue') ?? 0);
    const limit = Number(query.get('limit') ?? 0) || all.length;
    const next = start + limit < all.length ? String(start + limit) : undefined;
    return {
      kind: `${target.type.kind}List`,
      apiVersion: target.type.apiVersion,
      metadata: { resourceVersion: String(this.store.version), ...(next ? { continue: next } : {}) },
      items: all.slice(start, start + limit),
    };
  }

  private watch(target: Target, query: URLSearchParams, response: ServerResponse): null {
    let at = Number(query.get('resourceVersion') ?? 0);
    if (at < this.store.compacted) throw new Refusal(410, 'Expired', `too old resource version: ${at}`);
    response.writeHead(200, { 'content-type': 'application/json' });
    response.flushHeaders();
    const write = (type: string, object: object) => response.write(`${JSON.stringify({ type, object })}\n`);
    const { kind, apiVersion } = target.type;
    const pump = () => {
      // Binary search would be exact too; histories of tests are short, and only the tail is new.
      let from = this.store.history.length;
      while (from > 0 && (this.store.history[from - 1]?.event.version ?? 0) > at) from -= 1;
      for (const { collection, event } of this.store.history.slice(from)) {
        at = event.version;
        if (collection !== target.collection) continue;
        const { object, type } = event;
        if (target.namespace !== '' && object.metadata.namespace !== target.namespace) continue;
        if (selects(object, query)) write(type, object);
      }
    };
    const bookmark = setInterval(() => {
      if (query.get('allowWatchBookmarks') === 'true')
        write('BOOKMARK', { kind, apiVersion, metadata: { resourceVersion: String(at) } });
    }, 1000);
    const stop = this.store.onChange(pump);
    this.watches.add(response);
    response.on('close', () => {
      stop();
      clearInterval(bookmark);
      this.watches.delete(response);
    });
    pump();
    return null;
  }

  private log(target: Target, query: URLSearchParams, response: ServerResponse): null {
    const pod = this.existing(target);
    const containers = (pod.spec as { containers?: { name: string }[] }).containers ?? [];
    const container = query.get('container') ?? containers[0]?.name ?? '';
    const waiting = (
      (
        pod.status as
          { containerStatuses?: { name: string; state?: { waiting?: { reason: string } } }[] } | undefined
      )?.containerStatuses ?? []
    ).find((status) => status.name === container)?.state?.waiting;
    if (waiting)
      throw new Refusal(
        400,
        'BadRequest',
        `container "${container}" in pod "${pod.metadata.name}" is waiting to start: ${waiting.reason}`,
      );
    const previous = query.get('previous') === 'true';
    const instance = this.logs.instance(`${target.namespace}/${pod.metadata.name}/${container}`, previous);
    if (!instance)
      throw new Refusal(
        400,
        'BadRequest',
        `previous terminated container "${container}" in pod "${pod.metadata.name}" not found`,
      );
    const since = Date.parse(query.get('sinceTime') ?? '1970-01-01T00:00:00Z');
    response.writeHead(200, { 'content-type': 'text/plain' });
    response.flushHeaders();
    let next = 0;
    const pump = () => {
      for (; next < instance.lines.length; next++) {
        const line = instance.lines[next];
        if (line && Date.parse(line.time) >= since)
          response.write(
            query.get('timestamps') === 'true' ? `${line.time} ${line.text}\n` : `${line.text}\n`,
          );
      }
      if (instance.ended || query.get('follow') !== 'true') {
        stop();
        response.end();
      }
    };
    const stop = this.logs.onChange(pump);
    response.on('close', stop);
    pump();
    return null;
  }
}

const collectionOf = ({ apiVersion, plural }: ResourceType): Collection =>
  apiVersion.includes('/') ? `apis/${apiVersion}/${plural}` : `api/${apiVersion}/${plural}`;

function send(response: ServerResponse, status: number, body: object): void {
  if (response.headersSent) return;
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}

/** JSON merge patch (RFC 7396), in place. */
function mergePatch(target: Record<string, unknown>, patch: object): void {
  for (const [key, value] of Object.entries(patch) as [string, unknown][]) {
    if (value === null) Reflect.deleteProperty(target, key);
    else if (typeof value === 'object' && !Array.isArray(value)) {
      const own = target[key];
      const inner =
        typeof own === 'object' && own !== null && !Array.isArray(own)
          ? (own as Record<string, unknown>)
          : {};
      mergePatch(inner, value);
      target[key] = inner;
    } else target[key] = clone(value);
  }
}
