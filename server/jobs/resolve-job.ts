import { notFound, refused } from '@/core/problems';
import type { JobSource, JsonObject } from '@/core/wire';
import { nameSchema } from '@/core/wire';
import { requireEntity } from '../access/require-entity';
import type { Actor } from '../access/actor';
import type { Services } from '../services';

export interface JobRef {
  /** Null: the entity of the launch. */
  entity: string | null;
  name: string;
  /** A number, an alias, or null for the latest. */
  version: number | string | null;
}
/** One version of a job, as a launch uses it. */
export interface ResolvedJob {
  job: { id: string; name: string; entity: string };
  version: number;
  source: JobSource;
  entrypoint: string[];
  inputSchema: JsonObject | null;
}

const VERSION = /^v(0|[1-9]\d{0,8})$/;
const isName = (text: string | undefined): text is string => nameSchema.safeParse(text).success;

/** Reads `name`, `name:v3`, `name:latest`, `name:alias` and each with `entity/` before it; null when it is none of them. */
export function parseJobRef(ref: string): JobRef | null {
  const [path = '', tag, ...more] = ref.split(':');
  const parts = path.split('/');
  const name = parts.pop();
  const entity = parts.pop() ?? null;
  if (more.length > 0 || parts.length > 0 || !isName(name) || (entity !== null && !isName(entity)))
    return null;
  if (tag === undefined || tag === 'latest') return { entity, name, version: null };
  if (!isName(tag)) return null;
  const number = VERSION.exec(tag)?.[1];
  return { entity, name, version: number === undefined ? tag : Number(number) };
}

/**
 * The job version that a launch names. A job of another entity is found only for an `actor` who can read that entity. Not-found says
 * whether it is the job or its version that is missing.
 */
export async function resolveJob(
  s: Services,
  entityId: string,
  ref: string,
  actor?: Actor,
): Promise<ResolvedJob> {
  const parsed = parseJobRef(ref);
  if (!parsed) {
    throw refused(
      `${JSON.stringify(ref.slice(0, 200))} is not a job: write name, name:v3 or name:alias, with entity/ before it if needed.`,
      [{ path: 'job', message: 'must be name, name:v3 or name:alias, or entity/name:v3' }],
    );
  }
  const owner = parsed.entity === null ? entityId : await ownerOf(s, entityId, parsed.entity, actor);
  const { version } = parsed;
  const { rows } = await s.pool.query<{
    id: string;
    entity: string;
    version: number | null;
    source: JobSource;
    entrypoint: string[] | null;
    input_schema: JsonObject | null;
  }>(
    `SELECT j.id, e.name AS entity, v.version, v.source, v.entrypoint, v.input_schema
     FROM jobs j JOIN entities e ON e.id = j.entity_id
     LEFT JOIN LATERAL (
       SELECT * FROM job_versions v WHERE v.job_id = j.id AND v.version = CASE
         WHEN $3::int IS NOT NULL THEN $3
         WHEN $4::text IS NOT NULL THEN (SELECT a.version FROM job_aliases a WHERE a.job_id = j.id AND a.alias = $4)
         ELSE (SELECT max(l.version) FROM job_versions l WHERE l.job_id = j.id) END) v ON true
     WHERE j.entity_id = $1 AND j.name = $2`,
    [
      owner,
      parsed.name,
      typeof version === 'number' ? version : null,
      typeof version === 'string' ? version : null,
    ],
  );
  const row = rows[0];
  if (!row) throw noJob(parsed.entity === null ? parsed.name : `${parsed.entity}/${parsed.name}`);
  if (row.version === null) {
    const tag = typeof version === 'number' ? `version v${version}` : `alias ${JSON.stringify(version)}`;
    throw notFound(`The job ${JSON.stringify(parsed.name)} is there, but its ${tag}`);
  }
  const { id, entity, source, entrypoint, input_schema: inputSchema } = row;
  return {
    job: { id, name: parsed.name, entity },
    version: row.version,
    source,
    entrypoint: entrypoint ?? [],
    inputSchema,
  };
}

async function ownerOf(
  s: Services,
  entityId: string,
  name: string,
  actor: Actor | undefined,
): Promise<string> {
  if (actor) return (await requireEntity(s, actor, name, 'viewer')).id;
  const { rows } = await s.pool.query<{ id: string }>('SELECT id FROM entities WHERE id = $1 AND name = $2', [
    entityId,
    name,
  ]);
  if (!rows[0]) throw notFound(`The entity ${JSON.stringify(name)}`);
  return entityId;
}

export const noJob = (name: string) => notFound(`The job ${JSON.stringify(name)}`);
