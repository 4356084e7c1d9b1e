-- AlterTable
-- In two steps: rows of an older release keep null, which says that their line breaks were not counted yet.
ALTER TABLE "runs" ADD COLUMN     "log_lines" BIGINT;
ALTER TABLE "runs" ALTER COLUMN "log_lines" SET DEFAULT 0;

-- AlterTable
ALTER TABLE "log_chunks" ADD COLUMN     "grouped" BOOLEAN NOT NULL DEFAULT false,
ADD COLUMN     "line" BIGINT,
ADD COLUMN     "lines" INTEGER,
ADD COLUMN     "source" TEXT;

-- CreateIndex
CREATE INDEX "log_chunks_run_id_line_offset_idx" ON "log_chunks"("run_id", "line", "offset");
