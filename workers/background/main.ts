import { setTimeout as pause } from 'node:timers/promises';
import { closeServices, createServices } from '@/server/bootstrap';
import { readServerConfig } from '@/server/config';
import { rotateSecrets } from '@/server/secrets';
import type { Services } from '@/server/services';
import { startBackground } from './index';

const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 5_000;

/** The process `slipway worker`: runs the background tasks until SIGTERM or SIGINT; a second signal ends it at once. */
async function main(): Promise<void> {
  const services = await createServices(readServerConfig(process.env), { role: 'worker' });
  const stop = new AbortController();
  for (const name of ['SIGTERM', 'SIGINT'] as const) {
    process.on(name, () => {
      if (stop.signal.aborted) process.exit(1);
      services.log.info({ signal: name }, 'stopping');
      stop.abort();
    });
  }
  await databaseIsReady(services, stop.signal);
  if (!stop.signal.aborted) {
    // After a change of the key list: what older keys encrypted is encrypted anew, so that they can be taken off the list.
    const { rotated } = await rotateSecrets(services);
    if (rotated > 0) services.log.info({ rotated }, 'secrets are encrypted with the newest key');
    const background = startBackground(services);
    services.log.info({ by: services.config.REDIS_URL ? 'bullmq' : 'timers' }, 'worker is ready');
    await new Promise<void>((resolve) =>
      stop.signal.addEventListener('abort', () => resolve(), { once: true }),
    );
    await background.close();
  }
  await closeServices(services);
}

/** Waits, longer each time, until the database answers and has its tables. */
async function databaseIsReady({ pool, log }: Services, signal: AbortSignal): Promise<void> {
  for (let wait = FIRST_WAIT_MS; !signal.aborted; wait = Math.min(LONGEST_WAIT_MS, wait * 2)) {
    try {
      await pool.query('SELECT 1 FROM runs LIMIT 1');
      return;
    } catch (error) {
      log.warn({ err: error, retryInMs: wait }, 'waiting for the database');
      await pause(wait, undefined, { signal }).catch(() => {});
    }
  }
}

try {
  await main();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
