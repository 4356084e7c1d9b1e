import type { ResourceId, Waiting } from '@/core/wire';

/** What is known about a waiting run. Times are epoch milliseconds of the server's clock. */
export interface WaitingFacts {
  now: number;
  resource: ResourceId;
  /** As people read it: `SageMaker`. */
  resourceLabel: string;
  /** Whether an agent of this release can run the resource at all. */
  servable: boolean;
  /** The queue is paused. */
  paused: { by: string; note: string } | null;
  /** `limit` is the queue's `maxInFlight`. */
  limit: number | null;
  inFlight: number;
  /** Not to be started earlier, as its launch asked. */
  notBefore: number | null;
  /** Not to be started earlier, as it is being retried. */
  backoffUntil: number | null;
  /** 1 for the next run of its queue; null when it is not known or the run is not in line. */
  position: number | null;
  /** Runs waiting in the queue, this one included. */
  waiting: number | null;
  agents: {
    /** Online agents that serve the queue, the paused ones included. */
    online: number;
    /** Of those, how many are paused or draining: they take no work. */
    paused: number;
    /** Runs that all of them may have at once; null when one of them has no limit. */
    slots: number | null;
    busy: number;
    everHad: boolean;
    lastSeenAt: number | null;
    /** The only online agent, to name it when its own limit is what holds the run up. */
    only: { name: string; maxJobs: number } | null;
  };
  /** Submitted, but its agent is gone; `hostName` when only that host can take it again. */
  orphaned: { hostName: string | null } | null;
  /** Median of the last intervals between two starts of the queue, seconds; null when too little is known. */
  medianStartSeconds: number | null;
}

/** The one sentence that says why a run waits, used by lists, run page and command line alike. The first reason that holds is told. */
export function whyWaiting(facts: WaitingFacts): Waiting {
  const { position, agents } = facts;
  const say = (
    reason: Waiting['reason'],
    message: string,
    estimateSeconds: number | null = null,
  ): Waiting => ({
    reason,
    message,
    position,
    ahead: position === null ? null : position - 1,
    estimateSeconds,
  });

  if (facts.orphaned !== null) {
    return facts.orphaned.hostName === null
      ? say('awaiting-adoption', 'Its agent is gone; the next agent of this queue takes it over')
      : say(
          'awaiting-host',
          `Its agent is gone; only an agent on ${facts.orphaned.hostName} can take it over`,
        );
  }
  if (!facts.servable)
    return say('no-runner', `No agent of this release runs ${facts.resourceLabel} queues yet`);
  if (facts.paused !== null) return say('paused', pausedMessage(facts.paused));
  if (facts.notBefore !== null && facts.notBefore > facts.now) {
    return say(
      'not-before',
      `Not before ${utc(facts.notBefore, facts.now)}`,
      secondsUntil(facts.notBefore, facts.now),
    );
  }
  if (facts.backoffUntil !== null && facts.backoffUntil > facts.now) {
    return say(
      'backoff',
      `Tried again at ${utc(facts.backoffUntil, facts.now)}`,
      secondsUntil(facts.backoffUntil, facts.now),
    );
  }
  if (agents.online === 0) {
    if (!agents.everHad) return say('never-had-agent', 'This queue never had an agent');
    return say(
      'no-agent',
      agents.lastSeenAt === null
        ? 'No agent for this queue'
        : `No agent for this queue since ${utc(agents.lastSeenAt, facts.now)}`,
    );
  }
  if (agents.paused >= agents.online)
    return say(
      'agents-paused',
      agents.online === 1
        ? 'The only agent of this queue is paused'
        : `All ${agents.online} agents of this queue are paused`,
    );

  const estimate =
    position === null || facts.medianStartSeconds === null ? null : position * facts.medianStartSeconds;
  const tail = estimate === null ? '' : `; usually starts in about ${duration(estimate)}`;
  if (facts.limit !== null && facts.inFlight >= facts.limit) {
    return say(
      'limit',
      `${place(facts, '; ')}${facts.position === null ? 'Limit' : 'limit'} reached: ${facts.inFlight} of ${facts.limit} in flight${tail}`,
      estimate,
    );
  }
  const full = agents.slots !== null && agents.busy >= agents.slots;
  const capacity = `${agents.online} ${agents.online === 1 ? 'agent' : 'agents'} online${full ? `, ${busyPhrase(agents)}` : ''}`;
  return say(full ? 'agents-busy' : 'ready', `${place(facts, '; ')}${capacity}${tail}`, estimate);
}

function busyPhrase(agents: WaitingFacts['agents']): string {
  if (agents.only !== null)
    return `${agents.only.name} runs ${agents.busy} of ${agents.only.maxJobs} (max_jobs)`;
  return 'all slots busy';
}

function pausedMessage(paused: { by: string; note: string }): string {
  return paused.note === '' ? `Paused by ${paused.by}` : `Paused by ${paused.by}: ${paused.note}`;
}

/** `4th of 12`, and `end`; nothing when the place is not known. */
function place(facts: WaitingFacts, end: string): string {
  if (facts.position === null) return '';
  if (facts.waiting === null || facts.waiting < facts.position)
    return `${ordinal(facts.position)} in line${end}`;
  return `${ordinal(facts.position)} of ${facts.waiting}${end}`;
}

function ordinal(value: number): string {
  const tens = value % 100;
  const suffix = tens >= 11 && tens <= 13 ? 'th' : (['th', 'st', 'nd', 'rd'][value % 10] ?? 'th');
  return `${value}${suffix}`;
}

/** `14:02 UTC`, with the date when it is not today's. */
function utc(time: number, now: number): string {
  const text = new Date(time).toISOString();
  const clock = `${text.slice(11, 16)} UTC`;
  const day = text.slice(0, 10);
  return day === new Date(now).toISOString().slice(0, 10) ? clock : `${day} ${clock}`;
}

const secondsUntil = (time: number, now: number) => Math.max(0, Math.round((time - now) / 1000));

/** A length of time in words, in the largest unit that fits: `40 s`, `6 min`, `2 h`, `3 days`. */
function duration(seconds: number): string {
  if (seconds < 90) return `${Math.max(1, Math.round(seconds))} s`;
  if (seconds < 90 * 60) return `${Math.round(seconds / 60)} min`;
  if (seconds < 36 * 3600) return `${Math.round(seconds / 3600)} h`;
  return `${Math.round(seconds / 86_400)} days`;
}
