import {
  heartbeatAnswerSchema,
  leaseAnswerSchema,
  logAnswerSchema,
  registeredSchema,
  type HeartbeatAnswer,
  type HeartbeatRequest,
  type LeaseAnswer,
  type LeaseRequest,
  type LogAnswer,
  type LogRequest,
  type RegisterAgent,
  type RegisteredAgent,
} from '@/core/wire';
import { createDownload, type TakeBody } from './download';
import { createPost, type CallOptions, type HttpOptions } from './http';
import { createReports, type SendReport } from './reports';

export { AgentRequestError, isReason, isStale } from './errors';
export type { CallOptions } from './http';

/** The agent's side of `/api/agent/v1`. Every call throws AgentRequestError and nothing else. */
export interface AgentClient {
  register(body: RegisterAgent, options?: CallOptions): Promise<RegisteredAgent>;
  lease(body: LeaseRequest, options?: CallOptions): Promise<LeaseAnswer>;
  heartbeat(body: HeartbeatRequest, options?: CallOptions): Promise<HeartbeatAnswer>;
  /** Those of several runs that come at once share a call. */
  report: SendReport;
  appendLog(runId: string, body: LogRequest, options?: CallOptions): Promise<LogAnswer>;
  /** Streams an uploaded archive; `take` begins again when the connection is cut. Its own errors pass through. */
  artifact(sha256: string, take: TakeBody, options?: CallOptions): Promise<void>;
}

const ROOT = '/api/agent/v1';

export function createClient(options: HttpOptions): AgentClient {
  const post = createPost(options);
  const download = createDownload(options);
  return {
    register: (body, call) => post(`${ROOT}/agents`, body, registeredSchema, call),
    lease: (body, call) => post(`${ROOT}/lease`, body, leaseAnswerSchema, call),
    heartbeat: (body, call) => post(`${ROOT}/heartbeat`, body, heartbeatAnswerSchema, call),
    report: createReports(post),
    appendLog: (runId, body, call) => post(`${ROOT}/runs/${runId}/logs`, body, logAnswerSchema, call),
    artifact: (sha256, take, call) => download(`${ROOT}/artifacts/${sha256}`, take, call),
  };
}
