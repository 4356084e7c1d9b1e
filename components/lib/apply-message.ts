import type { QueryClient } from '@tanstack/react-query';
import type { RunSummary, StreamMessage } from '@/core/wire';
import { isPaged, type Paged } from './invalidation';

type RunMessage = Extract<StreamMessage, { type: 'run' }>;
type Known = Pick<RunSummary, 'id' | 'state' | 'stopping' | 'waiting'>;

/**
 * Puts what a message itself says of a run into the cached answers that hold it: its state is on the screen at once, however many runs
 * change at the time. The rest follows when the answers are asked for again.
 */
export function applyMessage(client: QueryClient, message: StreamMessage): void {
  if (message.type !== 'run') return;
  client.setQueryData<Known>(['run', message.runId], (run) => (run ? changed(run, message) : run));
  client.setQueriesData({ queryKey: ['entity', message.entity, 'runs'] }, (list: unknown) =>
    isPaged(list) ? renewPages(list as Paged<Known>, message) : undefined,
  );
}

function renewPages<T extends Paged<Known>>(list: T, message: RunMessage): T | undefined {
  const at = list.pages.findIndex(({ items }) => items.some(({ id }) => id === message.runId));
  const page = list.pages[at];
  // Undefined leaves the cached answer, and its age, as they are.
  if (!page) return undefined;
  const items = page.items.map((run) => (run.id === message.runId ? changed(run, message) : run));
  return items.every((run, index) => run === page.items[index])
    ? undefined
    : { ...list, pages: list.pages.with(at, { ...page, items }) };
}

function changed<T extends Known>(run: T, { state, stopping }: RunMessage): T {
  if (run.state === state && run.stopping === stopping) return run;
  // Why it waited is no longer true of a run that has begun.
  const waits = state === 'pending' || state === 'preempted';
  return { ...run, state, stopping, waiting: waits ? run.waiting : null };
}
