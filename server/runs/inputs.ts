import type { z } from 'zod';
import type {
  bulkSchema,
  HeartbeatRequest,
  Launch,
  LeaseRequest,
  logDownloadQuerySchema,
  logLinesQuerySchema,
  LogRequest,
  logSearchQuerySchema,
  LogStream,
  metricsQuerySchema,
  ReportRequest,
  runHistogramQuerySchema,
  RunListQuery,
  UpdateRun,
} from '@/core/wire';

export interface EnqueueInput {
  entity: string;
  queue: string;
  launch: Launch;
  /** Of the header `Idempotency-Key`: 1 to 200 printable characters. */
  idempotencyKey?: string | undefined;
}
export interface EnqueueBatchInput {
  entity: string;
  queue: string;
  runs: Launch[];
  /** One key for the whole batch. */
  idempotencyKey?: string | undefined;
}
export interface RunRef {
  id: string;
}
export interface StopInput extends RunRef {
  /** End a run whose agent is gone without waiting for it: what it left behind at the resource stays there. */
  force?: boolean | undefined;
}
export type UpdateRunInput = RunRef & UpdateRun;
export type ListRunsInput = RunListQuery & { entity: string };
export type HistogramInput = z.infer<typeof runHistogramQuerySchema> & { entity: string };
export type ListEventsInput = RunRef & { limit: number; cursor?: string | undefined };
export type BulkInput = z.infer<typeof bulkSchema> & { entity: string };
export interface ReadLogInput extends RunRef {
  /** First byte wanted. */
  offset: number;
  /** Bytes at most. */
  limit: number;
  /** Only chunks of this stream; offsets stay those of the whole log. */
  stream?: LogStream | undefined;
}
export interface LogPiece {
  data: Uint8Array;
  /** Where the next read begins. */
  nextOffset: number;
  /** The run has ended and this piece reaches the end of its log. */
  complete: boolean;
}
export type ReadLinesInput = RunRef & z.infer<typeof logLinesQuerySchema>;
export type DownloadLogInput = RunRef & z.infer<typeof logDownloadQuerySchema>;
export type SearchLogInput = RunRef & z.infer<typeof logSearchQuerySchema>;
export type ReportInput = ReportRequest & { runId: string };
/** A chunk as JSON (text or base64), or with the bytes of a raw body. */
export type AppendLogInput = Omit<LogRequest, 'data' | 'encoding'> & {
  runId: string;
  data: string | Uint8Array;
  encoding?: 'utf8' | 'base64' | undefined;
};
export type QueueMetricsInput = z.infer<typeof metricsQuerySchema> & { entity: string; queue: string };
export type LeaseInput = LeaseRequest;
export type HeartbeatInput = HeartbeatRequest;
