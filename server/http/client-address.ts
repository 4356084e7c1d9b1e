import type { IncomingMessage } from 'node:http';
import type { ServerConfig } from '../config';
import type { HttpContext } from './types';

type Trust = Pick<ServerConfig, 'SLIPWAY_TRUST_PROXY'>;

/** Address of the caller: the socket's, or behind a trusted proxy the last entry of X-Forwarded-For (the one the proxy itself wrote). */
export function addressOf(
  remote: string | undefined,
  forwarded: string | undefined,
  { SLIPWAY_TRUST_PROXY }: Trust,
): string {
  const last = SLIPWAY_TRUST_PROXY ? forwarded?.split(',').at(-1)?.trim() : undefined;
  const address = last ? last : (remote ?? 'unknown');
  return address.startsWith('::ffff:') ? address.slice(7) : address;
}

export const clientAddress = (c: HttpContext, config: Trust): string =>
  addressOf(remoteAddress(c), c.req.header('x-forwarded-for'), config);

export function requestAddress(request: IncomingMessage, config: Trust): string {
  const forwarded = request.headers['x-forwarded-for'];
  return addressOf(
    request.socket.remoteAddress,
    Array.isArray(forwarded) ? forwarded.join(',') : forwarded,
    config,
  );
}

/** Whether the call comes from this machine and nobody passed it on. */
export function isDirectLoopback(c: HttpContext): boolean {
  const remote = remoteAddress(c);
  const passedOn = ['x-forwarded-for', 'x-forwarded-host', 'forwarded', 'via'].some(
    (name) => c.req.header(name) !== undefined,
  );
  return !passedOn && remote !== undefined && /^(?:127\.|::1$|::ffff:127\.)/.test(remote);
}

// Not `c.env.incoming` alone: an app called in process has no environment at all.
const remoteAddress = (c: HttpContext): string | undefined =>
  (c.env as HttpContext['env'] | undefined)?.incoming?.socket.remoteAddress;
