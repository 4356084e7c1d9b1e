import { randomUUID } from 'node:crypto';
import { Hono } from 'hono';
import { version } from '../../package.json';
import { createMetrics } from '../telemetry/metrics';
import type { Services } from '../services';
import { agentSideEndpoints } from './agent';
import { renderDocs } from './docs-page';
import type { Endpoint } from './endpoint';
import { methodsOf, mount } from './mount';
import { openApiDocument } from './openapi';
import { mountOperations } from './operations';
import { HttpProblem, problemResponse } from './problem';
import { createStreamHub } from './stream-hub';
import type { HttpContext, HttpEnv, HttpShared } from './types';
import { accessEndpoints } from './v1/access';
import { agentEndpoints } from './v1/agents';
import { artifactEndpoints } from './v1/artifacts';
import { credentialEndpoints } from './v1/credentials';
import { jobEndpoints } from './v1/jobs';
import { queueEndpoints } from './v1/queues';
import { runEndpoints } from './v1/runs';
import { streamEndpoints } from './v1/stream';

export interface HttpApp {
  fetch: Hono<HttpEnv>['fetch'];
  /** Calls the app in process, as tests do. */
  request: Hono<HttpEnv>['request'];
  /** Every call, for the document and for tests. */
  endpoints: readonly Endpoint[];
  /** Ends long polls and event streams and makes /readyz say no; requests in hand go on. */
  beginShutdown(): void;
  /** Lets go of the bus; after the last request. */
  close(): void;
}

/**
 * The whole HTTP interface over the use cases; it has no listener of its own. `build` goes out with every answer, so that a page whose
 * code is older than the server notices.
 */
export function createApp(services: Services, { build = version }: { build?: string } = {}): HttpApp {
  const shutdown = new AbortController();
  const shared: HttpShared = { services, shutdown: shutdown.signal };
  const log = services.log.child({ part: 'http' });
  const hub = createStreamHub(services.bus);
  const metrics = createMetrics(services, () => hub.clients);
  const endpoints: readonly Endpoint[] = [
    ...accessEndpoints,
    ...queueEndpoints,
    ...runEndpoints,
    ...jobEndpoints,
    ...artifactEndpoints,
    ...agentEndpoints,
    ...credentialEndpoints,
    ...streamEndpoints(hub),
    ...agentSideEndpoints,
  ];

  const app = new Hono<HttpEnv>();
  app.use(async (c, next) => {
    const began = performance.now();
    c.set('requestId', requestId(c));
    setHeader(c, 'X-Request-Id', c.get('requestId'));
    setHeader(c, 'Slipway-Build', build);
    await next();
    const seconds = (performance.now() - began) / 1000;
    const { method } = c.req;
    const status = c.get('sent') ?? c.res.status;
    const route = c.get('route') ?? 'other';
    metrics.observeRequest({ method, route, status }, seconds);
    if (log.isLevelEnabled('debug'))
      log.debug(
        { requestId: c.get('requestId'), method, route, status, ms: Math.round(seconds * 1000) },
        'request',
      );
  });

  mount(app, endpoints, shared);
  mountDocuments(app, endpoints);
  mountOperations(app, shared, metrics);

  const methods = methodsOf(endpoints);
  app.notFound((c) => {
    const allowed = DOCUMENT_PATHS.includes(c.req.path) ? ['GET', 'HEAD'] : methods(c.req.path);
    const problem =
      allowed.length > 0
        ? new HttpProblem(
            405,
            `${c.req.method} is not possible here. Allowed: ${allowed.join(', ')}.`,
            'method-not-allowed',
            { Allow: allowed.join(', ') },
          )
        : new HttpProblem(404, 'There is nothing at this path. /api/docs lists what there is.', 'not-found');
    return problemResponse(c, problem, log);
  });
  app.onError((error, c) => problemResponse(c, error, log));

  return {
    fetch: app.fetch,
    request: (input, init, env = {}, context) => app.request(input, init, env, context),
    endpoints,
    beginShutdown: () => {
      shutdown.abort();
      hub.close();
    },
    close: () => {
      hub.close();
      metrics.close();
    },
  };
}

/** Before the answer is made: a header added to a finished one costs a copy. On Node's response, it holds for every kind of answer. */
function setHeader(c: HttpContext, name: string, value: string): void {
  const { outgoing } = c.env;
  if (outgoing) outgoing.setHeader(name, value);
  else c.header(name, value);
}

const DOCUMENT_PATHS = ['/api/openapi.json', '/api/docs', '/healthz', '/readyz', '/metrics'];

/** The document is the same for everybody and as long as the process lives: written when first asked for. */
function mountDocuments(app: Hono<HttpEnv>, endpoints: readonly Endpoint[]): void {
  let document: ReturnType<typeof openApiDocument> | undefined;
  let page: string | undefined;
  const written = () => (document ??= openApiDocument(endpoints, version));
  app.get('/api/openapi.json', (c) => c.json(written()));
  app.get('/api/docs', (c) => c.html((page ??= renderDocs(written()))));
}

/** The caller's own id where it has the form of one, so that logs of both sides can be laid side by side. */
function requestId(c: HttpContext): string {
  const given = c.req.header('x-request-id');
  return given !== undefined && /^[A-Za-z0-9._-]{8,64}$/.test(given) ? given : randomUUID();
}
