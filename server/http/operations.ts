import { createHash, timingSafeEqual } from 'node:crypto';
import type { Hono } from 'hono';
import { ProblemError } from '@/core/problems';
import type { Metrics } from '../telemetry/metrics';
import { isDirectLoopback } from './client-address';
import { createReadiness } from './health';
import type { HttpContext, HttpEnv, HttpShared } from './types';

/** What operators and their machines ask for: alive, ready, numbers. */
export function mountOperations(
  app: Hono<HttpEnv>,
  { services, shutdown }: HttpShared,
  metrics: Metrics,
): void {
  const readiness = createReadiness(services.pool);

  app.get('/healthz', (c) => c.json({ status: 'ok' }, 200, { 'Cache-Control': 'no-store' }));

  app.get('/readyz', async (c) => {
    const state = await readiness();
    const ready = state.ready && !shutdown.aborted;
    return c.json({ ...state, ready, shuttingDown: shutdown.aborted }, ready ? 200 : 503, {
      'Cache-Control': 'no-store',
    });
  });

  app.get('/metrics', async (c) => {
    requireScraper(c, services.config.SLIPWAY_METRICS_TOKEN);
    return c.body(await metrics.read(), 200, {
      'Content-Type': metrics.contentType,
      'Cache-Control': 'no-store',
    });
  });
}

function requireScraper(c: HttpContext, token: string | undefined): void {
  if (isDirectLoopback(c)) return;
  const sent = /^Bearer +(\S+)$/i.exec(c.req.header('authorization') ?? '')?.[1];
  if (token !== undefined && sent !== undefined && timingSafeEqual(digest(sent), digest(token))) return;
  throw new ProblemError(
    'unauthenticated',
    'Metrics are for this machine, or for whoever sends SLIPWAY_METRICS_TOKEN as a bearer token.',
  );
}
const digest = (text: string) => createHash('sha256').update(text).digest();
