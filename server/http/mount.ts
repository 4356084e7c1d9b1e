import type { Hono } from 'hono';
import { notFound, refused } from '@/core/problems';
import type { Actor } from '../access';
import { authenticateAgent, authenticateUser } from './auth';
import { readJson } from './body';
import { Reply } from './endpoint';
import type { Endpoint } from './endpoint';
import { createRateLimiter } from './rate-limit';
import type { RateLimiter } from './rate-limit';
import { sendJson } from './send-json';
import type { HttpContext, HttpEnv, HttpShared } from './types';
import { check } from './validate';

/** Routes of all endpoints; each checks who calls, then path, query and body, and turns what the handler gives into an answer. */
export function mount(app: Hono<HttpEnv>, endpoints: readonly Endpoint[], shared: HttpShared): void {
  const perSecond = shared.services.config.SLIPWAY_RATE_LIMIT;
  const limits: Limits = {
    failures: createRateLimiter({ perSecond: 5, burst: 100 }),
    callers: createRateLimiter({ perSecond, burst: perSecond * 2 }),
  };
  for (const endpoint of endpoints) {
    app.on(endpoint.method.toUpperCase(), honoPath(endpoint.path), async (c) => {
      c.set('route', endpoint.path);
      return serve(c, endpoint, shared, limits);
    });
  }
}

interface Limits {
  /** Wrong keys and tokens, by address. */
  failures: RateLimiter;
  /** Everything a person's keys and sessions do. */
  callers: RateLimiter;
}

const honoPath = (path: string) => path.replace(/\{(\w+)\}/g, ':$1');

async function serve(
  c: HttpContext,
  endpoint: Endpoint,
  shared: HttpShared,
  limits: Limits,
): Promise<Response> {
  const actor = await authenticate(c, endpoint, shared, limits);
  if (actor) c.set('actor', actor);
  const params = endpoint.params ? checkParams(endpoint, c) : undefined;
  const query = endpoint.query ? check(endpoint.query, singleValues(c), 'The query') : undefined;
  let body: unknown;
  if (endpoint.body && !isRaw(c, endpoint)) {
    body = check(endpoint.body, await readJson(c, { allowNul: endpoint.allowNul ?? false }), 'The body');
  }
  const result = await endpoint.handle({ services: shared.services, shared, actor, params, query, body, c });
  return answer(c, endpoint, result);
}

async function authenticate(
  c: HttpContext,
  endpoint: Endpoint,
  { services }: HttpShared,
  limits: Limits,
): Promise<Actor | null> {
  switch (endpoint.caller) {
    case 'anyone':
      return null;
    case 'agent':
      return authenticateAgent(c, services, limits.failures);
    case 'user': {
      const actor = await authenticateUser(c, services, limits.failures);
      limits.callers.take(actor.userId);
      return actor;
    }
  }
}

const isRaw = (c: HttpContext, { rawBody }: Endpoint) =>
  rawBody !== undefined && (c.req.header('content-type') ?? '').toLowerCase().startsWith(rawBody.type);

/** A path whose parameters cannot be is the path of nothing. */
function checkParams({ params }: Endpoint, c: HttpContext): unknown {
  const parsed = params?.safeParse(c.req.param());
  if (parsed?.success) return parsed.data;
  throw notFound('What this path names');
}

/** `?a=1&a=2` is refused rather than half ignored. */
function singleValues(c: HttpContext): Record<string, string> {
  const values: Record<string, string> = {};
  for (const [name, list] of Object.entries(c.req.queries())) {
    const [first = '', ...more] = list;
    if (more.length > 0)
      throw refused('The query is not accepted.', [{ path: name, message: 'must be given once' }]);
    values[name] = first;
  }
  return values;
}

function answer(c: HttpContext, endpoint: Endpoint, result: unknown): Response {
  if (result instanceof Response) return result;
  if (result instanceof Reply) return sendJson(c, result.status, result.body, result.headers);
  if (endpoint.answer === null) return c.body(null, 204, { 'Cache-Control': 'no-store' });
  return sendJson(c, endpoint.status === 201 ? 201 : 200, result);
}

/** Which methods a path has, by pattern: what tells 405 from 404. */
export function methodsOf(endpoints: readonly Endpoint[]): (path: string) => string[] {
  const patterns = endpoints.map(({ path, method }) => ({
    pattern: new RegExp(`^${path.replace(/[.]/g, '\\.').replace(/\{\w+\}/g, '[^/]+')}$`),
    method: method.toUpperCase(),
  }));
  return (path) => [
    ...new Set(
      patterns
        .filter(({ pattern }) => pattern.test(path))
        .flatMap(({ method }) => (method === 'GET' ? ['GET', 'HEAD'] : [method])),
    ),
  ];
}
