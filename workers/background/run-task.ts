import { isDatabaseAway } from '@/server/db';
import type { Services } from '@/server/services';
import type { Task } from './tasks';

/** Runs a task once and logs how it went. Rejects when it failed; it will be tried again at its next time. */
export async function runTask(services: Services, task: Task, signal: AbortSignal): Promise<void> {
  const startedAt = performance.now();
  try {
    const done = await task.run(services, signal);
    const ms = Math.round(performance.now() - startedAt);
    services.log.debug({ task: task.name, done, ms }, 'task');
  } catch (error) {
    const level = isDatabaseAway(error) ? 'warn' : 'error';
    services.log[level]({ err: error, task: task.name }, 'a background task failed; it is tried again');
    throw error;
  }
}
