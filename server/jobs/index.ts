export { checkJobInputs } from './check-inputs';
export { createJob, createJobVersion } from './create-job';
export { getJob, listJobVersions, listJobs } from './list-jobs';
export { parseJobRef, resolveJob } from './resolve-job';
export type { JobRef, ResolvedJob } from './resolve-job';
