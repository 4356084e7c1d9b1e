import { randomBytes } from 'node:crypto';
import { buildLaunchSpec, generateRunId, generateRunName, RUN_ID_BYTES } from '@/core/launch-spec';
import { priorityToNumber } from '@/core/priorities';
import { ProblemError } from '@/core/problems';
import { checkValues, resolveConfig } from '@/core/templates';
import type { FieldError, Launch } from '@/core/wire';
import type { UserActor } from '../access';
import { checkJobInputs, resolveJob } from '../jobs';
import type { ResolvedJob } from '../jobs';
import type { LaunchQueue } from '../queues';
import type { Services } from '../services';
import type { NewRun } from './enqueue-sql';
import { projectId } from './projects';
import { unstorablePath } from './storable';

/** Of launches that name no project. */
export const DEFAULT_PROJECT = 'uncategorized';
/** Priority of every run of a queue without prioritization: all equal, so first in, first out. */
const NO_PRIORITY = priorityToNumber('medium');

export type Prepared = { ok: true; run: NewRun } | { ok: false; errors: FieldError[] };

/** Checks a launch against its queue and makes the row of it. Everything that is wrong comes back at once. */
export async function prepareLaunch(s: Services, actor: UserActor, queue: LaunchQueue, launch: Launch): Promise<Prepared> {
  const errors: FieldError[] = [];
  const job = await findJob(s, actor, queue, launch, errors);
  if (job) errors.push(...checkJobInputs(job.inputSchema, launch.config));

  const values = checkValues(queue.templates, launch.templateValues);
  const resolved = resolveConfig({
    resource: queue.resource,
    tree: queue.tree,
    templates: queue.templates,
    values: launch.templateValues,
    resourceArgs: launch.resourceArgs,
    overrideAllow: queue.overrideAllow,
  });
  if (!resolved.ok) errors.push(...resolved.errors);

  const runId = generateRunId(randomBytes(RUN_ID_BYTES));
  const name = launch.name ?? generateRunName(Math.random);
  const project = launch.project ?? DEFAULT_PROJECT;
  const built = buildLaunchSpec({
    runId,
    runName: name,
    entity: queue.entity,
    project,
    author: actor.name,
    queue,
    resolved: resolved.ok ? resolved : { config: {}, origins: {}, builder: {} },
    launch,
    job,
  });
  if (!built.ok) errors.push(...built.errors);
  const unstorable = unstorablePath(launch);
  if (unstorable !== null) errors.push({ path: unstorable, message: 'holds a NUL character or half of a surrogate pair, which cannot be stored' });
  if (!built.ok || !values.ok || errors.length > 0) return { ok: false, errors };

  return {
    ok: true,
    run: {
      id: runId,
      entityId: queue.entityId,
      queueId: queue.id,
      projectId: await projectId(s, queue.entityId, project),
      queueVersion: queue.version,
      name,
      priority: built.spec.priority === null ? NO_PRIORITY : priorityToNumber(built.spec.priority),
      notBefore: launch.notBefore === undefined ? null : new Date(launch.notBefore),
      authorId: actor.userId,
      author: actor.name,
      jobId: job?.job.id ?? null,
      jobName: job?.job.name ?? null,
      jobVersion: job?.version ?? null,
      image: built.spec.image,
      spec: built.spec,
      templateValues: values.values,
      resourceArgs: launch.resourceArgs ?? null,
      labels: launch.labels,
      idempotency: null,
    },
  };
}

async function findJob(s: Services, actor: UserActor, queue: LaunchQueue, launch: Launch, errors: FieldError[]): Promise<ResolvedJob | null> {
  if (launch.job === undefined) return null;
  try {
    return await resolveJob(s, queue.entityId, launch.job, actor);
  } catch (error) {
    // What is wrong with the name of the job belongs beside what is wrong with the rest; `buildLaunchSpec` reports a missing job itself.
    if (!(error instanceof ProblemError) || error.status >= 500) throw error;
    errors.push(...(error.errors ?? (error.kind === 'not-found' ? [] : [{ path: 'job', message: error.message }])));
    return null;
  }
}
