import { describe, expect, it } from 'vitest';
import { queueCondition, queueSentence } from '.';
import type { QueueFacts } from '.';

const now = Date.parse('2026-08-20T15:00:00Z');
type Changes = Partial<Omit<Facts, 'agents'>> & { agents?: Partial<QueueFacts['agents']> };
type Facts = Parameters<typeof queueSentence>[0];
const queue = ({ agents, ...changes }: Changes = {}): Facts => ({
  paused: null,
  servable: true,
  closedSecrets: [],
  failing: false,
  maxInFlight: null,
  counts: { waiting: 2, inFlight: 1 },
  ...changes,
  agents: {
    online: 2,
    paused: 0,
    busy: 1,
    slots: 4,
    everHad: true,
    lastSeenAt: '2026-08-20T14:02:00Z',
    ...agents,
  },
});

describe('the state of a queue', () => {
  it.each<[Changes, string, string]>([
    [{}, 'active', '2 agents online, 1 of 4 slots busy; 2 runs wait.'],
    [{ agents: { slots: null } }, 'active', '2 agents online, 1 busy, no limit; 2 runs wait.'],
    [
      { maxInFlight: 1, counts: { waiting: 1, inFlight: 1 } },
      'active',
      '2 agents online, 1 of 4 slots busy; limit reached: 1 of 1 in flight; 1 run waits.',
    ],
    [
      { paused: { at: '2026-08-20T12:00:00Z', by: 'ada', note: 'GPU driver update' } },
      'paused',
      'Paused by ada: GPU driver update; 2 runs wait, what is launched waits until it is resumed.',
    ],
    [
      { servable: false, agents: { online: 0 } },
      'unserved',
      'No agent of this release runs SageMaker queues yet. Launches can be previewed and wait.',
    ],
    [
      { agents: { online: 0 }, counts: { waiting: 0, inFlight: 0 } },
      'no-agent',
      'No agent for this queue since 14:02 UTC; nothing waits.',
    ],
    [
      { agents: { online: 0, everHad: false, lastSeenAt: null } },
      'no-agent',
      'This queue never had an agent; 2 runs wait.',
    ],
    [{ agents: { paused: 2 } }, 'agents-paused', 'All 2 agents of this queue are paused; 2 runs wait.'],
    [
      { closedSecrets: ['TOKEN'] },
      'blocked',
      'The server cannot open a secret of this queue (TOKEN): its key is missing or the entry was changed. No run starts until an admin has set it again; 2 runs wait.',
    ],
    [
      { failing: true },
      'failing',
      '2 agents online, 1 of 4 slots busy; the last runs all failed; 2 runs wait.',
    ],
  ])('%j is %s', (changes, state, sentence) => {
    expect(queueCondition(queue(changes))).toBe(state);
    expect(queueSentence(queue(changes), 'SageMaker', now)).toBe(sentence);
  });

  it('tells the reason that keeps runs from starting before the others', () => {
    const all = queue({
      paused: { at: '2026-08-20T12:00:00Z', by: 'ada', note: '' },
      closedSecrets: ['A'],
      failing: true,
      agents: { online: 0 },
    });
    expect(queueCondition(all)).toBe('paused');
    expect(queueCondition({ ...all, paused: null })).toBe('blocked');
    expect(queueCondition({ ...all, paused: null, closedSecrets: [] })).toBe('no-agent');
  });
});
