-- DropForeignKey
ALTER TABLE "run_specs" DROP CONSTRAINT "run_specs_run_id_fkey";

-- DropForeignKey
ALTER TABLE "run_labels" DROP CONSTRAINT "run_labels_run_id_fkey";

-- DropForeignKey
ALTER TABLE "run_events" DROP CONSTRAINT "run_events_run_id_fkey";

-- DropForeignKey
ALTER TABLE "log_chunks" DROP CONSTRAINT "log_chunks_run_id_fkey";
