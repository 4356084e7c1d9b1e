import { buildLaunchSpec } from '@/core/launch-spec';
import { resolveConfig } from '@/core/templates';
import type { FieldError, Json, Launch, LaunchSpec, Origins } from '@/core/wire';
import { checkJobInputs } from '../jobs/check-inputs';
import type { ResolvedJob } from '../jobs/resolve-job';
import type { LaunchQueue } from './queue-for-launch';

export interface PrepareInput {
  queue: LaunchQueue;
  launch: Launch;
  /** What `launch.job` names; null without one. */
  job: ResolvedJob | null;
  runId: string;
  runName: string;
  project: string;
  author: string;
}
export interface Prepared {
  /** Null when the launch is refused. */
  spec: LaunchSpec | null;
  /** The resolved configuration, where values and overrides alone are right. */
  resolved: { config: Json; origins: Origins } | null;
  errors: FieldError[];
}

/** Every check of a launch and the spec it makes, for enqueueing and preview alike; all errors at once. */
export function prepareLaunch({
  queue,
  launch,
  job,
  runId,
  runName,
  project,
  author,
}: PrepareInput): Prepared {
  const { resource, tree, templates, overrideAllow } = queue;
  const resolved = resolveConfig({
    resource,
    tree,
    templates,
    values: launch.templateValues,
    ...(launch.resourceArgs === undefined ? {} : { resourceArgs: launch.resourceArgs }),
    overrideAllow,
  });
  const built = buildLaunchSpec({
    runId,
    runName,
    project,
    author,
    entity: queue.entity,
    queue,
    launch,
    job,
    resolved: resolved.ok ? resolved : { config: {}, origins: {}, builder: {} },
  });
  const errors = [
    ...(resolved.ok ? [] : resolved.errors),
    ...(built.ok ? [] : built.errors),
    ...checkJobInputs(job?.inputSchema ?? null, launch.config),
  ];
  return {
    spec: built.ok && errors.length === 0 ? built.spec : null,
    resolved: resolved.ok ? { config: resolved.config, origins: resolved.origins } : null,
    errors,
  };
}
