import type { JobSource, JobVersion, JsonObject } from '@/core/wire';
import type { Services } from '../services';

interface Row {
  version: number;
  source: JobSource;
  entrypoint: string[] | null;
  input_schema: JsonObject | null;
  aliases: string[];
  author: string;
  created_at: Date;
}

export interface VersionFilter {
  /** Only this one. */
  version?: number | undefined;
  /** Only older ones. */
  before?: number | undefined;
  limit: number;
}

/** Versions of a job with their aliases, the newest first, which also has the alias `latest`. */
export async function readVersions(
  s: Services,
  jobId: string,
  { version, before, limit }: VersionFilter,
): Promise<JobVersion[]> {
  const { rows } = await s.pool.query<Row>(
    `SELECT v.version, v.source, v.entrypoint, v.input_schema, v.author, v.created_at,
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
});
export type JobVersionRow = Row;
