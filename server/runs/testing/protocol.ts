import { canMove, canServerMove, isFinal, isInFlight, isSubmitted } from '@/core/run-state';
import type { RetryPolicy, RunState } from '@/core/wire';
import { applyReport } from '../report-apply';
import type { RunProgress } from '../report-apply';
import { checkEvents } from '../report-data';

/**
 * The life of one run as the statements of the queue make it, without a database: small enough to be walked through wholly
 * (lease-protocol.test.ts), and held against PostgreSQL step by step (state-machine.db.test.ts), so that both speak of the same thing.
 * Reports are no model: they go through the product's own rules.
 */
export interface ModelRun {
  progress: RunProgress;
  /** Who has it, or had it when it was orphaned. */
  agent: string | null;
  orphaned: boolean;
}
/** The part of a stored event that the rules speak of. */
export interface ModelEvent {
  seq: number;
  attempt: number;
  kind: string;
  state: RunState | null;
}
export interface Step {
  run: ModelRun;
  events: ModelEvent[];
}
export interface ReportedEvent {
  seq: number;
  state?: RunState | undefined;
  data?: Record<string, unknown>;
}

/** The clock stands still: what time does (a lease runs out, a backoff ends) is a step of its own. */
export const NOW = new Date('2026-01-01T00:00:00Z');

export const newRun = (id: string): Step =>
  add(
    {
      agent: null,
      orphaned: false,
      progress: {
        id,
        state: 'pending',
        attempt: 0,
        agentSeq: 0,
        eventSeq: 0,
        execution: 1,
        retries: 0,
        preemptions: 0,
        stopping: false,
        heldUntil: null,
        externalRef: null,
        image: null,
        failure: null,
        exitCode: null,
        leasedAt: null,
        submittedAt: null,
        startedAt: null,
        endedAt: null,
      },
    },
    { kind: 'state', state: 'pending' },
  );

export const canLease = ({ progress }: ModelRun): boolean =>
  progress.state === 'pending' && progress.heldUntil === null;
export const canAdopt = ({ progress, orphaned }: ModelRun): boolean =>
  orphaned && isSubmitted(progress.state);
export const canRelease = ({ progress, orphaned }: ModelRun): boolean =>
  isInFlight(progress.state) && !orphaned;

/** lease-sql.ts */
export const lease = (run: ModelRun, agent: string): Step =>
  add(
    { ...moved(run, 'leased', { attempt: run.progress.attempt + 1, agentSeq: 0 }), agent },
    { kind: 'state', state: 'leased' },
  );

/** adopt-sql.ts */
export const adopt = (run: ModelRun, agent: string): Step =>
  add(
    {
      agent,
      orphaned: false,
      progress: { ...run.progress, attempt: run.progress.attempt + 1, agentSeq: 0 },
    },
    { kind: 'adopting', state: run.progress.state },
  );

/** release-sql.ts: an expiry, or (which raises the attempt) a new process of the agent. */
export function release(run: ModelRun, reason: 'lease-expired' | 'agent-registered'): Step {
  const { state, stopping, attempt } = run.progress;
  const changes = { attempt: attempt + (reason === 'agent-registered' ? 1 : 0) };
  if (isSubmitted(state))
    return add(
      { ...run, orphaned: true, progress: { ...run.progress, ...changes } },
      { kind: reason, state },
    );
  const to = stopping ? 'stopped' : 'pending';
  return add({ ...moved(run, to, changes), agent: null }, { kind: reason, state: to });
}

/** heartbeat.ts: whether the lease was good; an orphan that nobody has adopted is its agent's again. */
export const renew = (run: ModelRun, agent: string, attempt: number): ModelRun | null =>
  run.agent === agent && run.progress.attempt === attempt && isInFlight(run.progress.state)
    ? { ...run, orphaned: false }
    : null;

/** stop.ts; null: nothing is changed or it is refused. */
export function stop(run: ModelRun, force: boolean): Step | null {
  const { state, stopping, attempt } = run.progress;
  if (isFinal(state)) return null;
  const forced = force && (stopping || run.orphaned);
  if (state !== 'pending' && !forced) {
    if (stopping || force) return null;
    return add({ ...run, progress: { ...run.progress, stopping: true } }, { kind: 'stop-requested', state });
  }
  const changes = {
    stopping: true,
    heldUntil: null,
    attempt: attempt + (state === 'pending' ? 0 : 1),
  };
  return add({ ...moved(run, 'stopped', changes), orphaned: false }, { kind: 'state', state: 'stopped' });
}

/** requeue.ts; null when the run has not ended. */
export function requeue(run: ModelRun): Step | null {
  if (!isFinal(run.progress.state)) return null;
  const changes = {
    execution: run.progress.execution + 1,
    retries: 0,
    preemptions: 0,
    agentSeq: 0,
    stopping: false,
  };
  return add(
    { ...moved(run, 'pending', changes), agent: null, orphaned: false },
    { kind: 'state', state: 'pending' },
  );
}

/** overdue.ts: the end of a backoff. */
export const wake = (run: ModelRun): ModelRun => ({ ...run, progress: { ...run.progress, heldUntil: null } });

/**
 * report.ts with the rules of the product.
 *
 * @throws ProblemError as these rules do
 */
export function report(
  run: ModelRun,
  attempt: number,
  events: readonly ReportedEvent[],
  policy: RetryPolicy,
): Step {
  const checked = checkEvents(
    events.map(({ seq, state, data = {} }) => ({ seq, state, data: data as never })),
  );
  const applied = applyReport(run.progress, attempt, checked, policy, NOW);
  const gone = !isInFlight(applied.run.state);
  return {
    run: { ...run, orphaned: run.orphaned && !gone, progress: applied.run },
    events: applied.events.map(({ seq, kind, state }) => ({
      seq,
      kind,
      state,
      attempt: applied.run.attempt,
    })),
  };
}

/** A move by the server, by the rules of the product. */
function moved(run: ModelRun, to: RunState, changes: Partial<RunProgress> = {}): ModelRun {
  const from = run.progress.state;
  if (!canServerMove(from, to)) throw new Error(`the server moves a run from ${from} to ${to}`);
  return { ...run, progress: { ...run.progress, ...changes, state: to } };
}

function add(run: ModelRun, event: Omit<ModelEvent, 'seq' | 'attempt'>): Step {
  const seq = run.progress.eventSeq + 1;
  return {
    run: { ...run, progress: { ...run.progress, eventSeq: seq } },
    events: [{ ...event, seq, attempt: run.progress.attempt }],
  };
}

/** What must hold of the history of a run, whatever happened; says what does not. */
export function historyProblems({ progress }: ModelRun, events: readonly ModelEvent[]): string[] {
  const problems: string[] = [];
  if (events.some(({ seq }, index) => seq !== index + 1))
    problems.push('the numbers of the events have a gap or a repetition');
  if (progress.eventSeq !== events.length)
    problems.push(`event_seq is ${progress.eventSeq}, there are ${events.length} events`);
  let state: RunState | null = null;
  let attempt = 0;
  for (const event of events) {
    if (event.attempt < attempt)
      problems.push(`event ${event.seq} is of attempt ${event.attempt} after one of ${attempt}`);
    attempt = event.attempt;
    if (event.state === null || event.state === state) continue;
    if (state !== null && !canMove(state, event.state))
      problems.push(`event ${event.seq} leads from ${state} to ${event.state}`);
    state = event.state;
  }
  if (state !== progress.state) problems.push(`the run is ${progress.state}, its last event says ${state}`);
  return problems;
}
