import { refused } from '@/core/problems';

const HOUR = 3600;
const DAY = 86_400;
const DEFAULT_RANGE_SECONDS = DAY;
const MAX_RANGE_SECONDS = 92 * DAY;
/** Up to this length the runs themselves are counted; beyond, the hours that the worker has added up. */
const EXACT_RANGE_SECONDS = 4 * DAY;
/** Points of one answer; without a step the range is cut into about a hundred. */
const MAX_POINTS = 1000;
const DEFAULT_POINTS = 96;
/** Steps of long ranges: whole hours that people count in. */
const LONG_STEPS = [1, 2, 3, 4, 6, 8, 12, 24, 48].map((hours) => hours * HOUR);

export interface Range {
  from: Date;
  to: Date;
  /** Seconds. */
  step: number;
  points: number;
  /** Counted run by run, to the second; else from the hours, and both ends are whole hours. */
  exact: boolean;
}

/** @throws ProblemError refused, for an empty range, one over 92 days, or too many steps */
export function rangeOf(input: { from?: string; to?: string; step?: number }, nowMs: number): Range {
  const to = input.to === undefined ? new Date(nowMs) : new Date(input.to);
  const from =
    input.from === undefined ? new Date(to.getTime() - DEFAULT_RANGE_SECONDS * 1000) : new Date(input.from);
  const seconds = (to.getTime() - from.getTime()) / 1000;
  if (seconds <= 0)
    throw refused('The range is empty: from must be before to.', [
      { path: 'from', message: 'must be before to' },
    ]);
  if (seconds > MAX_RANGE_SECONDS)
    throw refused('The range is longer than 92 days.', [
      { path: 'from', message: 'must be within 92 days of to' },
    ]);
  const wanted = input.step ?? Math.max(1, Math.ceil(seconds / DEFAULT_POINTS));
  if (Math.ceil(seconds / wanted) > MAX_POINTS) {
    const least = Math.ceil(seconds / MAX_POINTS);
    throw refused(`The range has ${Math.ceil(seconds / wanted)} steps; ${MAX_POINTS} are the most.`, [
      { path: 'step', message: `must be at least ${least} for this range` },
    ]);
  }
  if (seconds <= EXACT_RANGE_SECONDS)
    return { from, to, step: wanted, points: Math.ceil(seconds / wanted), exact: true };
  const step = LONG_STEPS.find((each) => each >= wanted) ?? 48 * HOUR;
  const whole = (time: number, round: (n: number) => number) => round(time / (HOUR * 1000)) * HOUR * 1000;
  const start = whole(from.getTime(), Math.floor);
  const end = whole(to.getTime(), Math.ceil);
  return {
    from: new Date(start),
    to: new Date(end),
    step,
    points: Math.ceil((end - start) / 1000 / step),
    exact: false,
  };
}
