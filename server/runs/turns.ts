import { LRUCache } from 'lru-cache';

/** Round-robin over the queues of an agent: one that gave work goes last. Kept in memory: after a restart the agent's own order counts. */
export class Turns {
  readonly #orders = new LRUCache<string, string[]>({ max: 20_000 });

  /** `queueIds` in the order of their turns. */
  order(agentId: string, queueIds: readonly string[]): string[] {
    if (queueIds.length < 2) return [...queueIds];
    const last = this.#orders.get(agentId) ?? [];
    const place = (id: string) => last.indexOf(id);
    // Those that never gave anything come first, in the agent's order (sort is stable).
    return [...queueIds].sort((a, b) => place(a) - place(b));
  }

  gave(agentId: string, queueId: string): void {
    const last = this.#orders.get(agentId) ?? [];
    this.#orders.set(agentId, [...last.filter((id) => id !== queueId), queueId]);
  }
}
