import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { CLIENT_ADDRESS_HEADER, NONCE_HEADER, PATH_HEADER } from './door';

/**
 * Content-Security-Policy of pages. Scripts need the nonce of this very answer; styles may be inline, since the editor and the charts
 * set them while they run; workers of the editor come from our own files. Nothing is loaded from another host.
 */
export function pagePolicy(nonce: string, { dev, https }: { dev: boolean; https: boolean }): string {
  return [
    "default-src 'self'",
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic'${dev ? " 'unsafe-eval'" : ''}`,
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self' data:",
    `connect-src 'self'${dev ? ' ws: wss:' : ''}`,
    "worker-src 'self' blob:",
    "object-src 'none'",
    "base-uri 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    ...(https ? ['upgrade-insecure-requests'] : []),
  ].join('; ');
}

/** Headers of every answer, of pages and of the interface. */
export function setCommonHeaders(response: ServerResponse, { https }: { https: boolean }): void {
  response.setHeader('X-Content-Type-Options', 'nosniff');
  response.setHeader('X-Frame-Options', 'DENY');
  if (https) response.setHeader('Strict-Transport-Security', 'max-age=31536000');
}

/** The interface is no page; its documentation has a style element and nothing else. */
export function setInterfaceHeaders(response: ServerResponse): void {
  response.setHeader('Content-Security-Policy', INTERFACE_POLICY);
}
const INTERFACE_POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/**
 * Scripts, styles and fonts are no documents: what a page says of itself would only make each of its files half a kilobyte longer. The
 * policy is for workers, which take it from their own file.
 */
export function setFileHeaders(response: ServerResponse): void {
  response.setHeader('Content-Security-Policy', "default-src 'self'");
}

/**
 * Prepares a request for Next: it reads the nonce for its own scripts from the policy in the *request*, the layout reads `x-nonce`.
 * What callers send under these names is replaced.
 */
export function preparePage(
  request: IncomingMessage,
  response: ServerResponse,
  { dev, https, address }: { dev: boolean; https: boolean; address: string },
): void {
  const nonce = randomBytes(16).toString('base64');
  const policy = pagePolicy(nonce, { dev, https });
  request.headers['content-security-policy'] = policy;
  request.headers[NONCE_HEADER] = nonce;
  request.headers[CLIENT_ADDRESS_HEADER] = address;
  request.headers[PATH_HEADER] = request.url ?? '/';
  response.setHeader('Content-Security-Policy', policy);
  response.setHeader('Referrer-Policy', 'strict-origin-when-cross-origin');
  response.setHeader('Cross-Origin-Opener-Policy', 'same-origin');
  response.setHeader('Permissions-Policy', 'camera=(), microphone=(), geolocation=(), payment=(), usb=()');
}
