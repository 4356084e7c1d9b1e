import { describe, expect, it } from 'vitest';
import { isFinal } from '@/core/run-state';
import { explore } from './testing/explore';
import type { Exploration } from './testing/explore';
import { next, textOf } from './testing/lease-model';
import type { Budget, Guards, World } from './testing/lease-model';
import { newRun } from './testing/protocol';

const ALL: Guards = { fencing: true, adoption: true, leftovers: true, hints: true };
const NOTHING_BAD: Budget = { slow: 0, answers: 0, crashes: 0, stops: 0, failures: 0, messages: 0 };

/** Two agents and two runs, in every order there is, with so much going wrong. */
function walk(bad: Partial<Budget>, guards: Partial<Guards> = {}): Exploration {
  const start: World = {
    runs: ['a', 'b'].map((id) => newRun(id).run),
    jobs: [null, null],
    created: [0, 0],
    agents: [
      { alive: true, task: null },
      { alive: true, task: null },
    ],
    floor: 0,
    left: { ...NOTHING_BAD, ...bad },
    wrong: null,
  };
  return explore<World>({
    start,
    next: (world) => next(world, { ...ALL, ...guards }),
    textOf,
    wrong: ({ wrong }) => wrong,
    done: ({ runs }) => runs.every(({ progress }) => isFinal(progress.state)),
  });
}

describe('the lease protocol, in every order that two agents and two runs allow', () => {
  it.each<[string, Partial<Budget>]>([
    ['nothing bad', {}],
    ['leases that run out', { slow: 2 }],
    ['answers that are lost', { answers: 2 }],
    ['agents that die', { crashes: 2 }],
    ['stops', { stops: 2 }],
    ['programs that are tried again', { failures: 2 }],
    ['a frozen agent and a program that is tried again', { slow: 1, failures: 1 }],
    ['a frozen agent and a lost answer', { slow: 1, answers: 1 }],
    ['a frozen agent and a stop', { slow: 1, stops: 1 }],
    ['a crash and a lost answer', { crashes: 1, answers: 1 }],
    ['a lost message', { slow: 1, messages: 1 }],
  ])('holds with %s', (_, bad) => {
    const found = walk(bad);
    expect(found.violation).toBeNull();
    expect(found.states).toBeGreaterThan(100);
  });

  it.each<[keyof Guards, Partial<Budget>, string]>([
    ['fencing', { slow: 1 }, 'was accepted after attempt'],
    ['adoption', { slow: 1 }, 'was submitted twice'],
    ['leftovers', { slow: 1 }, 'a run failed although its program did not'],
    ['hints', { slow: 1, messages: 1 }, 'was given nothing'],
  ])('does not hold without %s', (guard, bad, wrong) => {
    const { violation } = walk(bad, { [guard]: false });
    expect(violation?.wrong).toContain(wrong);
    expect(violation?.steps.length, violation?.steps.join('\n')).toBeLessThan(10);
  });
});
