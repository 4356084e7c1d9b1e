import type { Overview } from '@/core/wire';
import { requireEntity } from '../access/require-entity';
import type { Actor } from '../access/actor';
import { awaySeconds } from '../runs/away';
import { limitedWaiting, oldestWaiting, waitingCounts } from '../runs/waiting-counts';
import type { Services } from '../services';

interface Row extends Omit<Overview, 'oldestWait' | 'agents' | 'waiting'> {
  lines: { id: string; waiting: number }[];
  oldestQueue: string | null;
  oldestSince: Date | null;
  online: number;
  lost: number;
  ever: boolean;
}

/** From so many runs on nobody needs an introduction, whatever became of them. */
const NO_BEGINNER = 200;

const SELECT = `
WITH mine AS (SELECT id, name FROM queues WHERE entity_id = $1 AND deleted_at IS NULL),
agents_now AS (
  SELECT a.id, a.queue_names, a.gone_at IS NULL AND a.last_heartbeat_at > now() - make_interval(secs => $2) AS online, a.gone_at IS NULL AS here,
         coalesce(t.queue_ids, '{}') AS allowed
  FROM agents a LEFT JOIN agent_tokens t ON t.id = a.token_id WHERE a.entity_id = $1
), load AS (
  SELECT q.id, q.name,
    ${limitedWaiting('q.id')} AS waiting,
    (SELECT count(*) FROM runs r WHERE r.queue_id = q.id AND r.state IN ('leased', 'building', 'starting', 'running')) AS in_flight,
    ${oldestWaiting('q.id')} AS oldest
  FROM mine q
), first AS (SELECT name, oldest FROM load WHERE oldest IS NOT NULL ORDER BY oldest LIMIT 1)
SELECT (SELECT count(*) FROM mine) AS queues,
  coalesce(json_agg(json_build_object('id', l.id, 'waiting', l.waiting)) FILTER (WHERE l.waiting > 0), '[]') AS lines, coalesce(sum(l.in_flight), 0)::int AS "inFlight",
  count(*) FILTER (WHERE l.waiting > 0 AND NOT EXISTS (
    SELECT 1 FROM agents_now a WHERE a.online AND l.name = ANY (a.queue_names) AND (cardinality(a.allowed) = 0 OR l.id = ANY (a.allowed)))) AS uncovered,
  (SELECT name FROM first) AS "oldestQueue", (SELECT oldest FROM first) AS "oldestSince",
  (SELECT count(*) FROM agents_now WHERE online) AS online, (SELECT count(*) FROM agents_now WHERE here AND NOT online) AS lost,
  EXISTS (SELECT 1 FROM agents_now) AS ever,
  (SELECT CASE WHEN count(*) = 0 THEN 'none' WHEN count(*) = ${NO_BEGINNER} OR bool_or(x.state = 'finished') THEN 'finished' ELSE 'launched' END
   FROM (SELECT state FROM runs WHERE entity_id = $1 ORDER BY seq DESC LIMIT ${NO_BEGINNER}) AS x) AS "firstRun"
FROM load l`;

/** The queues of an entity in a few numbers, in one statement. */
export async function readOverview(s: Services, actor: Actor, input: { entity: string }): Promise<Overview> {
  const entity = await requireEntity(s, actor, input.entity, 'viewer');
  const { rows } = await s.pool.query<Row>({
    name: 'overview',
    text: SELECT,
    values: [entity.id, awaySeconds(s.config)],
  });
  const row = rows[0];
  if (!row) throw new Error('An aggregate gave no row.');
  const { queues, lines, inFlight, uncovered, firstRun, oldestQueue, oldestSince, online, lost, ever } = row;
  const counts = await waitingCounts(s, lines);
  const waiting = [...counts.values()].reduce((sum, runs) => sum + runs, 0);
  return {
    queues,
    waiting,
    inFlight,
    uncovered,
    firstRun,
    oldestWait:
      oldestQueue === null || oldestSince === null
        ? null
        : { queue: oldestQueue, since: oldestSince.toISOString() },
    agents: { online, lost, ever },
  };
}
