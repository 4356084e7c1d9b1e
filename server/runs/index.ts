import type { bulkAnswerSchema, HeartbeatAnswer, LeaseAnswer, LogAnswer, LogSearchAnswer, Page, QueueMetrics, ReportAnswer, Run, RunEvent, RunSubmission, RunSummary } from '@/core/wire';
import type { z } from 'zod';
import type { Actor, AgentActor } from '../access/actor';
import type { Services } from '../services';
import type * as input from './inputs';

export type * from './inputs';

// People's side.
export declare function enqueueRun(services: Services, actor: Actor, input: input.EnqueueInput): Promise<{ run: Run; created: boolean }>;
export declare function enqueueBatch(services: Services, actor: Actor, input: input.EnqueueBatchInput): Promise<{ runs: { id: string; name: string }[] }>;
export declare function getRun(services: Services, actor: Actor, input: input.RunRef): Promise<Run>;
export declare function listRuns(services: Services, actor: Actor, input: input.ListRunsInput): Promise<Page<RunSummary>>;
export declare function listRunEvents(services: Services, actor: Actor, input: input.ListEventsInput): Promise<Page<RunEvent>>;
export declare function listSubmissions(services: Services, actor: Actor, input: input.RunRef): Promise<RunSubmission[]>;
export declare function updateRun(services: Services, actor: Actor, input: input.UpdateRunInput): Promise<Run>;
export declare function stopRun(services: Services, actor: Actor, input: input.StopInput): Promise<Run>;
export declare function requeueRun(services: Services, actor: Actor, input: input.RunRef): Promise<Run>;
export declare function bulkRuns(services: Services, actor: Actor, input: input.BulkInput): Promise<z.infer<typeof bulkAnswerSchema>>;
export declare function readLog(services: Services, actor: Actor, input: input.ReadLogInput): Promise<input.LogPiece>;
export declare function searchLog(services: Services, actor: Actor, input: input.SearchLogInput): Promise<LogSearchAnswer>;
export declare function queueMetrics(services: Services, actor: Actor, input: input.QueueMetricsInput): Promise<QueueMetrics>;

// Agents' side.
export declare function leaseRuns(services: Services, actor: AgentActor, input: input.LeaseInput, signal?: AbortSignal): Promise<LeaseAnswer>;
export declare function heartbeat(services: Services, actor: AgentActor, input: input.HeartbeatInput): Promise<HeartbeatAnswer>;
export declare function reportEvents(services: Services, actor: AgentActor, input: input.ReportInput): Promise<ReportAnswer>;
export declare function appendLog(services: Services, actor: AgentActor, input: input.AppendLogInput): Promise<LogAnswer>;

// Tasks of workers.
export declare function expireLeases(services: Services): Promise<number>;
export declare function failLostRuns(services: Services): Promise<number>;
export declare function wakeDueRuns(services: Services): Promise<number>;
export declare function retention(services: Services): Promise<{ runs: number; audit: number; keys: number }>;
