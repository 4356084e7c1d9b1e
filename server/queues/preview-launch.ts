import { ProblemError } from '@/core/problems';
import { renderSubmission } from '@/core/render';
import type { FieldError, Launch, Preview } from '@/core/wire';
import { requireEntity } from '../access/require-entity';
import { missingArtifact } from '../artifacts';
import type { Actor } from '../access/actor';
import { resolveJob } from '../jobs/resolve-job';
import type { ResolvedJob } from '../jobs/resolve-job';
import { unstorablePath } from '../runs/storable';
import type { Services } from '../services';
import type { QueueRef } from './get-queue';
import { authorOf } from './insert-version';
import { prepareLaunch } from './prepare-launch';
import { queueForLaunch } from './queue-for-launch';

/** Stands for the id and the name that a run gets when it is launched; both are legal where the real ones go. */
const PREVIEW_ID = 'previewrunid';
const PREVIEW_NAME = 'preview';
const DEFAULT_PROJECT = 'uncategorized';

/**
 * What a launch would submit, made by the renderer that agents use, or what it would be refused for. Shows what only the agent knows
 * (its `macro_env`, an image still to be built) as it stands in the configuration.
 */
export async function previewLaunch(
  s: Services,
  actor: Actor,
  input: QueueRef & { launch: Launch },
): Promise<Preview> {
  const { launch } = input;
  const entity = await requireEntity(s, actor, input.entity, 'viewer');
  const queue = await queueForLaunch(s, entity.id, input.queue);
  const jobErrors: FieldError[] = [];
  const [job, secretNames, missing] = await Promise.all([
    launch.job === undefined ? null : findJob(s, actor, entity.id, launch.job, jobErrors),
    namesOfSecrets(s, queue.id),
    missingArtifact(s, entity.id, launch.source),
  ]);
  const prepared = prepareLaunch({
    queue,
    launch,
    job,
    runId: PREVIEW_ID,
    runName: launch.name ?? PREVIEW_NAME,
    project: launch.project ?? DEFAULT_PROJECT,
    author: authorOf(actor).name,
  });
  // A job that is not there is told once, in the words of the look-up.
  const errors = [
    ...jobErrors,
    ...missing,
    ...prepared.errors.filter(({ path }) => path !== 'job' || jobErrors.length === 0),
  ];
  const unstorable = unstorablePath(launch);
  if (unstorable !== null)
    errors.push({
      path: unstorable,
      message: 'holds a NUL character or half of a surrogate pair, which cannot be stored',
    });
  const base = {
    resolvedConfig: prepared.resolved?.config ?? null,
    origins: prepared.resolved?.origins ?? {},
    errors,
  };
  if (!prepared.spec || errors.length > 0) return { ...base, submission: null, problems: [] };
  const { submission, problems } = renderSubmission(prepared.spec, {
    image: prepared.spec.image,
    secretNames,
  });
  return { ...base, submission, problems };
}

async function findJob(
  s: Services,
  actor: Actor,
  entityId: string,
  ref: string,
  errors: FieldError[],
): Promise<ResolvedJob | null> {
  try {
    return await resolveJob(s, entityId, ref, actor);
  } catch (error) {
    if (!(error instanceof ProblemError) || (error.kind !== 'not-found' && error.kind !== 'refused'))
      throw error;
    errors.push({ path: 'job', message: error.message });
    return null;
  }
}

async function namesOfSecrets(s: Services, queueId: string): Promise<string[]> {
  const { rows } = await s.pool.query<{ name: string }>(
    'SELECT name FROM secrets WHERE queue_id = $1 ORDER BY name',
    [queueId],
  );
  return rows.map(({ name }) => name);
}
