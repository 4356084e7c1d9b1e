import type { Pool } from 'pg';
import type { JsonObject, LaunchSpec, TemplateValues } from '@/core/wire';

/** A launch that has passed every check, ready to be a row. */
export interface NewRun {
  id: string;
  entityId: string;
  queueId: string;
  projectId: string | null;
  queueVersion: number;
  name: string;
  priority: number;
  /** Also the time until which it is held, when that is still to come. */
  notBefore: Date | null;
  authorId: string;
  author: string;
  jobId: string | null;
  jobName: string | null;
  jobVersion: number | null;
  image: string | null;
  spec: LaunchSpec;
  templateValues: TemplateValues;
  resourceArgs: JsonObject | null;
  labels: string[];
  /** Of a batch its first run has the key, and the runs after it name that one in `follows`. */
  idempotency: (IdempotencyClaim & { batch: string[] }) | null;
  /** Id of the run before it in the same batch whose key decides about this one too. */
  follows: string | null;
}
/** The key of a launch, and what must not change when it is sent again. */
export interface IdempotencyClaim {
  actorId: string;
  key: string;
  requestHash: Buffer;
}
export interface InsertedRun {
  id: string;
  createdAt: Date;
  held: boolean;
}

/**
 * One statement for any number of launches: runs, their specs, labels, first events and idempotency keys, all or none.
 *
 * - The share lock on the queues keeps a deletion from slipping in between. It also gives the transaction its id before it takes
 *   numbers from the sequence of `runs.seq`: the hints of the lease rely on that (see hints.ts).
 * - Keys are inserted in one order by everybody, so that two flushes cannot wait for each other. A key that exists keeps its launch
 *   out, with all runs that follow it.
 */
const SQL = `
WITH input AS (
  SELECT * FROM unnest(
    $1::text[], $2::uuid[], $3::uuid[], $4::uuid[], $5::int[], $6::text[], $7::smallint[], $8::timestamptz[], $9::uuid[], $10::text[],
    $11::uuid[], $12::int[], $13::text[], $14::json[], $15::jsonb[], $16::jsonb[], $17::text[], $18::text[], $19::bytea[],
    $20::text[], $21::text[]
  ) WITH ORDINALITY AS t(
    id, entity_id, queue_id, project_id, queue_version, name, priority, not_before, author_id, author,
    job_id, job_version, image, spec, template_values, resource_args, key_actor, key, key_hash, key_batch, follows, ord
  )
), open_queues AS MATERIALIZED (
  SELECT id FROM queues WHERE id IN (SELECT queue_id FROM input) AND deleted_at IS NULL ORDER BY id FOR SHARE
), keys AS (
  INSERT INTO idempotency_keys (queue_id, actor_id, key, request_hash, run_id, run_ids)
  SELECT queue_id, key_actor, key, key_hash, input.id, string_to_array(key_batch, ' ') FROM input JOIN open_queues ON open_queues.id = queue_id
  WHERE key IS NOT NULL ORDER BY queue_id, key_actor, key
  ON CONFLICT DO NOTHING RETURNING run_id
), accepted AS MATERIALIZED (
  SELECT input.*, coalesce(not_before > now(), false) AS held FROM input JOIN open_queues ON open_queues.id = queue_id
  WHERE (key IS NULL AND follows IS NULL) OR coalesce(follows, input.id) IN (SELECT run_id FROM keys) ORDER BY ord
), inserted AS (
  INSERT INTO runs (id, entity_id, queue_id, project_id, queue_version, name, priority, not_before, held, held_until,
                    author_id, author, job_id, job_version, image, event_seq)
  SELECT id, entity_id, queue_id, project_id, queue_version, name, priority, not_before, held, CASE WHEN held THEN not_before END,
         author_id, author, job_id, job_version, image, 1
  FROM accepted ORDER BY ord
  RETURNING id, created_at, held, author
), specs AS (
  INSERT INTO run_specs (run_id, spec, template_values, resource_args) SELECT id, spec, template_values, resource_args FROM accepted
), events AS (
  INSERT INTO run_events (run_id, seq, attempt, actor, kind, state) SELECT id, 1, 0, 'user:' || author, 'state', 'pending' FROM inserted
), labels AS (
  INSERT INTO run_labels (run_id, label)
  SELECT run_id, label FROM unnest($22::text[], $23::text[]) AS l(run_id, label) WHERE run_id IN (SELECT id FROM accepted)
)
SELECT id, created_at AS "createdAt", held FROM inserted`;

/** Inserts the runs; those missing from the answer lost to an idempotency key that was there, or their queue is deleted. */
export async function insertRuns(pool: Pool, runs: NewRun[]): Promise<Map<string, InsertedRun>> {
  const column = <T>(of: (run: NewRun) => T) => runs.map(of);
  const labels = runs.flatMap((run) => [...new Set(run.labels)].map((label) => [run.id, label] as const));
  const { rows } = await pool.query<InsertedRun>({
    name: 'enqueue',
    text: SQL,
    values: [
      column((r) => r.id),
      column((r) => r.entityId),
      column((r) => r.queueId),
      column((r) => r.projectId),
      column((r) => r.queueVersion),
      column((r) => r.name),
      column((r) => r.priority),
      column((r) => r.notBefore),
      column((r) => r.authorId),
      column((r) => r.author),
      column((r) => r.jobId),
      column((r) => r.jobVersion),
      column((r) => r.image),
      column((r) => JSON.stringify(r.spec)),
      column((r) => JSON.stringify(r.templateValues)),
      column((r) => (r.resourceArgs === null ? null : JSON.stringify(r.resourceArgs))),
      column((r) => r.idempotency?.actorId ?? null),
      column((r) => r.idempotency?.key ?? null),
      column((r) => r.idempotency?.requestHash ?? null),
      column((r) => r.idempotency?.batch.join(' ') ?? null),
      column((r) => r.follows),
      labels.map(([id]) => id),
      labels.map(([, label]) => label),
    ],
  });
  return new Map(rows.map((row) => [row.id, row]));
}
