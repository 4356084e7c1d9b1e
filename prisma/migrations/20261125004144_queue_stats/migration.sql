-- CreateTable
CREATE TABLE "queue_stats" (
    "queue_id" UUID NOT NULL,
    "dimension" SMALLINT NOT NULL,
    "hour" TIMESTAMPTZ(3) NOT NULL,
    "value" TEXT NOT NULL,
    "enqueued" INTEGER NOT NULL,
    "started" INTEGER NOT NULL,
    "finished" INTEGER NOT NULL,
    "failed" INTEGER NOT NULL,
    "stopped" INTEGER NOT NULL,
    "waiting_seconds" DOUBLE PRECISION NOT NULL,
    "busy_seconds" DOUBLE PRECISION NOT NULL,
    "oldest_seconds" DOUBLE PRECISION NOT NULL,

    CONSTRAINT "queue_stats_pkey" PRIMARY KEY ("queue_id","dimension","hour","value")
);

-- CreateTable
CREATE TABLE "queue_wait_stats" (
    "queue_id" UUID NOT NULL,
    "hour" TIMESTAMPTZ(3) NOT NULL,
    "bin" SMALLINT NOT NULL,
    "runs" INTEGER NOT NULL,

    CONSTRAINT "queue_wait_stats_pkey" PRIMARY KEY ("queue_id","hour","bin")
);

-- CreateTable
CREATE TABLE "queue_stat_marks" (
    "queue_id" UUID NOT NULL,
    "until" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "queue_stat_marks_pkey" PRIMARY KEY ("queue_id")
);
