import { describe, expect, it } from 'vitest';
import { whyWaiting } from '.';
import type { WaitingFacts } from '.';

const now = Date.parse('2026-08-20T15:00:00Z');
const at = (clock: string) => Date.parse(`2026-08-20T${clock}:00Z`);
type Changes = Partial<Omit<WaitingFacts, 'agents'>> & { agents?: Partial<WaitingFacts['agents']> };
const facts = ({ agents, ...changes }: Changes = {}): WaitingFacts => ({
  now,
  resource: 'local-container',
  resourceLabel: 'Docker',
  servable: true,
  paused: null,
  closedSecrets: [],
  limit: null,
  inFlight: 0,
  notBefore: null,
  backoffUntil: null,
  position: 4,
  peopleAhead: 1,
  waiting: 12,
  failedInARow: 0,
  orphaned: null,
  medianStartSeconds: null,
  ...changes,
  agents: {
    online: 3,
    paused: 0,
    slots: 6,
    busy: 6,
    everHad: true,
    lastSeenAt: at('14:59'),
    only: null,
    ...agents,
  },
});
const say = (changes: Changes) => whyWaiting(facts(changes)).message;

describe('whyWaiting', () => {
  it('tells place, capacity and estimate', () => {
    expect(whyWaiting(facts({ medianStartSeconds: 90 }))).toEqual({
      reason: 'agents-busy',
      message: '4th of 12; 3 agents online, all slots busy; usually starts in about 6 min',
      position: 4,
      ahead: 3,
      peopleAhead: 1,
      estimateSeconds: 360,
    });
  });
  it.each<[Changes, string, string]>([
    [{ agents: { busy: 2 } }, 'ready', '4th of 12; 3 agents online'],
    [{ agents: { slots: null, busy: 50 }, position: null }, 'ready', '3 agents online'],
    [
      { agents: { online: 1, slots: 1, busy: 1, only: { name: 'gpu-1', maxJobs: 1 } } },
      'agents-busy',
      '4th of 12; 1 agent online, agent gpu-1 has max_jobs 1',
    ],
    [
      { agents: { online: 1, slots: 4, busy: 4, only: { name: 'gpu-1', maxJobs: 4 } } },
      'agents-busy',
      '4th of 12; 1 agent online, gpu-1 runs 4 of 4 (max_jobs)',
    ],
    [{ agents: { busy: 0 }, peopleAhead: 3 }, 'ready', '4th of 12 (3 people ahead); 3 agents online'],
    [{ agents: { busy: 0 }, waiting: null }, 'ready', '4th in line; 3 agents online'],
    [
      { agents: { busy: 0 }, failedInARow: 5, medianStartSeconds: 30 },
      'ready',
      '4th of 12; 3 agents online; usually starts in about 2 min; the last 5 runs failed',
    ],
    [{ agents: { online: 1, paused: 1 } }, 'agents-paused', 'The only agent of this queue is paused'],
    [{ agents: { online: 0, lastSeenAt: null } }, 'no-agent', 'No agent for this queue'],
    [
      { closedSecrets: ['HF_TOKEN'] },
      'secrets-closed',
      'The server cannot open a secret of this queue (HF_TOKEN): its key is missing or the entry was changed',
    ],
    [
      { closedSecrets: ['A', 'B', 'C', 'D', 'E'] },
      'secrets-closed',
      'The server cannot open secrets of this queue (A, B, C and 2 more): its key is missing or the entry was changed',
    ],
    [
      { agents: { online: 0, lastSeenAt: at('14:02') } },
      'no-agent',
      'No agent for this queue since 14:02 UTC',
    ],
    [
      { agents: { online: 0, lastSeenAt: Date.parse('2026-08-18T09:30:00Z') } },
      'no-agent',
      'No agent for this queue since 2026-08-18 09:30 UTC',
    ],
    [{ agents: { online: 0, everHad: false } }, 'never-had-agent', 'This queue never had an agent'],
    [{ agents: { paused: 3 } }, 'agents-paused', 'All 3 agents of this queue are paused'],
    [{ paused: { by: 'admin', note: 'GPU driver update' } }, 'paused', 'Paused by admin: GPU driver update'],
    [{ paused: { by: 'admin', note: '' } }, 'paused', 'Paused by admin'],
    [{ limit: 8, inFlight: 8 }, 'limit', '4th of 12; limit reached: 8 of 8 in flight'],
    [{ limit: 8, inFlight: 8, position: null }, 'limit', 'Limit reached: 8 of 8 in flight'],
    [{ notBefore: at('18:00') }, 'not-before', 'Not before 18:00 UTC'],
    [{ backoffUntil: at('15:10') }, 'backoff', 'Tried again at 15:10 UTC'],
    [
      { servable: false, resourceLabel: 'SageMaker' },
      'no-runner',
      'No agent of this release runs SageMaker queues yet',
    ],
    [
      { orphaned: { hostName: 'gpu-1' } },
      'awaiting-host',
      'Its agent is gone; only an agent on gpu-1 can take it over',
    ],
    [
      { orphaned: { hostName: null } },
      'awaiting-adoption',
      'Its agent is gone; the next agent of this queue takes it over',
    ],
  ])('%j', (changes, reason, message) => {
    expect(whyWaiting(facts(changes))).toMatchObject({ reason, message });
  });
  it('forgets a time that has passed', () => {
    expect(say({ notBefore: at('14:00'), backoffUntil: at('14:30'), agents: { busy: 0 } })).toBe(
      '4th of 12; 3 agents online',
    );
  });
  it('counts as people do', () => {
    const places = [1, 2, 3, 11, 12, 13, 21, 112].map(
      (position) => say({ position, waiting: 200 }).split(' ')[0],
    );
    expect(places).toEqual(['1st', '2nd', '3rd', '11th', '12th', '13th', '21st', '112th']);
  });
  it('knows when a start is set, and nothing of places where there are none', () => {
    expect(whyWaiting(facts({ notBefore: at('15:10') }))).toMatchObject({ estimateSeconds: 600 });
    expect(whyWaiting(facts({ position: null }))).toMatchObject({
      position: null,
      ahead: null,
      peopleAhead: null,
      estimateSeconds: null,
    });
  });
  it.each([
    [30, '2 min'],
    [3600, '4 h'],
    [40_000, '2 days'],
    [5, '20 s'],
  ])('tells a median of %d s by the place in line', (medianStartSeconds, words) => {
    expect(say({ medianStartSeconds })).toContain(`usually starts in about ${words}`);
  });
});
