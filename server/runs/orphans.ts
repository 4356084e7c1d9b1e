import type { Pool } from 'pg';
import type { AgentView } from '../agents/agent-view';

interface OrphanGroup {
  queueId: string;
  agentId: string;
}

/** Orphans come seldom, so a process looks once a second at most, not at every lease. */
const LOOK_EVERY_MS = 1000;
const SELECT = `
SELECT DISTINCT queue_id AS "queueId", agent_id AS "agentId" FROM runs
WHERE orphaned_at IS NOT NULL AND state IN ('starting', 'running') AND agent_id IS NOT NULL`;

/** Which queues have runs that wait to be adopted, as this process knows it. */
export class Orphans {
  #groups: Promise<OrphanGroup[]> = Promise.resolve([]);
  #lookedAt = Number.NEGATIVE_INFINITY;

  constructor(private readonly pool: Pool) {}

  /** Look again at the next question: there are orphans now. */
  changed(): void {
    this.#lookedAt = Number.NEGATIVE_INFINITY;
  }

  /** The agent's queues that hold something it may adopt. */
  async queuesFor(view: AgentView): Promise<string[]> {
    if (performance.now() - this.#lookedAt > LOOK_EVERY_MS) {
      this.#lookedAt = performance.now();
      this.#groups = this.pool.query<OrphanGroup>({ name: 'orphans', text: SELECT }).then(({ rows }) => rows);
      this.#groups.catch(() => this.changed());
    }
    const groups = await this.#groups;
    if (groups.length === 0) return [];
    const adoptable = view.queues.filter(({ id, hostBound }) =>
      groups.some(({ queueId, agentId }) => queueId === id && (!hostBound || agentId === view.id)),
    );
    return adoptable.map(({ id }) => id);
  }
}
