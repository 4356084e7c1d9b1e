import { generateRunId, generateRunName, RUN_ID_BYTES } from '@/core/launch-spec';
import { priorityToNumber } from '@/core/priorities';
import { ProblemError } from '@/core/problems';
import { checkValues } from '@/core/templates';
import type { FieldError, Launch } from '@/core/wire';
import type { UserActor } from '../access';
import { missingArtifact } from '../artifacts';
import { resolveJob } from '../jobs';
import type { ResolvedJob } from '../jobs';
import { prepareLaunch as checkLaunch } from '../queues';
import type { LaunchQueue } from '../queues';
import type { Services } from '../services';
import type { NewRun } from './enqueue-sql';
import { projectId } from './projects';
import { randomSlice } from './random-slice';
import { unstorablePath } from './storable';

/** Of launches that name no project. */
export const DEFAULT_PROJECT = 'uncategorized';
/** Priority of every run of a queue without prioritization: all equal, so first in, first out. */
const NO_PRIORITY = priorityToNumber('medium');

export type Prepared = { ok: true; run: NewRun } | { ok: false; errors: FieldError[] };

/** Checks a launch against its queue and makes the row of it. Everything that is wrong comes back at once. */
export async function prepareLaunch(
  s: Services,
  actor: UserActor,
  queue: LaunchQueue,
  launch: Launch,
): Promise<Prepared> {
  const errors: FieldError[] = [];
  const job = await findJob(s, actor, queue, launch, errors);
  const runId = generateRunId(randomSlice(RUN_ID_BYTES));
  const name = launch.name ?? generateRunName(Math.random);
  const project = launch.project ?? DEFAULT_PROJECT;
  const prepared = checkLaunch({ queue, launch, job, runId, runName: name, project, author: actor.name });
  const values = checkValues(queue.templates, launch.templateValues);
  errors.push(...prepared.errors, ...(await missingArtifact(s, queue.entityId, launch.source)));
  const unstorable = unstorablePath(launch);
  if (unstorable !== null)
    errors.push({
      path: unstorable,
      message: 'holds a NUL character or half of a surrogate pair, which cannot be stored',
    });
  const { spec } = prepared;
  if (spec === null || !values.ok || errors.length > 0) return { ok: false, errors };

  return {
    ok: true,
    run: {
      id: runId,
      entityId: queue.entityId,
      queueId: queue.id,
      projectId: await projectId(s, queue.entityId, project),
      queueVersion: queue.version,
      name,
      priority: spec.priority === null ? NO_PRIORITY : priorityToNumber(spec.priority),
      notBefore: launch.notBefore === undefined ? null : new Date(launch.notBefore),
      authorId: actor.userId,
      author: actor.name,
      jobId: job?.job.id ?? null,
      jobName: job?.job.name ?? null,
      jobVersion: job?.version ?? null,
      image: spec.image,
      spec: spec,
      templateValues: values.values,
      resourceArgs: launch.resourceArgs ?? null,
      labels: launch.labels,
      idempotency: null,
      follows: null,
    },
  };
}

async function findJob(
  s: Services,
  actor: UserActor,
  queue: LaunchQueue,
  launch: Launch,
  errors: FieldError[],
): Promise<ResolvedJob | null> {
  if (launch.job === undefined) return null;
  try {
    return await resolveJob(s, queue.entityId, launch.job, actor);
  } catch (error) {
    // What is wrong with the name of the job belongs beside what is wrong with the rest; `buildLaunchSpec` reports a missing job itself.
    if (!(error instanceof ProblemError) || error.status >= 500) throw error;
    errors.push(
      ...(error.errors ?? (error.kind === 'not-found' ? [] : [{ path: 'job', message: error.message }])),
    );
    return null;
  }
}
