import type { Services } from '@/server/services';
import { runByBullmq } from './bullmq';
import { whileLeading } from './leader';
import { TASKS } from './tasks';
import { runByTimers } from './timers';

export interface Background {
  /** Lets running tasks end, then resolves. */
  close(): Promise<void>;
}

/**
 * Starts the background tasks of an installation: by BullMQ where there is Redis, otherwise by timers in the one worker that holds the
 * advisory lock. Any number of workers may run; each task runs in one of them at a time.
 */
export function startBackground(services: Services): Background {
  const stop = new AbortController();
  const { signal } = stop;
  const { REDIS_URL, DATABASE_URL } = services.config;
  const running = REDIS_URL
    ? runByBullmq(services, REDIS_URL, TASKS, signal)
    : whileLeading(
        { databaseUrl: DATABASE_URL, log: services.log.child({ part: 'tasks' }), signal },
        (leading) => runByTimers(services, TASKS, leading),
      );
  const ended = running.catch((error: unknown) =>
    services.log.error({ err: error }, 'the background tasks ended'),
  );
  return {
    close: async () => {
      stop.abort();
      await ended;
    },
  };
}
