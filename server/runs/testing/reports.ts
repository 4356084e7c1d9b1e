import fc from 'fast-check';
import type { ReportedEvent } from './protocol';

const failures = [
  { phase: 'run', category: 'user-error', message: 'exit 1', exitCode: 1 },
  { phase: 'run', category: 'user-error', message: 'exit 75', exitCode: 75 },
  { phase: 'run', category: 'oom', message: 'out of memory', exitCode: 137 },
];
const said = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.constantFrom<Omit<ReportedEvent, 'seq'>>(
      { state: 'building' },
      { state: 'starting', data: { externalRef: 'job' } },
      { state: 'running' },
      { state: 'finished', data: { exitCode: 0 } },
      { state: 'stopped' },
      { state: 'preempted', data: { reason: 'spot' } },
      { data: { kind: 'adopted', externalRef: 'job' } },
      { data: { kind: 'warning', reason: 'Slow', message: 'it is' } },
    ),
  },
  { weight: 2, arbitrary: fc.constantFrom(...failures).map((data) => ({ state: 'failed' as const, data })) },
);

/** `shift` 1 leaves an event out, -1 says one again; `of` counts back from the newest lease. */
export interface ModelReport {
  of: number;
  shift: number;
  says: Omit<ReportedEvent, 'seq'>[];
}

/** Mostly the next events of the newest lease; also of older ones, said before, or with a gap. */
export const reportArbitrary: fc.Arbitrary<ModelReport> = fc.record({
  of: fc.oneof({ weight: 4, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.nat(5) }),
  shift: fc.oneof(
    { weight: 6, arbitrary: fc.constant(0) },
    { weight: 1, arbitrary: fc.constant(1) },
    { weight: 1, arbitrary: fc.constant(-1) },
  ),
  says: fc.array(said, { minLength: 1, maxLength: 3 }),
});

/** The events with their numbers, when `accepted` of the lease were taken before. */
export const numbered = ({ shift, says }: ModelReport, accepted: number): ReportedEvent[] =>
  says.map((event, index) => ({ ...event, seq: Math.max(1, accepted + 1 + shift) + index }));
