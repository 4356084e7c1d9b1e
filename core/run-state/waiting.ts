import type { ResourceId, Waiting } from '@/core/wire';
import {
  allPausedPhrase,
  counted,
  duration,
  noAgentPhrase,
  noRunnerPhrase,
  ordinal,
  pausedPhrase,
  secretsPhrase,
  utc,
} from './phrases';

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
  /** Secrets of the queue that the server cannot open: its runs are not handed out without them. */
  closedSecrets: readonly string[];
  /** `limit` is the queue's `maxInFlight`. */
  limit: number | null;
  inFlight: number;
  /** Not to be started earlier, as its launch asked. */
  notBefore: number | null;
  /** Not to be started earlier, as it is being retried. */
  backoffUntil: number | null;
  /** 1 for the next run of its queue; null when it is not known or the run is not in line. */
  position: number | null;
  /** How many people's runs are before it; null when it is not known. */
  peopleAhead: number | null;
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
  /** The last runs of the queue that ended, when all of them failed; 0 otherwise. */
  failedInARow: number;
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
    peopleAhead: position === null ? null : facts.peopleAhead,
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
  if (!facts.servable) return say('no-runner', noRunnerPhrase(facts.resourceLabel));
  if (facts.paused !== null) return say('paused', pausedPhrase(facts.paused));
  if (facts.closedSecrets.length > 0) return say('secrets-closed', secretsPhrase(facts.closedSecrets));
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
  if (agents.online === 0)
    return say(agents.everHad ? 'no-agent' : 'never-had-agent', noAgentPhrase(agents, facts.now));
  if (agents.paused >= agents.online) return say('agents-paused', allPausedPhrase(agents.online));

  const estimate =
    position === null || facts.medianStartSeconds === null ? null : position * facts.medianStartSeconds;
  const tail = `${estimate === null ? '' : `; usually starts in about ${duration(estimate)}`}${
    facts.failedInARow > 0 ? `; the last ${facts.failedInARow} runs failed` : ''
  }`;
  if (facts.limit !== null && facts.inFlight >= facts.limit) {
    const limit = `imit reached: ${facts.inFlight} of ${facts.limit} in flight`;
    return say('limit', `${position === null ? 'L' : `${place(facts)}; l`}${limit}${tail}`, estimate);
  }
  const full = agents.slots !== null && agents.busy >= agents.slots;
  const capacity = `${counted(agents.online, 'agent')} online${full ? `, ${busyPhrase(agents)}` : ''}`;
  const line = position === null ? '' : `${place(facts)}; `;
  return say(full ? 'agents-busy' : 'ready', `${line}${capacity}${tail}`, estimate);
}

function busyPhrase(agents: WaitingFacts['agents']): string {
  if (agents.only === null) return 'all slots busy';
  const { name, maxJobs } = agents.only;
  // One slot is what agents come with: the setting is named, since nothing else says why a second run does not start.
  return maxJobs === 1
    ? `agent ${name} has max_jobs 1`
    : `${name} runs ${agents.busy} of ${maxJobs} (max_jobs)`;
}

/** `4th of 12`, and whose runs are before it when they are of several people. */
function place({ position, waiting, peopleAhead }: WaitingFacts): string {
  if (position === null) return '';
  const known = waiting !== null && waiting >= position;
  const people = peopleAhead !== null && peopleAhead > 1 ? ` (${peopleAhead} people ahead)` : '';
  return `${ordinal(position)} ${known ? `of ${waiting}` : 'in line'}${people}`;
}

const secondsUntil = (time: number, now: number) => Math.max(0, Math.round((time - now) / 1000));
