import { LRUCache } from 'lru-cache';
import type { Services } from '../services';
import { GroupCommit } from './group-commit';
import { Hints } from './hints';
import { takeRuns } from './lease-sql';
import type { Demand, TakenRun } from './lease-sql';
import { Orphans } from './orphans';
import { perProcess } from './per-process';
import { Turns } from './turns';
import { Waiters } from './waiters';

const NO_FLOORS = [0, 0, 0, 0];
const SWEEP_MS = 1000;

/**
 * What one process keeps for its lease calls: who waits, where scans begin, whose turn it is. All of it may be lost at any time; the
 * truth is in the database.
 */
export class LeaseDesk {
  readonly waiters = new Waiters();
  readonly orphans: Orphans;
  readonly turns = new Turns();
  readonly hints: Hints;
  readonly #commits = new LRUCache<string, GroupCommit<Demand, TakenRun[]>>({ max: 10_000 });
  /** Queues that have had a limit: their leases take the lock. */
  readonly #limited = new Set<string>();
  #sweeping: NodeJS.Timeout | undefined;

  constructor(private readonly s: Services) {
    this.orphans = new Orphans(s.pool);
    this.hints = new Hints(s.pool, (error) => s.log.debug({ err: error }, 'hints of a queue were dropped'));
    s.bus.subscribe((message) => {
      if (message.type === 'work') this.waiters.wake(message.queueId, message.count);
      else if (message.type === 'requeued') this.hints.drop(message.queueId);
      else if (message.type === 'nudge') this.waiters.nudge(message.agentId);
    });
    s.bus.onGap(() => {
      this.hints.dropAll();
      this.orphans.changed();
      void this.#sweep();
    });
  }

  /** Takes runs of a queue, together with the other calls that want some of it at this moment. */
  take(queueId: string, limited: boolean, demand: Demand): Promise<TakenRun[]> {
    if (limited) this.#limited.add(queueId);
    let commit = this.#commits.get(queueId);
    if (!commit) {
      commit = new GroupCommit<Demand, TakenRun[]>({
        flush: (demands) => this.#flush(queueId, demands),
        weigh: ({ slots }) => slots,
        maxWeight: 1000,
      });
      this.#commits.set(queueId, commit);
    }
    return commit.submit(demand);
  }

  /** Begins to look now and then after what no message told of, as long as calls wait. */
  watch(): void {
    this.#sweeping ??= setInterval(() => {
      if (this.waiters.size > 0) void this.#sweep();
      else {
        clearInterval(this.#sweeping);
        this.#sweeping = undefined;
      }
    }, SWEEP_MS).unref();
  }

  async #flush(queueId: string, demands: Demand[]): Promise<TakenRun[][]> {
    const options = {
      queueId,
      leaseSeconds: this.s.config.SLIPWAY_LEASE_SECONDS,
      limited: this.#limited.has(queueId),
    };
    const floors = this.hints.floors(queueId);
    const rows = await takeRuns(this.s.pool, { ...options, floors, demands });
    const given = demands.map((_, index) => rows.filter(({ demand }) => demand === index));

    const missing = demands.map((demand, index) => ({
      ...demand,
      slots: demand.slots - (given[index]?.length ?? 0),
    }));
    if (floors.some((floor) => floor > 0) && missing.some(({ slots }) => slots > 0)) {
      // Too little above the floors: what they hide, if anything, is found by a scan from the beginning.
      const below = await takeRuns(this.s.pool, { ...options, floors: NO_FLOORS, demands: missing });
      if (below.length > 0) this.hints.drop(queueId);
      for (const run of below) given[run.demand]?.push(run);
    }
    const taken = given.flat();
    if (taken.length > 0) this.hints.leased(queueId, taken);
    return given;
  }

  /** Wakes for what can be leased although nobody was told: a lost message, a queue that was resumed, a limit that was raised. */
  async #sweep(): Promise<void> {
    const wanted = this.waiters.wanted();
    if (wanted.size === 0) return;
    try {
      const { rows } = await this.s.pool.query<{ id: string; count: number }>({
        name: 'lease-sweep',
        text: SWEEP,
        values: [[...wanted.keys()], [...wanted.values()]],
      });
      for (const { id, count } of rows) this.waiters.wake(id, count);
    } catch (error) {
      this.s.log.debug({ err: error }, 'waiting agents could not be looked after');
    }
  }
}

const SWEEP = `
SELECT w.id, (ready.count + orphan.count)::int AS count
FROM unnest($1::uuid[], $2::int[]) AS w(id, slots) JOIN queues q ON q.id = w.id,
LATERAL (SELECT count(*) FROM (
  SELECT 1 FROM runs r
  WHERE r.queue_id = w.id AND r.state = 'pending' AND NOT r.held AND q.paused_at IS NULL AND q.deleted_at IS NULL
    AND (q.max_in_flight IS NULL OR q.max_in_flight > (
      SELECT count(*) FROM runs f WHERE f.queue_id = w.id AND f.state IN ('leased', 'building', 'starting', 'running')))
  LIMIT w.slots) AS found) AS ready,
LATERAL (SELECT count(*) FROM runs o WHERE o.orphaned_at IS NOT NULL AND o.queue_id = w.id) AS orphan
WHERE ready.count + orphan.count > 0`;

export const leaseDesk = perProcess((s) => new LeaseDesk(s));
