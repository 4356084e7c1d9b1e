import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import type { HttpContext } from './types';

/**
 * JSON as the answer, written to Node's own response where there is one: a `Response` with its stream costs more than all the rest of a
 * small call. Where a test calls the app in process there is none.
 */
export function sendJson(
  c: HttpContext,
  status: 200 | 201 | 202,
  body: unknown,
  headers: Record<string, string> = {},
): Response {
  const text = JSON.stringify(body);
  // Node's `setHeader` before, for what all answers carry; see web-server.ts.
  const { outgoing } = c.env;
  if (outgoing === undefined) return c.body(text, status, { ...JSON_HEADERS, ...headers });
  for (const [name, value] of Object.entries(headers)) outgoing.setHeader(name, value);
  outgoing.setHeader('Content-Type', JSON_HEADERS['Content-Type']);
  outgoing.setHeader('Cache-Control', JSON_HEADERS['Cache-Control']);
  outgoing.setHeader('Content-Length', Buffer.byteLength(text));
  outgoing.statusCode = status;
  outgoing.end(text);
  c.set('sent', status);
  return RESPONSE_ALREADY_SENT;
}

const JSON_HEADERS = { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' };
