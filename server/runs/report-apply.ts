import { canReport, isInFlight, MAX_PREEMPTIONS, shouldResumePreempted, shouldRetry } from '@/core/run-state';
import { conflict } from '@/core/problems';
import type { Failure, FailurePhase, JsonObject, RetryPolicy, RunState, Submission } from '@/core/wire';
import type { CheckedEvent } from './report-data';

/** The part of a run that reports change. */
export interface RunProgress {
  id: string;
  state: RunState;
  attempt: number;
  agentSeq: number;
  eventSeq: number;
  execution: number;
  retries: number;
  preemptions: number;
  stopping: boolean;
  heldUntil: Date | null;
  externalRef: string | null;
  image: string | null;
  failure: Failure | null;
  exitCode: number | null;
  leasedAt: Date | null;
  submittedAt: Date | null;
  startedAt: Date | null;
  endedAt: Date | null;
}
export interface NewEvent {
  seq: number;
  kind: string;
  state: RunState | null;
  data: JsonObject | null;
  /** Done by the server in consequence (a retry), not said by the agent. */
  bySystem: boolean;
}
export interface Applied {
  run: RunProgress;
  events: NewEvent[];
  submission: Submission | null;
}

export const staleAttempt = () =>
  conflict(
    'This lease is over: the run was given to another agent or has ended. Stop working on it.',
    'stale-attempt',
  );

/**
 * What a report makes of a run; `now` is the time of the server. Pure: writes nothing. Events that were taken before change nothing, so
 * a report may be repeated; all of the new ones are taken or none.
 *
 * @throws ProblemError conflict: `stale-attempt`, `event-gap` (names the number that is expected), `illegal-move`
 */
export function applyReport(
  before: RunProgress,
  attempt: number,
  reported: readonly CheckedEvent[],
  policy: RetryPolicy,
  now: Date,
): Applied {
  if (attempt !== before.attempt) throw staleAttempt();
  const applied: Applied = { run: { ...before }, events: [], submission: null };
  for (const event of reported) {
    const { run } = applied;
    if (event.seq <= run.agentSeq) continue;
    if (event.seq > run.agentSeq + 1) {
      throw conflict(
        `Event ${event.seq} came before event ${run.agentSeq + 1}, which is expected next.`,
        'event-gap',
      );
    }
    if (!isInFlight(run.state)) throw staleAttempt();
    run.agentSeq = event.seq;
    take(applied, event, policy, now);
  }
  return applied;
}

function take(applied: Applied, event: CheckedEvent, policy: RetryPolicy, now: Date): void {
  const { run } = applied;
  // A failure that was asked for is a stop.
  const state = event.state === 'failed' && run.stopping ? 'stopped' : event.state;
  run.externalRef = event.externalRef ?? run.externalRef;
  run.image = event.image ?? run.image;
  applied.submission = event.submission ?? applied.submission;
  if (state === null) {
    record(applied, { kind: event.kind, state: null, data: event.data });
    return;
  }
  // An agent that has adopted a run says again what it found.
  if (state === run.state) return;
  if (!canReport(run.state, state)) {
    throw conflict(`A run that is ${run.state} cannot become ${state}.`, 'illegal-move');
  }
  const from = run.state;
  record(applied, { kind: event.kind, state, data: event.data });
  run.state = state;
  if (state === 'starting' || state === 'running') run.submittedAt ??= now;
  if (state === 'running') run.startedAt ??= now;
  if (state === 'finished' || state === 'stopped') end(run, state, event.exitCode, now);
  if (state === 'failed' && event.failure) failed(applied, event.failure, policy, now);
  if (state === 'preempted') preempted(applied, from, event.data, now);
}

function end(run: RunProgress, state: RunState, exitCode: number | null, now: Date): void {
  run.state = state;
  run.exitCode = exitCode;
  run.endedAt = now;
}

/** Tried again where the policy of the queue says so. */
function failed(applied: Applied, failure: Failure, policy: RetryPolicy, now: Date): void {
  const { run } = applied;
  const decision = shouldRetry(policy, failure, run.retries);
  if (!decision.retry) {
    run.failure = failure;
    end(run, 'failed', failure.exitCode, now);
    return;
  }
  if (decision.countsAgainstLimit) run.retries += 1;
  putBack(
    applied,
    decision.delaySeconds,
    { reason: 'retry', retries: run.retries, delaySeconds: decision.delaySeconds },
    now,
  );
}

/** Gives up a run whose host did not come back in time. */
export function applyLoss(
  before: RunProgress,
  policy: RetryPolicy,
  graceSeconds: number,
  now: Date,
): Applied {
  const applied: Applied = { run: { ...before }, events: [], submission: null };
  const failure: Failure = {
    phase: 'agent',
    category: 'agent-lost',
    message: `The agent that had this run did not come back within ${graceSeconds} s, and only its host could go on with it.`,
    exitCode: null,
  };
  const state = before.stopping ? 'stopped' : 'failed';
  record(applied, { kind: 'state', state, data: { ...failure }, bySystem: true });
  if (state === 'stopped') end(applied.run, state, null, now);
  else failed(applied, failure, policy, now);
  return applied;
}

function preempted(applied: Applied, from: RunState, data: JsonObject, now: Date): void {
  const { run } = applied;
  if (run.stopping) {
    end(run, 'stopped', null, now);
    record(applied, { kind: 'state', state: 'stopped', data: null, bySystem: true });
  } else if (shouldResumePreempted(run.preemptions)) {
    run.preemptions += 1;
    putBack(applied, 0, { reason: 'preempted', preemptions: run.preemptions }, now);
  } else {
    const phase: FailurePhase = from === 'running' ? 'run' : 'submit';
    const why = typeof data.reason === 'string' && data.reason !== '' ? ` Last reason: ${data.reason}` : '';
    run.failure = {
      phase,
      category: 'platform',
      message: `The platform took the run away ${run.preemptions + 1} times; after ${MAX_PREEMPTIONS} times it is not started again.${why}`,
      exitCode: null,
    };
    end(run, 'failed', null, now);
    record(applied, { kind: 'state', state: 'failed', data: { ...run.failure }, bySystem: true });
  }
}

/** Back to the old place in the queue, as a new execution. */
function putBack(applied: Applied, delaySeconds: number, data: JsonObject, now: Date): void {
  const { run } = applied;
  Object.assign(run, {
    state: 'pending',
    execution: run.execution + 1,
    heldUntil: delaySeconds > 0 ? new Date(now.getTime() + delaySeconds * 1000) : null,
    externalRef: null,
    leasedAt: null,
    submittedAt: null,
    startedAt: null,
  } satisfies Partial<RunProgress>);
  record(applied, { kind: 'state', state: 'pending', data, bySystem: true });
}

function record(
  { run, events }: Applied,
  event: Omit<NewEvent, 'seq' | 'bySystem'> & { bySystem?: boolean },
): void {
  run.eventSeq += 1;
  events.push({ bySystem: false, ...event, seq: run.eventSeq });
}
