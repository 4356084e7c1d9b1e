export { createJob, createJobVersion } from './create-job';
export { lookUpRef } from './look-up-ref';
export { getJob, listJobVersions, listJobs } from './list-jobs';
export { resolveJob } from './resolve-job';
export type { ResolvedJob } from './resolve-job';
