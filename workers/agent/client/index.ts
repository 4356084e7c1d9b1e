import {
  heartbeatAnswerSchema,
  leaseAnswerSchema,
  logAnswerSchema,
  registeredSchema,
  reportAnswerSchema,
  type HeartbeatAnswer,
  type HeartbeatRequest,
  type LeaseAnswer,
  type LeaseRequest,
  type LogAnswer,
  type LogRequest,
  type RegisterAgent,
  type RegisteredAgent,
  type ReportAnswer,
  type ReportRequest,
} from '@/core/wire';
import { createPost, type CallOptions, type HttpOptions } from './http';

export { AgentRequestError, isReason, isStale } from './errors';
export type { CallOptions } from './http';

/** The agent's side of `/api/agent/v1`. Every call throws AgentRequestError and nothing else. */
export interface AgentClient {
  register(body: RegisterAgent, options?: CallOptions): Promise<RegisteredAgent>;
  lease(body: LeaseRequest, options?: CallOptions): Promise<LeaseAnswer>;
  heartbeat(body: HeartbeatRequest, options?: CallOptions): Promise<HeartbeatAnswer>;
  report(runId: string, body: ReportRequest, options?: CallOptions): Promise<ReportAnswer>;
  appendLog(runId: string, body: LogRequest, options?: CallOptions): Promise<LogAnswer>;
}

const ROOT = '/api/agent/v1';

export function createClient(options: HttpOptions): AgentClient {
  const post = createPost(options);
  return {
    register: (body, call) => post(`${ROOT}/agents`, body, registeredSchema, call),
    lease: (body, call) => post(`${ROOT}/lease`, body, leaseAnswerSchema, call),
    heartbeat: (body, call) => post(`${ROOT}/heartbeat`, body, heartbeatAnswerSchema, call),
    report: (runId, body, call) => post(`${ROOT}/runs/${runId}/events`, body, reportAnswerSchema, call),
    appendLog: (runId, body, call) => post(`${ROOT}/runs/${runId}/logs`, body, logAnswerSchema, call),
  };
}
