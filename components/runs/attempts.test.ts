import { describe, expect, it } from 'vitest';
import type { RunEvent, RunState } from '@/core/wire';
import { attemptsOf, segmentSeconds, usualSeconds } from './attempts';

const at = (second: number) => new Date(second * 1000).toISOString();
let seq = 0;
const event = (second: number, state: RunState | null, rest: Partial<RunEvent> = {}): RunEvent => ({
  seq: (seq += 1),
  at: at(second),
  attempt: 1,
  actor: 'system',
  kind: 'state',
  state,
  data: null,
  ...rest,
});
const told = (events: RunEvent[], now = 0) =>
  attemptsOf(events).map(({ segments, end, marks }) => ({
    phases: segments.map((segment) => `${segment.name} ${segmentSeconds(segment, now)}`),
    end,
    marks: marks.map((mark) => mark.text),
  }));

describe('attemptsOf', () => {
  it('tells one attempt with its phases, the last of them open', () => {
    const events = [event(0, 'pending'), event(10, 'leased'), event(12, 'building'), event(40, 'starting')];
    expect(told(events, 45_000)).toEqual([
      { phases: ['Waiting 10', 'Preparing 2', 'Building 28', 'Starting 5'], end: null, marks: [] },
    ]);
  });

  it('begins anew when the run goes back to its queue, and marks what stood out', () => {
    const events = [
      ...[event(0, 'pending'), event(1, 'leased'), event(2, 'starting'), event(3, 'running')],
      event(4, null, { kind: 'adopted', actor: 'agent:gpu-2' }),
      ...[event(9, 'preempted'), event(9, 'pending'), event(20, 'leased'), event(21, 'starting')],
      ...[event(22, 'running'), event(30, 'finished')],
    ];
    expect(told(events)).toEqual([
      {
        phases: ['Waiting 1', 'Preparing 1', 'Starting 1', 'Running 6'],
        end: 'preempted',
        marks: ['adopted by gpu-2'],
      },
      { phases: ['Waiting 11', 'Preparing 1', 'Starting 1', 'Running 8'], end: 'finished', marks: [] },
    ]);
  });

  it('knows an attempt that was put back before anything was submitted', () => {
    const events = [event(0, 'pending'), event(1, 'leased'), event(5, 'pending')];
    expect(told(events, 7000)).toEqual([
      { phases: ['Waiting 1', 'Preparing 4'], end: 'pending', marks: [] },
      { phases: ['Waiting 2'], end: null, marks: [] },
    ]);
  });
});

it('takes the median of what is known, and nothing of too little', () => {
  const run = (waited: number) => ({
    ...{ createdAt: at(0), notBefore: null, leasedAt: at(waited) },
    ...{ submittedAt: null, startedAt: null, endedAt: null },
  });
  expect(usualSeconds([run(5), run(100), run(7)])).toEqual({ Waiting: 7 });
  expect(usualSeconds([run(5)]).Waiting).toBeUndefined();
});
