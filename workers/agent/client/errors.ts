/**
 * Why a call to the server failed for good.
 * - `unauthorized` 401: the token is missing, unknown, expired or revoked
 * - `forbidden` 403
 * - `not-found` 404: the agent or the run is unknown to the server
 * - `stale-attempt` 409: the run has a newer lease, or none; this agent has nothing to say of it any more
 * - `superseded` 409: another process registered with this agent's instance id
 * - `refused`: any other final answer (409, 413, 422, …)
 * - `aborted`: the caller's signal
 * - `unreachable`: the caller asked for a limited number of tries and none got through
 */
export type AgentRequestReason =
  | 'unauthorized'
  | 'forbidden'
  | 'not-found'
  | 'stale-attempt'
  | 'superseded'
  | 'refused'
  | 'aborted'
  | 'unreachable';

/** The one error of the client. Its message is for people and holds neither token nor request body. */
export class AgentRequestError extends Error {
  readonly reason: AgentRequestReason;
  readonly status: number | undefined;
  /** The problem's code, as in `stale-attempt`. */
  readonly code: string | undefined;

  constructor(
    reason: AgentRequestReason,
    message: string,
    options: { status?: number; code?: string; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'AgentRequestError';
    this.reason = reason;
    this.status = options.status;
    this.code = options.code;
  }
}

/** Whether an error says that the server no longer takes this agent's word on a run. */
export const isStale = (error: unknown): boolean =>
  error instanceof AgentRequestError && (error.reason === 'stale-attempt' || error.reason === 'not-found');

/** Whether an error is of one of these reasons. */
export const isReason = (error: unknown, ...reasons: AgentRequestReason[]): error is AgentRequestError =>
  error instanceof AgentRequestError && reasons.includes(error.reason);
