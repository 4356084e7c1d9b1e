import { isFinal } from '@/core/run-state';
import type { Run } from '@/core/wire';

export interface Phase {
  name: 'Waiting' | 'Preparing' | 'Starting' | 'Running';
  from: string;
  /** Null while it lasts. */
  to: string | null;
}

type Times = Pick<Run, 'state' | 'createdAt' | 'leasedAt' | 'submittedAt' | 'startedAt' | 'endedAt'>;

/** The way of a run so far in its last execution: waiting, preparing (leased, image built), starting, running. A phase it never came to is left out. */
export function phasesOf(run: Times): Phase[] {
  const marks: { name: Phase['name']; from: string | null }[] = [
    { name: 'Waiting', from: run.createdAt },
    { name: 'Preparing', from: run.leasedAt },
    { name: 'Starting', from: run.submittedAt },
    { name: 'Running', from: run.startedAt },
  ];
  const begun = marks.filter((mark): mark is { name: Phase['name']; from: string } => mark.from !== null);
  const end = isFinal(run.state) ? (run.endedAt ?? begun.at(-1)?.from ?? null) : null;
  return begun.map((mark, index) => ({ ...mark, to: begun[index + 1]?.from ?? end }));
}

/** Length of a phase, seconds; `now` in milliseconds. */
export const phaseSeconds = ({ from, to }: Phase, now: number): number =>
  Math.max(0, ((to === null ? now : Date.parse(to)) - Date.parse(from)) / 1000);
