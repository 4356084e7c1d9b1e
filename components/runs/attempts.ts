import type { RunEvent, RunState } from '@/core/wire';

export type SegmentName = 'Waiting' | 'Preparing' | 'Building' | 'Starting' | 'Running';
export interface Segment {
  name: SegmentName;
  from: string;
  /** Null while it lasts. */
  to: string | null;
}
export interface Attempt {
  /** From 1; an execution that a lost agent and the one after it shared is one. */
  number: number;
  segments: Segment[];
  /** How it ended; null while it lasts. `pending`: it was put back before anything was submitted. */
  end: RunState | null;
  /** What else happened in it, in words: "adopted by gpu-2". */
  marks: { text: string; at: string }[];
}

const NAMES: Partial<Record<RunState, SegmentName>> = {
  pending: 'Waiting',
  leased: 'Preparing',
  building: 'Building',
  starting: 'Starting',
  running: 'Running',
};
const MARKS: Record<string, (actor: string) => string> = {
  adopted: (actor) => `adopted by ${actor}`,
  'lease-expired': () => 'its agent was lost',
  'stop-requested': (actor) => `${actor} asked to stop it`,
};
const nameOf = (actor: string) => actor.replace(/^(user|agent):/, '');

/** The life of a run by attempt, out of its events: which phase lasted how long, and what stood out. */
export function attemptsOf(events: readonly RunEvent[]): Attempt[] {
  const attempts: Attempt[] = [];
  let open: Attempt | undefined;
  const close = (at: string) => {
    const last = open?.segments.at(-1);
    if (last?.to === null) last.to = at;
  };
  for (const { state, kind, at, actor } of events) {
    if (state === null) {
      const words = MARKS[kind];
      if (words && open) open.marks.push({ text: words(nameOf(actor)), at });
      continue;
    }
    const name = NAMES[state];
    if (state === 'pending' && open !== undefined && open.segments.some((each) => each.name !== 'Waiting')) {
      close(at);
      open.end ??= 'pending';
      open = undefined;
    }
    if (open === undefined || (open.end !== null && name !== undefined)) {
      open = { number: attempts.length + 1, segments: [], end: null, marks: [] };
      attempts.push(open);
    }
    if (open.segments.at(-1)?.name !== name) close(at);
    if (name !== undefined) {
      if (open.segments.at(-1)?.name !== name) open.segments.push({ name, from: at, to: null });
    } else open.end = state;
  }
  return attempts;
}

/** Length of a segment, seconds; `now` in milliseconds. */
export const segmentSeconds = ({ from, to }: Segment, now: number): number =>
  Math.max(0, ((to === null ? now : Date.parse(to)) - Date.parse(from)) / 1000);

interface Times {
  createdAt: string;
  notBefore: string | null;
  leasedAt: string | null;
  submittedAt: string | null;
  startedAt: string | null;
  endedAt: string | null;
}

/** How long each phase usually takes: medians over runs that have ended, seconds. Less than three runs tell nothing. */
export function usualSeconds(runs: readonly Times[]): Partial<Record<SegmentName, number>> {
  const between = (from: (run: Times) => string | null, to: (run: Times) => string | null) => {
    const lengths = runs
      .flatMap((run) => {
        const [a, b] = [from(run), to(run)];
        return a === null || b === null ? [] : [(Date.parse(b) - Date.parse(a)) / 1000];
      })
      .sort((a, b) => a - b);
    return lengths.length < 3 ? undefined : lengths[Math.floor(lengths.length / 2)];
  };
  const known = {
    Waiting: between(
      (run) => run.notBefore ?? run.createdAt,
      (run) => run.leasedAt,
    ),
    Preparing: between(
      (run) => run.leasedAt,
      (run) => run.submittedAt,
    ),
    Starting: between(
      (run) => run.submittedAt,
      (run) => run.startedAt,
    ),
    Running: between(
      (run) => run.startedAt,
      (run) => run.endedAt,
    ),
  };
  return Object.fromEntries(Object.entries(known).filter(([, seconds]) => seconds !== undefined));
}
