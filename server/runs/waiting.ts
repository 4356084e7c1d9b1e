import { LRUCache } from 'lru-cache';
import { RESOURCE_INFO } from '@/core/queue-config';
import { whyWaiting } from '@/core/run-state';
import type { Waiting } from '@/core/wire';
import { closedSecretsOf } from '../secrets/closed';
import type { Services } from '../services';
import { awaySeconds } from './away';
import { LAST_ENDED, lastEnded } from './last-ended';
import { perProcess } from './per-process';
import { isWaiting } from './run-rows';
import type { SummaryRow } from './run-rows';

interface QueueFacts {
  id: string;
  pausedBy: string | null;
  pauseNote: string | null;
  paused: boolean;
  limit: number | null;
  inFlight: number;
  waiting: number;
  online: number;
  notTaking: number;
  busy: number;
  slots: number | null;
  ever: boolean;
  lastSeen: Date | null;
  onlyName: string | null;
  onlyMax: number | null;
  medianStart: number | null;
  failedInARow: number;
  now: Date;
}

/** Counting ends here: whoever is behind so many need not know the exact number. */
const COUNT_LIMIT = 10_000;
/** Places that are told in a list, by queue. */
const PLACES = 1000;
/** An estimate from fewer starts would be a guess. */
const MIN_STARTS = 6;

const FACTS = `
WITH serving AS (
  SELECT q.id AS queue_id, a.id, a.name, a.max_jobs, a.paused_at IS NOT NULL OR a.command <> 'none' OR a.status = 'draining' AS not_taking,
         a.last_heartbeat_at, a.gone_at IS NULL AND a.last_heartbeat_at > now() - make_interval(secs => $2) AS online
  FROM queues q JOIN agents a ON a.entity_id = q.entity_id AND q.name = ANY (a.queue_names)
  LEFT JOIN agent_tokens t ON t.id = a.token_id
  WHERE q.id = ANY ($1::uuid[]) AND (t.id IS NULL OR cardinality(t.queue_ids) = 0 OR q.id = ANY (t.queue_ids))
), load AS (
  SELECT agent_id, count(*) AS runs FROM runs
  WHERE state IN ('leased', 'building', 'starting', 'running') AND agent_id IN (SELECT id FROM serving WHERE online) GROUP BY agent_id
), cover AS (
  SELECT v.queue_id, count(*) FILTER (WHERE v.online) AS online, count(*) FILTER (WHERE v.online AND v.not_taking) AS not_taking,
         coalesce(sum(l.runs) FILTER (WHERE v.online), 0)::int AS busy,
         CASE WHEN coalesce(bool_or(v.max_jobs < 0) FILTER (WHERE v.online), false) THEN NULL
              ELSE coalesce(sum(v.max_jobs) FILTER (WHERE v.online), 0)::int END AS slots,
         max(v.last_heartbeat_at) AS last_seen, min(v.name) FILTER (WHERE v.online) AS a_name, min(v.max_jobs) FILTER (WHERE v.online) AS a_max
  FROM serving v LEFT JOIN load l ON l.agent_id = v.id GROUP BY v.queue_id
)
SELECT q.id, q.paused_at IS NOT NULL AS paused, q.paused_by AS "pausedBy", q.pause_note AS "pauseNote", q.max_in_flight AS "limit", now() AS now,
  (SELECT count(*) FROM runs r WHERE r.queue_id = q.id AND r.state IN ('leased', 'building', 'starting', 'running')) AS "inFlight",
  (SELECT count(*) FROM (SELECT 1 FROM runs r WHERE r.queue_id = q.id AND r.state = 'pending' AND NOT r.held LIMIT ${COUNT_LIMIT + 1}) AS w) AS waiting,
  coalesce(c.online, 0) AS online, coalesce(c.not_taking, 0) AS "notTaking", coalesce(c.busy, 0) AS busy,
  CASE WHEN c.queue_id IS NULL THEN 0 ELSE c.slots END AS slots, c.queue_id IS NOT NULL AS ever, c.last_seen AS "lastSeen",
  CASE WHEN c.online = 1 THEN c.a_name END AS "onlyName", CASE WHEN c.online = 1 THEN c.a_max END AS "onlyMax",
  (SELECT CASE WHEN count(*) >= ${MIN_STARTS} THEN percentile_cont(0.5) WITHIN GROUP (ORDER BY gap) END FROM (
     SELECT extract(epoch FROM lag(started_at) OVER (ORDER BY started_at DESC) - started_at)::float8 AS gap FROM (
       SELECT started_at FROM runs r WHERE r.queue_id = q.id AND r.started_at IS NOT NULL ORDER BY started_at DESC LIMIT 50) AS last
   ) AS gaps) AS "medianStart",
  coalesce((SELECT CASE WHEN count(*) = ${LAST_ENDED} AND bool_and(e.state = 'failed') THEN ${LAST_ENDED} END FROM (${lastEnded('q.id')}) AS e), 0) AS "failedInARow"
FROM queues q LEFT JOIN cover c ON c.queue_id = q.id WHERE q.id = ANY ($1::uuid[])`;

async function queueFacts(s: Services, queueIds: readonly string[]): Promise<Map<string, QueueFacts>> {
  if (queueIds.length === 0) return new Map();
  const { rows } = await s.pool.query<QueueFacts>({
    name: 'queue-facts',
    text: FACTS,
    values: [queueIds, awaySeconds(s.config)],
  });
  return new Map(rows.map((row) => [row.id, row]));
}

/** Why each of the runs waits: four statements whatever their number. Runs that do not wait are absent. */
export async function waitingOf(s: Services, rows: readonly SummaryRow[]): Promise<Map<string, Waiting>> {
  const waiting = rows.filter(isWaiting);
  const inLine = waiting.filter(({ state, held }) => state === 'pending' && !held);
  const queueIds = [...new Set(waiting.map(({ queueId }) => queueId))];
  const [facts, closed, places] = await Promise.all([
    queueFacts(s, queueIds),
    closedSecretsOf(s, queueIds),
    inLine.length === 1 && inLine[0]
      ? placeOfOne(s, inLine[0])
      : placesInLists(s, [...new Set(inLine.map(({ queueId }) => queueId))]),
  ]);
  const answers = new Map<string, Waiting>();
  for (const row of waiting) {
    const queue = facts.get(row.queueId);
    if (queue) answers.set(row.id, tell(row, queue, closed.get(row.queueId) ?? [], places.get(row.id)));
  }
  return answers;
}

/** Place of a run in its queue, and how many people's runs are before it. */
interface Line {
  position: number;
  peopleAhead: number;
}

/** The first places of each queue, by the order in which leases go. */
async function placesInLists(s: Services, queueIds: readonly string[]): Promise<Map<string, Line>> {
  if (queueIds.length === 0) return new Map();
  const { rows } = await s.pool.query<{ id: string; queueId: string; place: number; author: string }>({
    name: 'queue-places',
    text: `SELECT line.id, w.queue_id AS "queueId", line.place, line.author FROM unnest($1::uuid[]) AS w(queue_id), LATERAL (
             SELECT id, author, row_number() OVER (ORDER BY priority, seq) AS place FROM (
               SELECT r.id, r.author, r.priority, r.seq FROM runs r WHERE r.queue_id = w.queue_id AND r.state = 'pending' AND NOT r.held
               ORDER BY r.priority, r.seq LIMIT ${PLACES}) AS head) AS line ORDER BY w.queue_id, line.place`,
    values: [queueIds],
  });
  const people = new Map<string, Set<string>>();
  return new Map(
    rows.map(({ id, queueId, place, author }) => {
      const before = people.get(queueId) ?? new Set();
      people.set(queueId, before);
      const line = { position: place, peopleAhead: before.size };
      before.add(author);
      return [id, line];
    }),
  );
}

async function placeOfOne(
  s: Services,
  { id, queueId, priority, seq }: SummaryRow,
): Promise<Map<string, Line>> {
  const { rows } = await s.pool.query<{ ahead: number; people: number }>({
    name: 'run-place',
    text: `SELECT count(*) AS ahead, count(DISTINCT a.author) AS people FROM (
             SELECT r.author FROM runs r WHERE r.queue_id = $1 AND r.state = 'pending' AND NOT r.held
               AND (r.priority < $2 OR (r.priority = $2 AND r.seq < $3)) LIMIT ${COUNT_LIMIT}) AS a`,
    values: [queueId, priority, seq],
  });
  const { ahead, people } = rows[0] ?? { ahead: COUNT_LIMIT, people: 0 };
  return ahead >= COUNT_LIMIT ? new Map() : new Map([[id, { position: ahead + 1, peopleAhead: people }]]);
}

function tell(
  row: SummaryRow,
  queue: QueueFacts,
  closedSecrets: readonly string[],
  line: Line | undefined,
): Waiting {
  const info = RESOURCE_INFO[row.resource];
  const heldUntil = row.held ? (row.heldUntil?.getTime() ?? null) : null;
  const asked = row.notBefore !== null && row.notBefore.getTime() === heldUntil;
  return whyWaiting({
    now: queue.now.getTime(),
    resource: row.resource,
    resourceLabel: info.label,
    servable: info.servable,
    paused: queue.paused ? { by: queue.pausedBy ?? 'unknown', note: queue.pauseNote ?? '' } : null,
    closedSecrets,
    limit: queue.limit,
    inFlight: queue.inFlight,
    notBefore: asked ? heldUntil : null,
    backoffUntil: asked ? null : heldUntil,
    position: line?.position ?? null,
    peopleAhead: line?.peopleAhead ?? null,
    waiting: queue.waiting > COUNT_LIMIT ? null : queue.waiting,
    agents: {
      online: queue.online,
      paused: queue.notTaking,
      slots: queue.slots,
      busy: queue.busy,
      everHad: queue.ever,
      lastSeenAt: queue.lastSeen?.getTime() ?? null,
      only:
        queue.onlyName === null || queue.onlyMax === null || queue.onlyMax < 0
          ? null
          : { name: queue.onlyName, maxJobs: queue.onlyMax },
    },
    orphaned: row.orphaned ? { hostName: info.hostBound ? (row.agentHost ?? row.agentName) : null } : null,
    failedInARow: queue.failedInARow,
    medianStartSeconds: queue.medianStart,
  });
}

type Recent = Promise<{ queue: QueueFacts | undefined; closed: readonly string[] }>;
const recent = perProcess(() => new LRUCache<string, Recent>({ max: 5000, ttl: 1000 }));

/** Why a run that was launched this moment waits: from what was known of its queue within the last second, and without its place. */
export async function waitingOfNew(s: Services, row: SummaryRow): Promise<Waiting | null> {
  let facts = recent(s).get(row.queueId);
  if (facts === undefined) {
    facts = Promise.all([queueFacts(s, [row.queueId]), closedSecretsOf(s, [row.queueId])]).then(
      ([queues, closed]) => ({ queue: queues.get(row.queueId), closed: closed.get(row.queueId) ?? [] }),
    );
    facts.catch(() => recent(s).delete(row.queueId));
    recent(s).set(row.queueId, facts);
  }
  const { queue, closed } = await facts;
  return queue === undefined ? null : tell(row, { ...queue, now: new Date() }, closed, undefined);
}
