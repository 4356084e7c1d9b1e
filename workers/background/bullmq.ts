import { setTimeout as pause } from 'node:timers/promises';
import { Queue, Worker } from 'bullmq';
import { Redis } from 'ioredis';
import type { Services } from '@/server/services';
import { runTask } from './run-task';
import type { Task } from './tasks';

const QUEUE = 'slipway-tasks';
/** The plan is written again now and then: a Redis that was flushed or replaced has none. */
const PLAN_EVERY_MS = 15_000;

/** Runs the tasks by BullMQ: planned once in Redis, each run taken by one of all the workers. Ends when the signal aborts. */
export async function runByBullmq(
  services: Services,
  redisUrl: string,
  tasks: readonly Task[],
  signal: AbortSignal,
): Promise<void> {
  const log = services.log.child({ part: 'tasks' });
  // BullMQ wants connections that never give up on a command.
  const connect = () => {
    const redis = new Redis(redisUrl, { maxRetriesPerRequest: null });
    redis.on('error', (error: Error) => log.warn({ err: error }, 'Redis cannot be reached'));
    return redis;
  };
  const connections = [connect(), connect()] as const;
  const queue = new Queue(QUEUE, { connection: connections[0] });
  const worker = new Worker(
    QUEUE,
    async ({ name }) => {
      const task = tasks.find((each) => each.name === name);
      // A plan of another release may name tasks that this one does not know.
      if (task) await runTask(services, task, signal);
    },
    { connection: connections[1], concurrency: tasks.length, stalledInterval: 5_000, lockDuration: 30_000 },
  );
  queue.on('error', (error) => log.debug({ err: error }, 'the plan of the tasks cannot be reached'));
  worker.on('error', (error) => log.debug({ err: error }, 'the tasks cannot be reached'));
  try {
    while (!signal.aborted) {
      await plan(queue, tasks).catch((error: unknown) =>
        log.warn({ err: error }, 'the tasks could not be planned'),
      );
      await pause(PLAN_EVERY_MS, undefined, { signal }).catch(() => {});
    }
  } finally {
    await worker.close();
    await queue.close();
    for (const connection of connections) connection.disconnect();
  }
}

async function plan(queue: Queue, tasks: readonly Task[]): Promise<void> {
  for (const { name, everyMs } of tasks) {
    await queue.upsertJobScheduler(
      name,
      { every: everyMs },
      { name, opts: { removeOnComplete: true, removeOnFail: { count: 20 }, attempts: 1 } },
    );
  }
}
