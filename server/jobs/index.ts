import type { CreateJob, CreateJobVersion, FieldError, Job, JobSource, JobVersion, JsonObject, Page, PageQuery } from '@/core/wire';
import type { Actor } from '../access/actor';
import type { Services } from '../services';

export interface ResolvedJob {
  job: { id: string; name: string; entity: string };
  version: number;
  source: JobSource;
  entrypoint: string[];
  inputSchema: JsonObject | null;
}
export declare function createJob(s: Services, actor: Actor, input: { entity: string } & CreateJob): Promise<Job>;
export declare function createJobVersion(s: Services, actor: Actor, input: { entity: string; job: string } & CreateJobVersion): Promise<JobVersion>;
export declare function listJobs(s: Services, actor: Actor, input: { entity: string; q?: string } & Partial<PageQuery>): Promise<Page<Job>>;
export declare function getJob(s: Services, actor: Actor, input: { entity: string; job: string }): Promise<Job>;
export declare function listJobVersions(s: Services, actor: Actor, input: { entity: string; job: string } & Partial<PageQuery>): Promise<Page<JobVersion>>;
/** `entity/name:…` of another entity needs `actor`, who must be able to read that entity. */
export declare function resolveJob(s: Services, entityId: string, ref: string, actor?: Actor): Promise<ResolvedJob>;
/** What is wrong with the run config, by the job's input schema; paths `config.…`. */
export declare function checkJobInputs(schema: JsonObject | null, config: JsonObject | undefined): FieldError[];
