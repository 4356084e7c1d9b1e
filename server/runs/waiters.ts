/** Why a waiting lease call goes on. */
export type Wake = 'work' | 'nudge' | 'timeout' | 'aborted';

/** A lease call that found nothing and waits. It stays in line while it tries, so that no wake-up is missed in between. */
export interface Waiter {
  /** Resolves at once if it was woken since the last call. */
  next(timeoutMs: number, signal?: AbortSignal): Promise<Wake>;
  /** The queues that woke it since the last call of this. */
  takeQueues(): string[];
  /** Ends the waiting. A wake-up it has not used goes to the next in line. */
  leave(): void;
}

interface Entry {
  agentId: string;
  queueIds: readonly string[];
  slots: number;
  woken: Set<string>;
  nudged: boolean;
  resume: (() => void) | null;
}

/**
 * The lease calls that wait in this process, by queue, first come first served. Work wakes as many of them as there are runs, not all:
 * a thousand idle agents cost nothing when one run comes.
 */
export class Waiters {
  readonly #byQueue = new Map<string, Set<Entry>>();
  readonly #byAgent = new Map<string, Set<Entry>>();

  add(agentId: string, queueIds: readonly string[], slots: number): Waiter {
    const entry: Entry = { agentId, queueIds, slots, woken: new Set(), nudged: false, resume: null };
    for (const queueId of queueIds) addTo(this.#byQueue, queueId, entry);
    addTo(this.#byAgent, agentId, entry);
    return {
      next: (timeoutMs, signal) => waitFor(entry, timeoutMs, signal),
      takeQueues: () => {
        const queues = [...entry.woken];
        entry.woken.clear();
        return queues;
      },
      leave: () => this.#leave(entry),
    };
  }

  /** `count` runs of the queue can be leased: wakes waiting calls that together have room for them. */
  wake(queueId: string, count: number): void {
    let left = count;
    for (const entry of this.#byQueue.get(queueId) ?? []) {
      if (left <= 0) return;
      if (entry.woken.has(queueId)) continue;
      entry.woken.add(queueId);
      entry.resume?.();
      left -= entry.slots;
    }
  }

  /** The agent has something to hear: its calls return, so that it sends a heartbeat. */
  nudge(agentId: string): void {
    for (const entry of this.#byAgent.get(agentId) ?? []) {
      entry.nudged = true;
      entry.resume?.();
    }
  }

  /** How many runs the waiting calls would take, by queue. */
  wanted(): Map<string, number> {
    const wanted = new Map<string, number>();
    for (const [queueId, entries] of this.#byQueue) {
      let slots = 0;
      for (const entry of entries) slots += entry.slots;
      wanted.set(queueId, slots);
    }
    return wanted;
  }

  get size(): number {
    return this.#byAgent.size;
  }

  #leave(entry: Entry): void {
    for (const queueId of entry.queueIds) removeFrom(this.#byQueue, queueId, entry);
    removeFrom(this.#byAgent, entry.agentId, entry);
    for (const queueId of entry.woken) this.wake(queueId, entry.slots);
    entry.woken.clear();
  }
}

function waitFor(entry: Entry, timeoutMs: number, signal?: AbortSignal): Promise<Wake> {
  const state = (): Wake | null => {
    if (signal?.aborted) return 'aborted';
    if (entry.nudged) return 'nudge';
    return entry.woken.size > 0 ? 'work' : null;
  };
  const now = state();
  if (now !== null) return Promise.resolve(now);
  if (timeoutMs <= 0) return Promise.resolve('timeout');
  return new Promise((resolve) => {
    const finish = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', finish);
      entry.resume = null;
      resolve(state() ?? 'timeout');
    };
    const timer = setTimeout(finish, timeoutMs);
    signal?.addEventListener('abort', finish, { once: true });
    entry.resume = finish;
  });
}

function addTo(map: Map<string, Set<Entry>>, key: string, entry: Entry): void {
  const set = map.get(key);
  if (set) set.add(entry);
  else map.set(key, new Set([entry]));
}

function removeFrom(map: Map<string, Set<Entry>>, key: string, entry: Entry): void {
  const set = map.get(key);
  set?.delete(entry);
  if (set?.size === 0) map.delete(key);
}
