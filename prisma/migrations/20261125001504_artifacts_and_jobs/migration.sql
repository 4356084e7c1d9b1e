-- AlterTable
ALTER TABLE "artifacts" ADD COLUMN     "last_used_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
ADD COLUMN     "pieces" UUID[] DEFAULT ARRAY[]::UUID[];

-- CreateTable
CREATE TABLE "artifact_pieces" (
    "id" UUID NOT NULL,
    "entity_id" UUID NOT NULL,
    "sha256" TEXT NOT NULL,
    "start" BIGINT NOT NULL,
    "size" BIGINT NOT NULL DEFAULT 0,
    "stored" BOOLEAN NOT NULL DEFAULT false,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "artifact_pieces_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "artifact_pieces_entity_id_sha256_idx" ON "artifact_pieces"("entity_id", "sha256");

-- CreateIndex
CREATE INDEX "artifact_pieces_created_at_idx" ON "artifact_pieces"("created_at");

-- What Prisma cannot say -------------------------------------------------

-- Of two uploads of the same archive at the same time, the first piece that is stored at a place counts.
CREATE UNIQUE INDEX "artifact_pieces_stored_key" ON "artifact_pieces"("entity_id", "sha256", "start") WHERE "stored";

-- Which job versions refer to an archive: what is in use is not cleaned up.
CREATE INDEX "job_versions_artifact_idx" ON "job_versions"(("source" ->> 'artifact')) WHERE "source" ->> 'artifact' IS NOT NULL;

-- The last runs of a job.
CREATE INDEX "runs_job_idx" ON "runs"("job_id", "seq" DESC) WHERE "job_id" IS NOT NULL;
