import type { FieldError, JobSource, Json, Launch, LaunchSpec, Origins, ResourceId } from '@/core/wire';

/** What a launch spec takes from its queue and the version of it that is pinned. */
export interface LaunchQueue {
  name: string;
  resource: ResourceId;
  version: number;
  prioritized: boolean;
  startTimeoutSeconds: number;
  stopGraceSeconds: number | null;
  /** What `resourceArgs` may set. */
  overrideAllow?: readonly string[];
}

/** A job version that was looked up (`launch.job`). */
export interface LaunchJob {
  source: JobSource;
  /** Empty: that of the image. */
  entrypoint: string[];
}

export interface LaunchSpecInput {
  runId: string;
  runName: string;
  entity: string;
  project: string;
  author: string;
  queue: LaunchQueue;
  /** As `resolveConfig` of `core/templates` gives it. */
  resolved: { config: Json; origins: Origins; builder: { acceleratorBaseImage?: string } };
  launch: Launch;
  job: LaunchJob | null;
}

export type LaunchSpecResult = { ok: true; spec: LaunchSpec } | { ok: false; errors: FieldError[] };
