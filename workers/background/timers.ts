import { setTimeout as pause } from 'node:timers/promises';
import type { Services } from '@/server/services';
import { runTask } from './run-task';
import type { Task } from './tasks';

/** Runs each task again and again, each at its own pace and never twice at once, until the signal aborts and all have ended. */
export async function runByTimers(
  services: Services,
  tasks: readonly Task[],
  signal: AbortSignal,
): Promise<void> {
  await Promise.all(tasks.map((task) => repeat(services, task, signal)));
}

async function repeat(services: Services, task: Task, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const startedAt = performance.now();
    await runTask(services, task, signal).catch(() => {});
    const rest = Math.max(10, task.everyMs - (performance.now() - startedAt));
    await pause(rest, undefined, { signal }).catch(() => {});
  }
}
