-- AlterTable
ALTER TABLE "idempotency_keys" ADD COLUMN     "run_ids" TEXT[] DEFAULT ARRAY[]::TEXT[];
