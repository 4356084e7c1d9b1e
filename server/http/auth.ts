import { getCookie } from 'hono/cookie';
import { getToken } from 'next-auth/jwt';
import { ProblemError, forbidden } from '@/core/problems';
import { authenticateBearer, sessionActor } from '../access';
import type { AgentActor, UserActor } from '../access';
import type { Services } from '../services';
import { sessionCookieName } from '../session-cookie';
import { clientAddress } from './client-address';
import type { RateLimiter } from './rate-limit';
import type { HttpContext } from './types';

const unauthenticated = (message: string) => new ProblemError('unauthenticated', message);
const BEARER = /^Bearer +([A-Za-z0-9._~+/=-]{1,500})$/i;

/** Who calls, by API key or browser session. Agent tokens are refused: they act as agents only. */
export async function authenticateUser(
  c: HttpContext,
  services: Services,
  failures: RateLimiter,
): Promise<UserActor> {
  const authorization = c.req.header('authorization');
  if (authorization !== undefined) {
    const actor = await byBearer(c, services, failures, authorization);
    if (actor.kind !== 'user')
      throw forbidden(
        'This is an agent token. Agent tokens are good for /api/agent only; use an API key here.',
      );
    return actor;
  }
  return bySession(c, services);
}

/** Which agent's token it is. Browser sessions do not count here. */
export async function authenticateAgent(
  c: HttpContext,
  services: Services,
  failures: RateLimiter,
): Promise<AgentActor> {
  const authorization = c.req.header('authorization');
  if (authorization === undefined)
    throw unauthenticated('Agents sign in with: Authorization: Bearer AGENT_TOKEN.');
  const actor = await byBearer(c, services, failures, authorization);
  if (actor.kind !== 'agent')
    throw forbidden(
      'This is an API key. Agents need an agent token; an admin makes one under Agents → Tokens.',
    );
  return actor;
}

async function byBearer(c: HttpContext, services: Services, failures: RateLimiter, authorization: string) {
  const address = clientAddress(c, services.config);
  failures.check(address);
  const token = BEARER.exec(authorization)?.[1];
  if (token === undefined) throw unauthenticated('The Authorization header must be: Bearer TOKEN.');
  const actor = await authenticateBearer(services, token, { host: address });
  if (actor) return actor;
  failures.take(address);
  throw unauthenticated('The key or token is not known, has expired, or was revoked.');
}

async function bySession(c: HttpContext, services: Services): Promise<UserActor> {
  const { config } = services;
  const cookies = getCookie(c);
  const token = await getToken({
    // Only cookies: next-auth would otherwise take its own tokens from the Authorization header too.
    req: { cookies, headers: {} } as Parameters<typeof getToken>[0]['req'],
    secret: config.NEXTAUTH_SECRET,
    cookieName: sessionCookieName(config.SLIPWAY_BASE_URL),
  }).catch(() => null);
  const version = token?.sv;
  if (!token?.sub || typeof version !== 'number')
    throw unauthenticated('Sign in first, or send an API key: Authorization: Bearer KEY.');
  const actor = await sessionActor(services, token.sub, version);
  if (!actor) throw unauthenticated('The session has ended. Sign in again.');
  if (c.req.method !== 'GET' && c.req.method !== 'HEAD') requireSameOrigin(c, config.SLIPWAY_BASE_URL);
  return actor;
}

/**
 * A browser sends its cookies with requests that other sites make it send. A change is taken only when the browser itself says that the
 * page behind it is ours: by `Sec-Fetch-Site`, and by an `Origin` of our address or of the very host that was called.
 */
export function requireSameOrigin(c: HttpContext, baseUrl: string): void {
  const site = c.req.header('sec-fetch-site');
  const origin = c.req.header('origin');
  const refuse = () =>
    forbidden('A change by browser session must come from a page of this server (same origin).');
  if (site !== undefined && site !== 'same-origin') throw refuse();
  if (origin === undefined) {
    if (site === undefined) throw refuse();
    return;
  }
  if (origin === new URL(baseUrl).origin) return;
  const host = c.req.header('host');
  if (!URL.canParse(origin) || host === undefined || new URL(origin).host !== host) throw refuse();
}
