'use client';
import { useQuery } from '@tanstack/react-query';
import { isFinal } from '@/core/run-state';
import type { Run, RunState } from '@/core/wire';
import { useNow } from '../lib/clock';
import { cn } from '../lib/cn';
import { formatDuration } from '../lib/format';
import { RUN_STATE_LOOK } from '../ui/state-badge';
import { attemptsOf, segmentSeconds, usualSeconds, type Attempt, type SegmentName } from './attempts';
import { phasesOf } from './phases';
import { runQueries } from './queries';

const COLORS: Record<SegmentName, string> = {
  Waiting: 'bg-line-strong',
  Preparing: 'bg-violet/60',
  Building: 'bg-violet',
  Starting: 'bg-info/60',
  Running: 'bg-info',
};
const ENDS: Partial<Record<RunState, string>> = { finished: 'bg-ok', failed: 'bg-danger' };
/** Runs that the usual times are taken from. */
const SAMPLE = 20;
/** Attempts that are drawn; of more the latest. */
const MAX_ATTEMPTS = 6;

/** Where the time of a run went: a bar an attempt, one segment a phase as wide as it was long, and what is usual for runs like it. */
export function PhaseBar({ run, usual = false }: { run: Run; usual?: boolean }) {
  const now = useNow(!isFinal(run.state));
  const events = useQuery(runQueries.events(run.id));
  const like = useQuery({
    ...runQueries.some(run.entity, {
      queue: run.queue,
      state: 'finished',
      limit: SAMPLE,
      ...(run.job === null ? {} : { job: run.job.name }),
    }),
    enabled: usual && !run.queueDeleted,
    staleTime: 60_000,
  });
  const told = events.data === undefined ? [] : attemptsOf(events.data);
  // Until the events are here, what the run itself says of its last execution.
  const attempts: Attempt[] =
    told.length > 0
      ? told
      : [{ number: 1, segments: phasesOf(run), end: isFinal(run.state) ? run.state : null, marks: [] }];
  const shown = attempts.slice(-MAX_ATTEMPTS);
  const usually = usualSeconds((like.data?.items ?? []).filter((other) => other.id !== run.id));
  const seconds = (attempt: Attempt) =>
    attempt.segments.reduce((sum, segment) => sum + segmentSeconds(segment, now), 0);
  const usualTotal = Object.values(usually).reduce((sum, value) => sum + value, 0);
  const longest = Math.max(...shown.map(seconds), usualTotal, 0.001);
  return (
    <div className="flex flex-col gap-2">
      {attempts.length > shown.length && (
        <p className="text-xs text-muted">
          The last {shown.length} of {attempts.length} attempts
        </p>
      )}
      {shown.map((attempt) => (
        <AttemptBar
          key={attempt.number}
          attempt={attempt}
          numbered={attempts.length > 1}
          now={now}
          share={seconds(attempt) / longest}
          usually={attempt === shown.at(-1) ? usually : {}}
        />
      ))}
      {usualTotal > 0 && (
        <div
          aria-hidden
          className="flex h-1 gap-0.5 overflow-hidden rounded-full opacity-45"
          style={{ width: `${(usualTotal / longest) * 100}%` }}
          title="The usual times"
        >
          {(Object.keys(COLORS) as SegmentName[]).map((name) => (
            <span
              key={name}
              className={COLORS[name]}
              style={{ flexGrow: usually[name] ?? 0, flexBasis: 0 }}
            />
          ))}
        </div>
      )}
    </div>
  );
}

function AttemptBar({
  attempt,
  numbered,
  now,
  share,
  usually,
}: {
  attempt: Attempt;
  numbered: boolean;
  now: number;
  share: number;
  usually: Partial<Record<SegmentName, number>>;
}) {
  const colorOf = (name: SegmentName, last: boolean) =>
    (last && attempt.end !== null && name === 'Running' ? ENDS[attempt.end] : undefined) ?? COLORS[name];
  const isLast = (index: number) => index === attempt.segments.length - 1;
  return (
    <div>
      <div
        className="flex h-2.5 gap-0.5 overflow-hidden rounded-full"
        aria-hidden
        style={{ width: `${Math.max(4, share * 100)}%` }}
      >
        {attempt.segments.map((segment, index) => (
          <span
            key={segment.from + segment.name}
            className={cn(
              'min-w-2 transition-[flex-grow]',
              colorOf(segment.name, isLast(index)),
              segment.to === null && attempt.end === null && 'animate-breathe',
            )}
            style={{ flexGrow: Math.max(segmentSeconds(segment, now), 0.5), flexBasis: 0 }}
          />
        ))}
      </div>
      <ol
        aria-label={numbered ? `Phases of attempt ${attempt.number}` : 'Phases'}
        className="mt-1.5 flex flex-wrap gap-x-5 gap-y-1 text-xs"
      >
        {numbered && (
          <li className="font-medium">
            Attempt {attempt.number}
            {attempt.end !== null && (
              <span className="font-normal text-muted">
                , {attempt.end === 'pending' ? 'put back' : RUN_STATE_LOOK[attempt.end].label.toLowerCase()}
              </span>
            )}
          </li>
        )}
        {attempt.segments.map((segment, index) => (
          <li key={segment.from + segment.name} className="flex items-center gap-1.5">
            <span className={cn('size-2 rounded-full', colorOf(segment.name, isLast(index)))} aria-hidden />
            <span className={segment.to === null && attempt.end === null ? 'font-medium' : 'text-muted'}>
              {segment.name}
            </span>
            <span className="text-muted tabular-nums" suppressHydrationWarning>
              {formatDuration(segmentSeconds(segment, now))}
              {usually[segment.name] !== undefined && (
                <span className="text-faint"> (usually {formatDuration(usually[segment.name] ?? 0)})</span>
              )}
            </span>
          </li>
        ))}
        {attempt.marks.map((mark) => (
          <li key={mark.at + mark.text} className="text-warn">
            {mark.text}
          </li>
        ))}
      </ol>
    </div>
  );
}
