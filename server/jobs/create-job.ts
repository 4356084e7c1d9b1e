import { isDeepStrictEqual } from 'node:util';
import { splitCommand } from '@/core/command';
import { isStorableText } from '@/core/config-tree';
import { sourceProblems } from '@/core/launch-spec';
import { ProblemError, refused } from '@/core/problems';
import type { CreateJob, CreateJobVersion, FieldError, Job, JobVersion } from '@/core/wire';
import { isUniqueViolation } from '../access/new-user';
import { requireEntity } from '../access/require-entity';
import type { Actor } from '../access/actor';
import { missingArtifact } from '../artifacts';
import { audit } from '../audit';
import { Prisma } from '../db/generated/client';
import type { Services } from '../services';
import { checkInputSchema } from './check-inputs';
import { withCommit } from './git-ref';
import { getJob } from './list-jobs';
import { readVersions } from './read-versions';
import { noJob } from './resolve-job';

const RESERVED_ALIAS = /^(latest|v\d+)$/;

/** A job with its version v0. Name taken: 409. */
export async function createJob(
  s: Services,
  actor: Actor,
  input: { entity: string } & CreateJob,
): Promise<Job> {
  const entity = await requireEntity(s, actor, input.entity, 'member');
  const entrypoint = await checkVersion(s, entity.id, input, input.description);
  const version: NewVersion = { ...input, source: await withCommit(s.config, input.source), entrypoint };
  try {
    await s.prisma.$transaction(async (tx) => {
      const job = await tx.job.create({
        data: {
          entityId: entity.id,
          name: input.name,
          description: input.description,
          createdById: actor.kind === 'user' ? actor.userId : null,
        },
      });
      await insertVersion(tx, actor, job.id, 0, version);
      await moveAliases(tx, job.id, 0, version.aliases);
      await audit(tx, actor, {
        entityId: entity.id,
        action: 'job.create',
        target: input.name,
        data: { source: input.source.type },
      });
    });
  } catch (error) {
    if (!isUniqueViolation(error)) throw error;
    throw new ProblemError(
      'conflict',
      `${entity.name} has a job named ${input.name} already; make a new version of it.`,
      {
        code: 'name-taken',
        errors: [{ path: 'name', message: 'is taken' }],
      },
    );
  }
  return getJob(s, actor, { entity: entity.name, job: input.name });
}

/**
 * The next version; it is `latest` from now on and takes the aliases it names from older versions. When the newest version has the same
 * source, entrypoint and input schema there is nothing new: that one is given, with the aliases.
 */
export async function createJobVersion(
  s: Services,
  actor: Actor,
  input: { entity: string; job: string } & CreateJobVersion,
): Promise<{ version: JobVersion; isNew: boolean }> {
  const entity = await requireEntity(s, actor, input.entity, 'member');
  const entrypoint = await checkVersion(s, entity.id, input);
  const wanted: NewVersion = { ...input, source: await withCommit(s.config, input.source), entrypoint };
  const { jobId, version, isNew } = await s.prisma.$transaction(async (tx) => {
    // Locked: two new versions at the same time get two numbers.
    const [job] = await tx.$queryRaw<{ id: string }[]>`
      SELECT id FROM jobs WHERE entity_id = ${entity.id}::uuid AND name = ${input.job} FOR UPDATE`;
    if (!job) throw noJob(input.job);
    const newest = await tx.jobVersion.findFirst({ where: { jobId: job.id }, orderBy: { version: 'desc' } });
    if (newest && isSame(newest, wanted)) {
      await moveAliases(tx, job.id, newest.version, wanted.aliases);
      return { jobId: job.id, version: newest.version, isNew: false };
    }
    const next = (newest?.version ?? -1) + 1;
    await insertVersion(tx, actor, job.id, next, wanted);
    await moveAliases(tx, job.id, next, wanted.aliases);
    await audit(tx, actor, {
      entityId: entity.id,
      action: 'job.version',
      target: `${input.job}:v${next}`,
      data: { source: input.source.type },
    });
    return { jobId: job.id, version: next, isNew: true };
  });
  const [created] = await readVersions(s, jobId, { version, limit: 1 });
  if (!created) throw noJob(input.job);
  return { version: created, isNew };
}

/** A version that was checked, its entrypoint split and its commit looked up. */
type NewVersion = Omit<CreateJobVersion, 'entrypoint'> & { entrypoint: string[] };

const isSame = (
  kept: { source: unknown; entrypoint: string[]; inputSchema: unknown },
  wanted: NewVersion,
): boolean =>
  isDeepStrictEqual(kept.source, JSON.parse(JSON.stringify(wanted.source))) &&
  isDeepStrictEqual(kept.entrypoint, wanted.entrypoint) &&
  isDeepStrictEqual(kept.inputSchema, wanted.inputSchema ?? null);

async function insertVersion(
  tx: Prisma.TransactionClient,
  actor: Actor,
  jobId: string,
  version: number,
  { source, entrypoint, inputSchema }: NewVersion,
): Promise<void> {
  await tx.jobVersion.create({
    data: {
      jobId,
      version,
      source,
      entrypoint,
      inputSchema: inputSchema === undefined ? Prisma.DbNull : (inputSchema as Prisma.InputJsonObject),
      author: actor.kind === 'user' ? actor.name : 'system',
    },
  });
}

async function moveAliases(
  tx: Prisma.TransactionClient,
  jobId: string,
  version: number,
  aliases: readonly string[],
): Promise<void> {
  for (const alias of new Set(aliases)) {
    const where = { jobId_alias: { jobId, alias } };
    await tx.jobAlias.upsert({ where, create: { jobId, alias, version }, update: { version } });
  }
}

/** Refuses what a version cannot be, all at once; gives the entrypoint as a list. */
async function checkVersion(
  s: Services,
  entityId: string,
  { source, entrypoint, inputSchema, aliases }: CreateJobVersion,
  description = '',
): Promise<string[]> {
  const errors: FieldError[] = await missingArtifact(s, entityId, source);
  errors.push(...sourceProblems(source).map((problem) => ({ ...problem, path: `source.${problem.path}` })));
  aliases.forEach((alias, i) => {
    if (RESERVED_ALIAS.test(alias))
      errors.push({ path: `aliases.${i}`, message: `${alias} is reserved: versions have it by themselves` });
  });
  if (inputSchema !== undefined) errors.push(...checkInputSchema(inputSchema));
  const argv = readEntrypoint(entrypoint, errors);
  if (!isStorableText(JSON.stringify([source, inputSchema, argv, description]).replaceAll('\\u0000', '\0'))) {
    errors.push({ path: 'source', message: 'The job holds a NUL character or half of a surrogate pair.' });
  }
  if (errors.length > 0) throw refused('The job has errors and was not saved.', errors);
  return argv;
}

function readEntrypoint(entrypoint: CreateJobVersion['entrypoint'], errors: FieldError[]): string[] {
  if (entrypoint === undefined) return [];
  if (typeof entrypoint !== 'string') return entrypoint;
  try {
    return splitCommand(entrypoint);
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    errors.push({ path: 'entrypoint', message: error.message });
    return [];
  }
}
