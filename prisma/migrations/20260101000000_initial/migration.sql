-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "public";

-- CreateEnum
CREATE TYPE "entity_kind" AS ENUM ('user', 'team');

-- CreateEnum
CREATE TYPE "role" AS ENUM ('viewer', 'member', 'admin');

-- CreateEnum
CREATE TYPE "run_state" AS ENUM ('pending', 'leased', 'building', 'starting', 'running', 'finished', 'failed', 'stopped', 'preempted');

-- CreateEnum
CREATE TYPE "agent_command" AS ENUM ('none', 'drain', 'stop');

-- CreateTable
CREATE TABLE "users" (
    "id" UUID NOT NULL,
    "email" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "password_hash" TEXT,
    "is_admin" BOOLEAN NOT NULL DEFAULT false,
    "session_version" INTEGER NOT NULL DEFAULT 0,
    "disabled_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "users_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "accounts" (
    "provider" TEXT NOT NULL,
    "provider_account_id" TEXT NOT NULL,
    "user_id" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "accounts_pkey" PRIMARY KEY ("provider","provider_account_id")
);

-- CreateTable
CREATE TABLE "entities" (
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "kind" "entity_kind" NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "entities_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "memberships" (
    "entity_id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "role" "role" NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "memberships_pkey" PRIMARY KEY ("entity_id","user_id")
);

-- CreateTable
CREATE TABLE "api_keys" (
    "id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "prefix" TEXT NOT NULL,
    "hash" BYTEA NOT NULL,
    "expires_at" TIMESTAMPTZ(3),
    "revoked_at" TIMESTAMPTZ(3),
    "last_used_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "api_keys_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "agent_tokens" (
    "id" UUID NOT NULL,
    "entity_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "prefix" TEXT NOT NULL,
    "hash" BYTEA NOT NULL,
    "queue_ids" UUID[],
    "expires_at" TIMESTAMPTZ(3),
    "revoked_at" TIMESTAMPTZ(3),
    "last_used_at" TIMESTAMPTZ(3),
    "last_used_host" TEXT,
    "created_by_id" UUID,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "agent_tokens_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "sign_in_attempts" (
    "id" BIGSERIAL NOT NULL,
    "email" TEXT NOT NULL,
    "ip" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "sign_in_attempts_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "audit_events" (
    "id" BIGSERIAL NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "entity_id" UUID,
    "actor_kind" TEXT NOT NULL,
    "actor_id" TEXT,
    "actor_name" TEXT NOT NULL,
    "action" TEXT NOT NULL,
    "target" TEXT NOT NULL,
    "data" JSONB,

    CONSTRAINT "audit_events_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "projects" (
    "id" UUID NOT NULL,
    "entity_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "projects_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "queues" (
    "id" UUID NOT NULL,
    "entity_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "resource" TEXT NOT NULL,
    "prioritized" BOOLEAN NOT NULL DEFAULT false,
    "description" TEXT NOT NULL DEFAULT '',
    "max_in_flight" INTEGER,
    "retry_policy" JSONB NOT NULL DEFAULT '{}',
    "override_allow" TEXT[],
    "start_timeout_seconds" INTEGER NOT NULL DEFAULT 1800,
    "stop_grace_seconds" INTEGER,
    "current_version" INTEGER NOT NULL DEFAULT 1,
    "paused_at" TIMESTAMPTZ(3),
    "paused_by" TEXT,
    "pause_note" TEXT,
    "created_by_id" UUID,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "deleted_at" TIMESTAMPTZ(3),

    CONSTRAINT "queues_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "queue_config_versions" (
    "queue_id" UUID NOT NULL,
    "version" INTEGER NOT NULL,
    "format" TEXT NOT NULL,
    "source" TEXT NOT NULL,
    "tree" JSONB NOT NULL,
    "templates" JSON NOT NULL,
    "note" TEXT NOT NULL DEFAULT '',
    "author_id" UUID,
    "author" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "queue_config_versions_pkey" PRIMARY KEY ("queue_id","version")
);

-- CreateTable
CREATE TABLE "secrets" (
    "queue_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "key_id" TEXT NOT NULL,
    "nonce" BYTEA NOT NULL,
    "ciphertext" BYTEA NOT NULL,
    "updated_by" TEXT NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "secrets_pkey" PRIMARY KEY ("queue_id","name")
);

-- CreateTable
CREATE TABLE "jobs" (
    "id" UUID NOT NULL,
    "entity_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "description" TEXT NOT NULL DEFAULT '',
    "created_by_id" UUID,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "jobs_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "job_versions" (
    "job_id" UUID NOT NULL,
    "version" INTEGER NOT NULL,
    "source" JSONB NOT NULL,
    "entrypoint" TEXT[],
    "input_schema" JSON,
    "author" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "job_versions_pkey" PRIMARY KEY ("job_id","version")
);

-- CreateTable
CREATE TABLE "job_aliases" (
    "job_id" UUID NOT NULL,
    "alias" TEXT NOT NULL,
    "version" INTEGER NOT NULL,

    CONSTRAINT "job_aliases_pkey" PRIMARY KEY ("job_id","alias")
);

-- CreateTable
CREATE TABLE "artifacts" (
    "entity_id" UUID NOT NULL,
    "sha256" TEXT NOT NULL,
    "size" BIGINT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "artifacts_pkey" PRIMARY KEY ("entity_id","sha256")
);

-- CreateTable
CREATE TABLE "runs" (
    "id" TEXT NOT NULL,
    "seq" BIGSERIAL NOT NULL,
    "entity_id" UUID NOT NULL,
    "queue_id" UUID NOT NULL,
    "project_id" UUID,
    "queue_version" INTEGER NOT NULL,
    "name" TEXT NOT NULL,
    "state" "run_state" NOT NULL DEFAULT 'pending',
    "priority" SMALLINT NOT NULL DEFAULT 2,
    "attempt" INTEGER NOT NULL DEFAULT 0,
    "execution" INTEGER NOT NULL DEFAULT 1,
    "retries" INTEGER NOT NULL DEFAULT 0,
    "preemptions" INTEGER NOT NULL DEFAULT 0,
    "not_before" TIMESTAMPTZ(3),
    "held" BOOLEAN NOT NULL DEFAULT false,
    "held_until" TIMESTAMPTZ(3),
    "agent_id" UUID,
    "lease_expires_at" TIMESTAMPTZ(3),
    "agent_seq" INTEGER NOT NULL DEFAULT 0,
    "orphaned_at" TIMESTAMPTZ(3),
    "stop_requested_at" TIMESTAMPTZ(3),
    "stop_requested_by" TEXT,
    "event_seq" INTEGER NOT NULL DEFAULT 0,
    "log_bytes" BIGINT NOT NULL DEFAULT 0,
    "log_start" BIGINT NOT NULL DEFAULT 0,
    "log_cursor" TEXT,
    "log_truncated" BOOLEAN NOT NULL DEFAULT false,
    "author_id" UUID,
    "author" TEXT NOT NULL,
    "job_id" UUID,
    "job_version" INTEGER,
    "image" TEXT,
    "external_ref" TEXT,
    "failure_phase" TEXT,
    "failure_category" TEXT,
    "failure_message" TEXT,
    "exit_code" INTEGER,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "leased_at" TIMESTAMPTZ(3),
    "submitted_at" TIMESTAMPTZ(3),
    "started_at" TIMESTAMPTZ(3),
    "ended_at" TIMESTAMPTZ(3),
    "pruned_at" TIMESTAMPTZ(3),

    CONSTRAINT "runs_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "run_specs" (
    "run_id" TEXT NOT NULL,
    "spec" JSON NOT NULL,
    "template_values" JSONB NOT NULL,
    "resource_args" JSONB,

    CONSTRAINT "run_specs_pkey" PRIMARY KEY ("run_id")
);

-- CreateTable
CREATE TABLE "run_labels" (
    "run_id" TEXT NOT NULL,
    "label" TEXT NOT NULL,

    CONSTRAINT "run_labels_pkey" PRIMARY KEY ("run_id","label")
);

-- CreateTable
CREATE TABLE "run_submissions" (
    "run_id" TEXT NOT NULL,
    "attempt" INTEGER NOT NULL,
    "kind" TEXT NOT NULL,
    "document" JSON NOT NULL,
    "origins" JSON NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "run_submissions_pkey" PRIMARY KEY ("run_id","attempt")
);

-- CreateTable
CREATE TABLE "run_events" (
    "run_id" TEXT NOT NULL,
    "seq" INTEGER NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "attempt" INTEGER NOT NULL,
    "actor" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "state" "run_state",
    "data" JSONB,

    CONSTRAINT "run_events_pkey" PRIMARY KEY ("run_id","seq")
);

-- CreateTable
CREATE TABLE "log_chunks" (
    "run_id" TEXT NOT NULL,
    "offset" BIGINT NOT NULL,
    "stream" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "execution" INTEGER NOT NULL DEFAULT 1,
    "data" BYTEA NOT NULL,

    CONSTRAINT "log_chunks_pkey" PRIMARY KEY ("run_id","offset")
);

-- CreateTable
CREATE TABLE "idempotency_keys" (
    "queue_id" UUID NOT NULL,
    "actor_id" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "request_hash" BYTEA NOT NULL,
    "run_id" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "idempotency_keys_pkey" PRIMARY KEY ("queue_id","actor_id","key")
);

-- CreateTable
CREATE TABLE "agents" (
    "id" UUID NOT NULL,
    "entity_id" UUID NOT NULL,
    "token_id" UUID,
    "instance_id" TEXT NOT NULL,
    "session" INTEGER NOT NULL DEFAULT 1,
    "name" TEXT NOT NULL,
    "hostname" TEXT NOT NULL,
    "version" TEXT NOT NULL,
    "queue_names" TEXT[],
    "max_jobs" INTEGER NOT NULL,
    "config" JSONB NOT NULL,
    "status" TEXT NOT NULL DEFAULT 'polling',
    "command" "agent_command" NOT NULL DEFAULT 'none',
    "paused_at" TIMESTAMPTZ(3),
    "pause_note" TEXT,
    "last_heartbeat_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "gone_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "agents_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "webhooks" (
    "id" UUID NOT NULL,
    "entity_id" UUID NOT NULL,
    "url" TEXT NOT NULL,
    "events" TEXT[],
    "key_id" TEXT NOT NULL,
    "nonce" BYTEA NOT NULL,
    "secret" BYTEA NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "webhooks_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "users_email_key" ON "users"("email");

-- CreateIndex
CREATE UNIQUE INDEX "entities_name_key" ON "entities"("name");

-- CreateIndex
CREATE INDEX "memberships_user_id_idx" ON "memberships"("user_id");

-- CreateIndex
CREATE UNIQUE INDEX "api_keys_hash_key" ON "api_keys"("hash");

-- CreateIndex
CREATE INDEX "api_keys_user_id_idx" ON "api_keys"("user_id");

-- CreateIndex
CREATE UNIQUE INDEX "agent_tokens_hash_key" ON "agent_tokens"("hash");

-- CreateIndex
CREATE INDEX "agent_tokens_entity_id_idx" ON "agent_tokens"("entity_id");

-- CreateIndex
CREATE INDEX "sign_in_attempts_email_at_idx" ON "sign_in_attempts"("email", "at");

-- CreateIndex
CREATE INDEX "sign_in_attempts_ip_at_idx" ON "sign_in_attempts"("ip", "at");

-- CreateIndex
CREATE INDEX "sign_in_attempts_at_idx" ON "sign_in_attempts"("at");

-- CreateIndex
CREATE INDEX "audit_events_entity_id_id_idx" ON "audit_events"("entity_id", "id" DESC);

-- CreateIndex
CREATE UNIQUE INDEX "projects_entity_id_name_key" ON "projects"("entity_id", "name");

-- CreateIndex
CREATE INDEX "queues_entity_id_idx" ON "queues"("entity_id");

-- CreateIndex
CREATE UNIQUE INDEX "jobs_entity_id_name_key" ON "jobs"("entity_id", "name");

-- CreateIndex
CREATE INDEX "runs_entity_id_seq_idx" ON "runs"("entity_id", "seq" DESC);

-- CreateIndex
CREATE INDEX "runs_queue_id_seq_idx" ON "runs"("queue_id", "seq" DESC);

-- CreateIndex
CREATE INDEX "run_labels_label_idx" ON "run_labels"("label");

-- CreateIndex
CREATE INDEX "idempotency_keys_created_at_idx" ON "idempotency_keys"("created_at");

-- CreateIndex
CREATE UNIQUE INDEX "agents_entity_id_instance_id_key" ON "agents"("entity_id", "instance_id");

-- CreateIndex
CREATE INDEX "webhooks_entity_id_idx" ON "webhooks"("entity_id");

-- AddForeignKey
ALTER TABLE "accounts" ADD CONSTRAINT "accounts_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "memberships" ADD CONSTRAINT "memberships_entity_id_fkey" FOREIGN KEY ("entity_id") REFERENCES "entities"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "memberships" ADD CONSTRAINT "memberships_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "api_keys" ADD CONSTRAINT "api_keys_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "agent_tokens" ADD CONSTRAINT "agent_tokens_entity_id_fkey" FOREIGN KEY ("entity_id") REFERENCES "entities"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "projects" ADD CONSTRAINT "projects_entity_id_fkey" FOREIGN KEY ("entity_id") REFERENCES "entities"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "queues" ADD CONSTRAINT "queues_entity_id_fkey" FOREIGN KEY ("entity_id") REFERENCES "entities"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "queue_config_versions" ADD CONSTRAINT "queue_config_versions_queue_id_fkey" FOREIGN KEY ("queue_id") REFERENCES "queues"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "secrets" ADD CONSTRAINT "secrets_queue_id_fkey" FOREIGN KEY ("queue_id") REFERENCES "queues"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "jobs" ADD CONSTRAINT "jobs_entity_id_fkey" FOREIGN KEY ("entity_id") REFERENCES "entities"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "job_versions" ADD CONSTRAINT "job_versions_job_id_fkey" FOREIGN KEY ("job_id") REFERENCES "jobs"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "job_aliases" ADD CONSTRAINT "job_aliases_job_id_fkey" FOREIGN KEY ("job_id") REFERENCES "jobs"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "artifacts" ADD CONSTRAINT "artifacts_entity_id_fkey" FOREIGN KEY ("entity_id") REFERENCES "entities"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "runs" ADD CONSTRAINT "runs_queue_id_fkey" FOREIGN KEY ("queue_id") REFERENCES "queues"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "run_specs" ADD CONSTRAINT "run_specs_run_id_fkey" FOREIGN KEY ("run_id") REFERENCES "runs"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "run_labels" ADD CONSTRAINT "run_labels_run_id_fkey" FOREIGN KEY ("run_id") REFERENCES "runs"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "run_events" ADD CONSTRAINT "run_events_run_id_fkey" FOREIGN KEY ("run_id") REFERENCES "runs"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "log_chunks" ADD CONSTRAINT "log_chunks_run_id_fkey" FOREIGN KEY ("run_id") REFERENCES "runs"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "agents" ADD CONSTRAINT "agents_entity_id_fkey" FOREIGN KEY ("entity_id") REFERENCES "entities"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "webhooks" ADD CONSTRAINT "webhooks_entity_id_fkey" FOREIGN KEY ("entity_id") REFERENCES "entities"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- What Prisma cannot say -------------------------------------------------

-- "Team" and "team" would be told apart by nobody.
CREATE UNIQUE INDEX "entities_lower_name_key" ON "entities"(lower("name"));

-- A deleted queue frees its name, its runs stay readable. (The engine splits at every semicolon, so none may stand in a comment.)
CREATE UNIQUE INDEX "queues_entity_id_name_key" ON "queues"("entity_id", "name") WHERE "deleted_at" IS NULL;

-- The head of each queue: what a lease scans.
CREATE INDEX "runs_pending_idx" ON "runs"("queue_id", "held", "priority", "seq") WHERE "state" = 'pending';

-- Runs in flight: limits, heartbeats, expiry, adoption. None on lease_expires_at: a heartbeat then rewrites no index (HOT update).
CREATE INDEX "runs_in_flight_idx" ON "runs"("queue_id", "seq") WHERE "state" IN ('leased', 'building', 'starting', 'running');
CREATE INDEX "runs_agent_idx" ON "runs"("agent_id") WHERE "state" IN ('leased', 'building', 'starting', 'running');
CREATE INDEX "runs_orphaned_idx" ON "runs"("orphaned_at") WHERE "orphaned_at" IS NOT NULL;

-- Runs that wait for a time (not-before, retry backoff): found when their time comes.
CREATE INDEX "runs_held_idx" ON "runs"("held_until") WHERE "state" = 'pending' AND "held";

-- Started runs of a queue by time: metrics and estimates.
-- Rows are in order of creation on disk, so a BRIN index is enough for that.
CREATE INDEX "runs_created_idx" ON "runs" USING brin ("created_at") WITH (pages_per_range = 32, autosummarize = on);
CREATE INDEX "runs_ended_idx" ON "runs"("queue_id", "ended_at") WHERE "ended_at" IS NOT NULL;
CREATE INDEX "runs_prunable_idx" ON "runs"("ended_at") WHERE "ended_at" IS NOT NULL AND "pruned_at" IS NULL;
CREATE INDEX "runs_started_idx" ON "runs"("queue_id", "started_at" DESC) WHERE "started_at" IS NOT NULL;

-- A row is updated several times in its short life: leave room on its page.
ALTER TABLE "runs" SET (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_cost_delay = 0);
