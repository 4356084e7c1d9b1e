import type { RunState } from '@/core/wire';
import type { BusMessage } from '../events';
import type { Services } from '../services';
import { perProcess } from './per-process';

/** Where a run belongs, as messages name it. */
export interface RunPlace {
  entity: string;
  queue: string;
  queueId: string;
}
export interface RunChange extends RunPlace {
  runId: string;
  state: RunState;
  stopping: boolean;
  /** Of the run's last event. */
  seq: number;
}

/** A change, without what else its source has. A plain literal: spreading a place and adding to it costs some microseconds a run. */
export const runChange = (
  { entity, queue, queueId }: RunPlace,
  runId: string,
  { state, stopping, seq }: { state: RunState; stopping: boolean; seq: number },
): RunChange => ({ entity, queue, queueId, runId, state, stopping, seq });

/** Pages redraw their counts on `queue` messages, and servers forget the queue's settings: at most this often for changes of runs. */
const QUEUE_EVERY_MS = 500;

/** Queues whose counts have changed: told at once, then gathered. */
class QueueNews {
  readonly #places = new Map<string, { place: RunPlace; again: boolean }>();
  constructor(private readonly publish: (message: BusMessage) => void) {}

  changed(place: RunPlace): void {
    const told = this.#places.get(place.queueId);
    if (told) told.again = true;
    else this.#tell(place);
  }

  #tell(place: RunPlace): void {
    this.publish({ type: 'queue', entity: place.entity, queue: place.queue, queueId: place.queueId });
    this.#places.set(place.queueId, { place, again: false });
    // The timer ends by itself within one period of silence and keeps no process alive.
    setTimeout(() => {
      const told = this.#places.get(place.queueId);
      this.#places.delete(place.queueId);
      if (told?.again) this.#tell(place);
    }, QUEUE_EVERY_MS).unref();
  }
}

const queueNews = perProcess((s) => new QueueNews((message) => s.bus.publish(message)));

/** Tells everyone what became of runs. After the commit, never before. */
export function announceRuns(s: Services, changes: readonly RunChange[]): void {
  s.bus.publish(
    ...changes.map(({ runId, entity, queue, queueId, state, stopping, seq }) => ({
      type: 'run' as const,
      runId,
      entity,
      queue,
      queueId,
      state,
      stopping,
      seq,
    })),
  );
  const news = queueNews(s);
  for (const change of changes) news.changed(change);
}

/** Tells that runs of these queues can be leased, with how many; `putBack`: at places that leases may have passed already. */
export function announceWork(s: Services, queueIds: readonly string[], { putBack = false } = {}): void {
  const counts = new Map<string, number>();
  for (const id of queueIds) counts.set(id, (counts.get(id) ?? 0) + 1);
  for (const [queueId, count] of counts) {
    if (putBack) s.bus.publish({ type: 'requeued', queueId });
    s.bus.publish({ type: 'work', queueId, count });
  }
}
