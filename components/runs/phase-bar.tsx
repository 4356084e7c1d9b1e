'use client';
import { isFinal } from '@/core/run-state';
import type { Run } from '@/core/wire';
import { useNow } from '../lib/clock';
import { cn } from '../lib/cn';
import { formatDuration } from '../lib/format';
import { phaseSeconds, phasesOf, type Phase } from './phases';

const COLORS: Record<Phase['name'], string> = {
  Waiting: 'bg-line-strong',
  Preparing: 'bg-violet',
  Starting: 'bg-info/60',
  Running: 'bg-info',
};

/** Where the time of a run went: one segment a phase, as wide as it was long. */
export function PhaseBar({ run }: { run: Run }) {
  const now = useNow(!isFinal(run.state));
  const phases = phasesOf(run);
  const ended = run.state === 'finished' ? 'bg-ok' : run.state === 'failed' ? 'bg-danger' : undefined;
  return (
    <div>
      <div className="flex h-2.5 gap-0.5 overflow-hidden rounded-full" aria-hidden>
        {phases.map((phase) => (
          <span
            key={phase.name}
            className={cn(
              'min-w-2 transition-[flex-grow]',
              phase.name === 'Running' && ended !== undefined ? ended : COLORS[phase.name],
              phase.to === null && 'animate-breathe',
            )}
            style={{ flexGrow: Math.max(phaseSeconds(phase, now), 0.5), flexBasis: 0 }}
          />
        ))}
      </div>
      <ol aria-label="Phases" className="mt-2 flex flex-wrap gap-x-5 gap-y-1 text-xs">
        {phases.map((phase) => (
          <li key={phase.name} className="flex items-center gap-1.5">
            <span
              className={cn(
                'size-2 rounded-full',
                phase.name === 'Running' && ended !== undefined ? ended : COLORS[phase.name],
              )}
              aria-hidden
            />
            <span className={phase.to === null ? 'font-medium' : 'text-muted'}>{phase.name}</span>
            <span className="text-muted tabular-nums" suppressHydrationWarning>
              {formatDuration(phaseSeconds(phase, now))}
            </span>
          </li>
        ))}
        {run.attempt > 1 && (
          <li className="text-muted">
            Attempt {run.attempt}
            {run.retries > 0 && `, ${run.retries} retries`}
            {run.preemptions > 0 && `, ${run.preemptions} preemptions`}
          </li>
        )}
      </ol>
    </div>
  );
}
