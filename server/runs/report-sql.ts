import type { PoolClient } from 'pg';
import { isInFlight } from '@/core/run-state';
import { retryPolicySchema } from '@/core/wire';
import type { FailureCategory, FailurePhase, RetryPolicy, RunState, Submission } from '@/core/wire';
import type { RunPlace } from './announce';
import type { NewEvent, RunProgress } from './report-apply';

/** A run that is locked, and what decides what may become of it. */
export interface LockedRun {
  progress: RunProgress;
  place: RunPlace;
  policy: RetryPolicy;
  agentId: string | null;
  agentName: string;
  /** The token its agent registered with. */
  tokenId: string | null;
  limited: boolean;
  entityId: string;
  authorId: string | null;
  /** The queue was deleted, has priorities. */
  queueDeleted: boolean;
  prioritized: boolean;
  orphaned: boolean;
  agentOnline: boolean;
  now: Date;
}

interface Row {
  id: string;
  entity_id: string;
  author_id: string | null;
  queue_deleted: boolean;
  prioritized: boolean;
  orphaned: boolean;
  agent_online: boolean;
  state: RunState;
  attempt: number;
  agent_seq: number;
  event_seq: number;
  execution: number;
  retries: number;
  preemptions: number;
  stopping: boolean;
  held_until: Date | null;
  external_ref: string | null;
  image: string | null;
  failure_phase: FailurePhase | null;
  failure_category: FailureCategory | null;
  failure_message: string | null;
  exit_code: number | null;
  leased_at: Date | null;
  submitted_at: Date | null;
  started_at: Date | null;
  ended_at: Date | null;
  queue_id: string;
  queue: string;
  entity: string;
  retry_policy: unknown;
  limited: boolean;
  agent_id: string | null;
  agent_name: string | null;
  token_id: string | null;
  now: Date;
}

/** In the order of ids, like every statement that locks several runs: two of them never wait for each other. */
const LOCK = `
SELECT r.id, r.state, r.attempt, r.agent_seq, r.event_seq, r.execution, r.retries, r.preemptions, r.stop_requested_at IS NOT NULL AS stopping,
       r.held_until, r.external_ref, r.image, r.failure_phase, r.failure_category, r.failure_message, r.exit_code,
       r.leased_at, r.submitted_at, r.started_at, r.ended_at, r.queue_id, q.name AS queue, e.name AS entity, q.retry_policy,
       q.max_in_flight IS NOT NULL AS limited, r.agent_id, a.name AS agent_name, a.token_id, now()::timestamptz(3) AS now,
       r.entity_id, r.author_id, q.deleted_at IS NOT NULL AS queue_deleted, q.prioritized, r.orphaned_at IS NOT NULL AS orphaned,
       coalesce(a.gone_at IS NULL AND a.last_heartbeat_at > now() - make_interval(secs => $2), false) AS agent_online
FROM runs r JOIN queues q ON q.id = r.queue_id JOIN entities e ON e.id = r.entity_id LEFT JOIN agents a ON a.id = r.agent_id
WHERE r.id = ANY ($1::text[]) ORDER BY r.id FOR NO KEY UPDATE OF r`;

/** `awaySeconds`: an agent counts as online if its last heartbeat is not older. */
export async function lockRuns(
  client: PoolClient,
  ids: readonly string[],
  awaySeconds: number,
): Promise<Map<string, LockedRun>> {
  const { rows } = await client.query<Row>({
    name: 'run-lock',
    text: LOCK,
    values: [[...new Set(ids)], awaySeconds],
  });
  return new Map(rows.map((row) => [row.id, toLocked(row)]));
}

function toLocked(row: Row): LockedRun {
  const { failure_phase: phase, failure_category: category, failure_message: message } = row;
  return {
    progress: {
      id: row.id,
      state: row.state,
      attempt: row.attempt,
      agentSeq: row.agent_seq,
      eventSeq: row.event_seq,
      execution: row.execution,
      retries: row.retries,
      preemptions: row.preemptions,
      stopping: row.stopping,
      heldUntil: row.held_until,
      externalRef: row.external_ref,
      image: row.image,
      failure:
        phase && category ? { phase, category, message: message ?? '', exitCode: row.exit_code } : null,
      exitCode: row.exit_code,
      leasedAt: row.leased_at,
      submittedAt: row.submitted_at,
      startedAt: row.started_at,
      endedAt: row.ended_at,
    },
    place: { entity: row.entity, queue: row.queue, queueId: row.queue_id },
    policy: retryPolicySchema.parse(row.retry_policy),
    agentId: row.agent_id,
    agentName: row.agent_name ?? 'unknown',
    tokenId: row.token_id,
    limited: row.limited,
    entityId: row.entity_id,
    authorId: row.author_id,
    queueDeleted: row.queue_deleted,
    prioritized: row.prioritized,
    orphaned: row.orphaned,
    agentOnline: row.agent_online,
    now: row.now,
  };
}

export interface RunChangeSet {
  before: LockedRun;
  after: RunProgress;
  events: NewEvent[];
  submission: Submission | null;
}

/**
 * Writes any number of changed runs with their events and submissions. Attempt, agent and state are compared once more although the rows
 * are locked: the fence stands in the statement that writes, wherever it is called from.
 */
const WRITE = `
WITH input AS (
  SELECT * FROM jsonb_to_recordset($1::jsonb) AS t(
    id text, attempt int, agent_id uuid, before run_state, state run_state, agent_seq int, event_seq int, execution int, retries int,
    preemptions int, held_until timestamptz, external_ref text, image text, failure_phase text, failure_category text, failure_message text,
    exit_code int, leased_at timestamptz, submitted_at timestamptz, started_at timestamptz, ended_at timestamptz, has_left boolean)
), written AS (
  UPDATE runs r SET
    state = t.state, agent_seq = t.agent_seq, event_seq = t.event_seq, retries = t.retries, preemptions = t.preemptions,
    held = t.held_until IS NOT NULL, held_until = t.held_until, external_ref = t.external_ref, image = t.image,
    failure_phase = t.failure_phase, failure_category = t.failure_category, failure_message = t.failure_message, exit_code = t.exit_code,
    leased_at = t.leased_at, submitted_at = t.submitted_at, started_at = t.started_at, ended_at = t.ended_at,
    lease_expires_at = CASE WHEN NOT t.has_left THEN r.lease_expires_at END,
    orphaned_at = CASE WHEN NOT t.has_left THEN r.orphaned_at END,
    log_start = CASE WHEN t.execution > r.execution THEN r.log_bytes ELSE r.log_start END,
    log_cursor = CASE WHEN t.execution > r.execution THEN NULL ELSE r.log_cursor END,
    execution = t.execution
  FROM input t
  WHERE r.id = t.id AND r.attempt = t.attempt AND r.agent_id IS NOT DISTINCT FROM t.agent_id AND r.state = t.before
  RETURNING r.id
), events AS (
  INSERT INTO run_events (run_id, seq, attempt, actor, kind, state, data)
  SELECT * FROM jsonb_to_recordset($2::jsonb) AS t(run_id text, seq int, attempt int, actor text, kind text, state run_state, data jsonb)
  WHERE run_id IN (SELECT id FROM written)
), submissions AS (
  INSERT INTO run_submissions (run_id, attempt, kind, document, origins)
  SELECT * FROM json_to_recordset($3::json) AS t(run_id text, attempt int, kind text, document json, origins json)
  WHERE run_id IN (SELECT id FROM written)
  ON CONFLICT (run_id, attempt) DO UPDATE SET kind = excluded.kind, document = excluded.document, origins = excluded.origins
)
SELECT id FROM written`;

/** Throws when one of the runs is no longer what it was when it was locked: a fault of ours. */
export async function writeRuns(client: PoolClient, changes: readonly RunChangeSet[]): Promise<void> {
  const runs = changes.map(({ before, after }) => ({
    id: after.id,
    attempt: after.attempt,
    agent_id: before.agentId,
    before: before.progress.state,
    state: after.state,
    agent_seq: after.agentSeq,
    event_seq: after.eventSeq,
    execution: after.execution,
    retries: after.retries,
    preemptions: after.preemptions,
    held_until: after.heldUntil,
    external_ref: after.externalRef,
    image: after.image,
    failure_phase: after.failure?.phase ?? null,
    failure_category: after.failure?.category ?? null,
    failure_message: after.failure?.message ?? null,
    exit_code: after.exitCode,
    leased_at: after.leasedAt,
    submitted_at: after.submittedAt,
    started_at: after.startedAt,
    ended_at: after.endedAt,
    has_left: !isInFlight(after.state),
  }));
  const events = changes.flatMap(({ before, after, events: list }) =>
    list.map(({ seq, kind, state, data, bySystem }) => ({
      run_id: after.id,
      seq,
      attempt: after.attempt,
      actor: bySystem ? 'system' : `agent:${before.agentName}`,
      kind,
      state,
      data,
    })),
  );
  const submissions = changes.flatMap(({ after, submission }) => {
    if (submission === null) return [];
    const { kind, origins, ...document } = submission;
    return [{ run_id: after.id, attempt: after.attempt, kind, document, origins }];
  });
  const { rowCount } = await client.query({
    name: 'report-write',
    text: WRITE,
    values: [JSON.stringify(runs), JSON.stringify(events), JSON.stringify(submissions)],
  });
  if (rowCount !== changes.length)
    throw new Error(`${changes.length - (rowCount ?? 0)} locked runs changed under a report`);
}
