import { ProblemError } from '@/core/problems';
import type { Job, JobVersion, Page, PageQuery } from '@/core/wire';
import { requireEntity } from '../access/require-entity';
import type { Actor } from '../access/actor';
import type { Services } from '../services';
import { lastRunSql, readVersions, toJobVersion, toLastRun } from './read-versions';
import type { JobVersionRow, LastRun } from './read-versions';
import { noJob } from './resolve-job';

interface Row extends JobVersionRow {
  id: string;
  entity: string;
  name: string;
  description: string;
  job_created_at: Date;
  versions: number;
  job_last_run: LastRun | null;
  recent_runs: number;
}

/** Runs of 30 days are counted up to this; nobody reads a larger number. */
const MOST_RUNS = 100_000;

/** Jobs with their newest version; versions are dense from 0, so its number tells how many there are. */
const SELECT_JOBS = `
  SELECT j.id, e.name AS entity, j.name, j.description, j.created_at AS job_created_at, v.version + 1 AS versions,
         ${lastRunSql('r.job_id = j.id')} AS job_last_run,
         ${lastRunSql('r.job_id = j.id AND r.job_version = v.version')} AS last_run,
         (SELECT count(*)::int FROM (SELECT FROM runs r WHERE r.job_id = j.id AND r.created_at > now() - interval '30 days' LIMIT ${MOST_RUNS}) x) AS recent_runs,
         v.version, v.source, v.entrypoint, v.input_schema, v.author, v.created_at,
         ARRAY(SELECT a.alias FROM job_aliases a WHERE a.job_id = j.id AND a.version = v.version ORDER BY a.alias) || '{latest}'::text[] AS aliases
  FROM jobs j JOIN entities e ON e.id = j.entity_id
  JOIN LATERAL (SELECT * FROM job_versions v WHERE v.job_id = j.id ORDER BY v.version DESC LIMIT 1) v ON true
  WHERE j.entity_id = $1`;

const toJob = (row: Row): Job => ({
  id: row.id,
  entity: row.entity,
  name: row.name,
  description: row.description,
  latest: toJobVersion(row),
  versions: row.versions,
  lastRun: toLastRun(row.job_last_run),
  recentRuns: row.recent_runs,
  createdAt: row.job_created_at.toISOString(),
});

/** Jobs of the entity, the one made last first; `q` is looked for in the names, without regard to case. */
export async function listJobs(
  s: Services,
  actor: Actor,
  input: { entity: string; q?: string | undefined } & Partial<PageQuery>,
): Promise<Page<Job>> {
  const entity = await requireEntity(s, actor, input.entity, 'viewer');
  const limit = input.limit ?? 50;
  if (input.cursor !== undefined && !/^[0-9a-f-]{36}$/.test(input.cursor)) throw badCursor();
  const { rows } = await s.pool.query<Row>(
    `${SELECT_JOBS} AND ($2::text IS NULL OR j.id::text < $2) AND ($3::text IS NULL OR position(lower($3) IN lower(j.name)) > 0)
     ORDER BY j.id DESC LIMIT $4`,
    [entity.id, input.cursor ?? null, input.q ?? null, limit + 1],
  );
  const items = rows.slice(0, limit).map(toJob);
  return { items, nextCursor: rows.length > limit ? (items.at(-1)?.id ?? null) : null };
}

export async function getJob(
  s: Services,
  actor: Actor,
  input: { entity: string; job: string },
): Promise<Job> {
  const entity = await requireEntity(s, actor, input.entity, 'viewer');
  const { rows } = await s.pool.query<Row>(`${SELECT_JOBS} AND j.name = $2`, [entity.id, input.job]);
  const row = rows[0];
  if (!row) throw noJob(input.job);
  return toJob(row);
}

/** Versions of a job, the newest first. */
export async function listJobVersions(
  s: Services,
  actor: Actor,
  input: { entity: string; job: string } & Partial<PageQuery>,
): Promise<Page<JobVersion>> {
  const job = await getJob(s, actor, input);
  const limit = input.limit ?? 50;
  if (input.cursor !== undefined && !/^\d{1,9}$/.test(input.cursor)) throw badCursor();
  const before = input.cursor === undefined ? undefined : Number(input.cursor);
  const rows = await readVersions(s, job.id, { before, limit: limit + 1 });
  const items = rows.slice(0, limit);
  return { items, nextCursor: rows.length > limit ? String(items.at(-1)?.version) : null };
}

const badCursor = () => new ProblemError('unreadable', 'cursor is not one that this list gave.');
