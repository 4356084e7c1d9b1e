import type { RunState } from '@/core/wire';

/** States of a run that an agent has. They count against the limit of a queue. */
export const IN_FLIGHT = ['leased', 'building', 'starting', 'running'] as const satisfies readonly RunState[];
/** States that a run leaves only by being requeued. */
export const FINAL = ['finished', 'failed', 'stopped'] as const satisfies readonly RunState[];
/** In flight and handed to the resource (or about to be): such a run is adopted, never blindly put back. */
export const SUBMITTED = ['starting', 'running'] as const satisfies readonly RunState[];

const has = (states: readonly RunState[], state: RunState) => states.includes(state);
export const isFinal = (state: RunState): boolean => has(FINAL, state);
export const isInFlight = (state: RunState): boolean => has(IN_FLIGHT, state);
export const isSubmitted = (state: RunState): boolean => has(SUBMITTED, state);

type Moves = Record<RunState, readonly RunState[]>;

/**
 * What the agent that holds the lease may report. States may be passed over (an image run has no `building`; a very short one may
 * never be seen `running`) and are never walked back.
 */
const AGENT_MOVES: Moves = {
  pending: [],
  leased: ['building', 'starting', 'running', 'finished', 'failed', 'stopped', 'preempted'],
  building: ['starting', 'running', 'finished', 'failed', 'stopped', 'preempted'],
  starting: ['running', 'finished', 'failed', 'stopped', 'preempted'],
  running: ['finished', 'failed', 'stopped', 'preempted'],
  finished: [],
  failed: [],
  stopped: [],
  preempted: [],
};

/**
 * What the server does by itself: gives out leases; takes back what was not yet submitted when a lease runs out; puts preempted,
 * retried and requeued runs back; stops what no agent has; gives up runs whose agent or host does not come back.
 */
const SERVER_MOVES: Moves = {
  pending: ['leased', 'stopped', 'failed'],
  leased: ['pending', 'stopped', 'failed'],
  building: ['pending', 'stopped', 'failed'],
  starting: ['failed', 'stopped'],
  running: ['failed', 'stopped'],
  finished: ['pending'],
  failed: ['pending'],
  stopped: ['pending'],
  preempted: ['pending', 'failed', 'stopped'],
};

/** Whether an agent may report `to` for a run in state `from`. The same state again is no move: a repeated report changes nothing. */
export const canReport = (from: RunState, to: RunState): boolean => has(AGENT_MOVES[from], to);
/** Whether the server may move a run by itself. */
export const canServerMove = (from: RunState, to: RunState): boolean => has(SERVER_MOVES[from], to);
/** Whether anyone may move a run from one state to the other. */
export const canMove = (from: RunState, to: RunState): boolean =>
  canReport(from, to) || canServerMove(from, to);

/** The states as people read them. */
export const STATE_LABELS: Record<RunState, string> = {
  pending: 'Pending',
  leased: 'Leased',
  building: 'Building',
  starting: 'Starting',
  running: 'Running',
  finished: 'Finished',
  failed: 'Failed',
  stopped: 'Stopped',
  preempted: 'Preempted',
};
