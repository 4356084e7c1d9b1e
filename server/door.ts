import type { sessionActor, signInWithOidc, verifyPassword } from './access';
import type { UserActor } from './access';

type Bound<F> = F extends (s: infer _S, ...rest: infer R) => infer T ? (...rest: R) => T : never;

/**
 * What code bundled by Next may ask of the server. Next's bundle and the server's own code are different module instances, so the use
 * cases come through `globalThis`, bound to the one set of services; the bundle itself holds no database driver.
 */
export interface Door {
  baseUrl: string;
  /** Signs the browser sessions. */
  sessionSecret: string;
  oidc: { issuer: string; clientId: string; clientSecret: string } | null;
  sessionActor: Bound<typeof sessionActor>;
  verifyPassword: Bound<typeof verifyPassword>;
  signInWithOidc: Bound<typeof signInWithOidc>;
  needsSetup: () => Promise<boolean>;
}
export type { UserActor };

const KEY = Symbol.for('slipway.door');
type Holder = typeof globalThis & { [KEY]?: Door };

export function installDoor(door: Door): void {
  (globalThis as Holder)[KEY] = door;
}

/** Throws where the server has not installed it: pages are served by `slipway server` only. */
export function getDoor(): Door {
  const door = (globalThis as Holder)[KEY];
  if (!door) throw new Error('Pages are served by "slipway server" only; it has not started here.');
  return door;
}

/** Set by the server on every request that goes to Next, over whatever the caller sent. */
export const CLIENT_ADDRESS_HEADER = 'x-slipway-client-address';
export const NONCE_HEADER = 'x-nonce';
/** Path and query of the page that was asked for: layouts are not told it otherwise, and sign-in has to lead back to it. */
export const PATH_HEADER = 'x-slipway-path';
