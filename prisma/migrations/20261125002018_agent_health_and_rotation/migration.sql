-- AlterTable
ALTER TABLE "entities" ADD COLUMN     "pause_sick_agents" BOOLEAN NOT NULL DEFAULT false;

-- AlterTable
ALTER TABLE "api_keys" ADD COLUMN     "last_used_host" TEXT,
ADD COLUMN     "replaced_by_id" UUID;

-- AlterTable
ALTER TABLE "agent_tokens" ADD COLUMN     "replaced_by_id" UUID;

-- AlterTable
ALTER TABLE "agents" ADD COLUMN     "failures_in_row" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "last_failure" TEXT,
ADD COLUMN     "paused_by" TEXT,
ADD COLUMN     "paused_until" TIMESTAMPTZ(3);

-- Past runs of an agent, the latest first. Written once, when a run ends.
CREATE INDEX "runs_agent_ended_idx" ON "runs"("agent_id", "ended_at" DESC) WHERE "ended_at" IS NOT NULL AND "agent_id" IS NOT NULL;
