-- How often a job ran of late, and where a version of it ran last.
CREATE INDEX "runs_job_created_idx" ON "runs"("job_id", "created_at") WHERE "job_id" IS NOT NULL;
CREATE INDEX "runs_job_version_idx" ON "runs"("job_id", "job_version", "seq" DESC) WHERE "job_id" IS NOT NULL;
