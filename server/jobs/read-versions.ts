import type { JobSource, JobVersion, JsonObject, RunState } from '@/core/wire';
import type { Services } from '../services';

interface Row {
  version: number;
  source: JobSource;
  entrypoint: string[] | null;
  input_schema: JsonObject | null;
  aliases: string[];
  author: string;
  created_at: Date;
  last_run: LastRun | null;
}

/** As PostgreSQL writes it into JSON: the time with its offset. */
interface LastRun {
  id: string;
  name: string;
  queue: string;
  state: RunState;
  createdAt: string;
}

export interface VersionFilter {
  /** Only this one. */
  version?: number | undefined;
  /** Only older ones. */
  before?: number | undefined;
  limit: number;
}

/** The last run that `condition` on `r` lets through, as JSON; null without one. */
export const lastRunSql = (condition: string): string => `
  (SELECT json_build_object('id', r.id, 'name', r.name, 'queue', q.name, 'state', r.state, 'createdAt', r.created_at)
   FROM runs r JOIN queues q ON q.id = r.queue_id WHERE ${condition} ORDER BY r.seq DESC LIMIT 1)`;

/** Versions of a job with their aliases, the newest first, which also has the alias `latest`. */
export async function readVersions(
  s: Services,
  jobId: string,
  { version, before, limit }: VersionFilter,
): Promise<JobVersion[]> {
  const { rows } = await s.pool.query<Row>(
    `SELECT v.version, v.source, v.entrypoint, v.input_schema, v.author, v.created_at,
            ${lastRunSql('r.job_id = v.job_id AND r.job_version = v.version')} AS last_run,
            ARRAY(SELECT a.alias FROM job_aliases a WHERE a.job_id = v.job_id AND a.version = v.version ORDER BY a.alias)
            || CASE WHEN v.version = (SELECT max(version) FROM job_versions WHERE job_id = v.job_id) THEN '{latest}'::text[] ELSE '{}' END AS aliases
     FROM job_versions v WHERE v.job_id = $1 AND ($2::int IS NULL OR v.version = $2) AND ($3::int IS NULL OR v.version < $3)
     ORDER BY v.version DESC LIMIT $4`,
    [jobId, version ?? null, before ?? null, limit],
  );
  return rows.map(toJobVersion);
}

export const toJobVersion = (row: Row): JobVersion => ({
  version: row.version,
  source: row.source,
  entrypoint: row.entrypoint ?? [],
  inputSchema: row.input_schema,
  aliases: row.aliases,
  author: row.author,
  createdAt: row.created_at.toISOString(),
  lastRun: toLastRun(row.last_run),
});

export const toLastRun = (run: LastRun | null): JobVersion['lastRun'] =>
  run && { ...run, createdAt: new Date(run.createdAt).toISOString() };
export type { LastRun };
export type JobVersionRow = Row;
