import { describe, expect, it } from 'vitest';
import { phaseSeconds, phasesOf } from './phases';

const at = (second: number) => new Date(second * 1000).toISOString();
const run = {
  state: 'pending' as const,
  createdAt: at(0),
  leasedAt: null,
  submittedAt: null,
  startedAt: null,
  endedAt: null,
};

describe('phasesOf', () => {
  it('gives one open phase while a run waits', () => {
    expect(phasesOf(run)).toEqual([{ name: 'Waiting', from: at(0), to: null }]);
  });

  it('closes each phase where the next begins, and the last at the end', () => {
    const phases = phasesOf({
      ...run,
      state: 'finished',
      leasedAt: at(10),
      submittedAt: at(12),
      startedAt: at(15),
      endedAt: at(75),
    });
    expect(phases.map((phase) => [phase.name, phaseSeconds(phase, 0)])).toEqual([
      ['Waiting', 10],
      ['Preparing', 2],
      ['Starting', 3],
      ['Running', 60],
    ]);
  });

  it('leaves out what a run that failed early never came to', () => {
    expect(
      phasesOf({ ...run, state: 'failed', leasedAt: at(5), endedAt: at(8) }).map((phase) => phase.name),
    ).toEqual(['Waiting', 'Preparing']);
  });

  it('counts an open phase up to now', () => {
    expect(phaseSeconds({ name: 'Running', from: at(5), to: null }, 9000)).toBe(4);
  });
});
