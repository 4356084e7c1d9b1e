-- AlterTable
ALTER TABLE "runs" ADD COLUMN     "log_archive" TEXT,
ADD COLUMN     "log_restored_at" TIMESTAMPTZ(3);

-- CreateTable
CREATE TABLE "task_marks" (
    "name" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "task_marks_pkey" PRIMARY KEY ("name")
);

-- Seldom, so an index of a few rows: logs that were brought back and may go again.
CREATE INDEX "runs_log_restored_idx" ON "runs"("log_restored_at") WHERE "log_restored_at" IS NOT NULL;
