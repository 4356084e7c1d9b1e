import { withTransaction } from '../db';
import type { Services } from '../services';
import { announceRuns, announceWork } from './announce';
import { awaySeconds } from './away';
import { announceProgress } from './report';
import { applyLoss } from './report-apply';
import { lockRuns, writeRuns } from './report-sql';

const BATCH = 500;

const LOST = `
SELECT r.id FROM runs r JOIN queues q ON q.id = r.queue_id
WHERE r.orphaned_at < now() - make_interval(secs => $1) AND r.state IN ('starting', 'running')
  AND q.resource IN ('local-container', 'local-process')
ORDER BY r.id LIMIT ${BATCH} FOR NO KEY UPDATE OF r SKIP LOCKED`;

/**
 * Fails (`agent-lost`) the host-bound runs whose host has not come back in time; a retry policy that names the category puts them back
 * without counting it. Runs of clusters wait for the next agent of their queue, however long that takes: they are still there.
 * A task of one worker; returns how many.
 */
export async function failLostRuns(s: Services): Promise<number> {
  const graceSeconds = s.config.SLIPWAY_AGENT_LOST_SECONDS;
  for (let total = 0; ;) {
    const changes = await withTransaction(s.pool, async (client) => {
      const { rows } = await client.query<{ id: string }>(LOST, [graceSeconds]);
      const locked = await lockRuns(
        client,
        rows.map(({ id }) => id),
        awaySeconds(s.config),
      );
      const lost = [...locked.values()].map((before) => {
        const { run: after, events } = applyLoss(before.progress, before.policy, graceSeconds, before.now);
        return { before, after, events, submission: null };
      });
      if (lost.length > 0) await writeRuns(client, lost);
      return lost;
    });
    announceProgress(s, changes);
    total += changes.length;
    if (changes.length < BATCH) return total;
  }
}

const DUE = `
WITH due AS MATERIALIZED (
  SELECT id FROM runs WHERE state = 'pending' AND held AND held_until <= now()
  ORDER BY held_until LIMIT ${BATCH} FOR NO KEY UPDATE SKIP LOCKED
), woken AS (
  UPDATE runs r SET held = false, held_until = NULL FROM due WHERE r.id = due.id RETURNING r.id, r.event_seq, r.queue_id, r.entity_id
)
SELECT w.id AS "runId", w.event_seq AS seq, w.queue_id AS "queueId", q.name AS queue, e.name AS entity
FROM woken w JOIN queues q ON q.id = w.queue_id JOIN entities e ON e.id = w.entity_id`;

/** Lets go the runs whose time has come (not-before, backoff) and announces them. A task of one worker; returns how many. */
export async function wakeDueRuns(s: Services): Promise<number> {
  for (let total = 0; ;) {
    const { rows } = await s.pool.query<{
      runId: string;
      seq: number;
      queueId: string;
      queue: string;
      entity: string;
    }>(DUE);
    if (rows.length > 0) {
      announceRuns(
        s,
        rows.map((row) => ({ ...row, state: 'pending', stopping: false })),
      );
      announceWork(
        s,
        rows.map(({ queueId }) => queueId),
        { putBack: true },
      );
    }
    total += rows.length;
    if (rows.length < BATCH) return total;
  }
}
