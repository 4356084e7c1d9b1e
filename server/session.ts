import { cookies, headers } from 'next/headers';
import { decode } from 'next-auth/jwt';
import { getDoor, NONCE_HEADER, PATH_HEADER } from './door';
import type { UserActor } from './door';
import { sessionCookieName } from './session-cookie';

export type { UserActor } from './door';

/** Who is signed in, for server components; null when nobody is, or when the session has ended on the server's side. */
export async function currentActor(): Promise<UserActor | null> {
  const door = getDoor();
  const name = sessionCookieName(door.baseUrl);
  const token = joinChunks(name, (await cookies()).getAll());
  if (token === '') return null;
  const claims = await decode({ token, secret: door.sessionSecret }).catch(() => null);
  const version = claims?.sv;
  if (!claims?.sub || typeof version !== 'number') return null;
  return door.sessionActor(claims.sub, version);
}

/** Whether the first administrator is still to be made: every page then leads to /setup. */
export const setupIsNeeded = (): Promise<boolean> => getDoor().needsSetup();

/** Whether sign-in by OpenID Connect is offered. */
export const offersOidc = (): boolean => getDoor().oidc !== null;

/** Nonce of this answer's Content-Security-Policy. */
export const pageNonce = async (): Promise<string | undefined> =>
  (await headers()).get(NONCE_HEADER) ?? undefined;

/** Path and query of the page that was asked for, without what Next's own fetches add. */
export async function requestedPath(): Promise<string> {
  const url = new URL((await headers()).get(PATH_HEADER) ?? '/', 'http://localhost');
  url.searchParams.delete('_rsc');
  return url.pathname + url.search;
}

/** next-auth splits a long session over `NAME.0`, `NAME.1`, … */
function joinChunks(name: string, all: { name: string; value: string }[]): string {
  const whole = all.find((cookie) => cookie.name === name);
  if (whole) return whole.value;
  return all
    .filter((cookie) => cookie.name.startsWith(`${name}.`))
    .sort((a, b) => Number(a.name.slice(name.length + 1)) - Number(b.name.slice(name.length + 1)))
    .map((cookie) => cookie.value)
    .join('');
}
