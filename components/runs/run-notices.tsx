'use client';
import { Clock, OctagonX, TriangleAlert } from 'lucide-react';
import Link from 'next/link';
import { isFinal } from '@/core/run-state';
import type { Run, Waiting } from '@/core/wire';
import { useNow } from '../lib/clock';
import { formatDuration, plural } from '../lib/format';
import { queuePage } from '../queues/queries';
import type { QueueTab } from '../queues/queue-tabs';
import { Button } from '../ui/button';
import { RelativeTime } from '../ui/time';

/** Where that can be changed which a run waits for: a tab of its queue, and what the link to it says. */
const REMEDIES: Partial<Record<Waiting['reason'], { tab: QueueTab; label: string }>> = {
  'never-had-agent': { tab: 'agents', label: 'Start an agent' },
  'no-agent': { tab: 'agents', label: 'Start an agent' },
  'agents-busy': { tab: 'agents', label: 'Agents of the queue' },
  'agents-paused': { tab: 'agents', label: 'Agents of the queue' },
  'awaiting-host': { tab: 'agents', label: 'Agents of the queue' },
  paused: { tab: 'runs', label: 'To the queue' },
  limit: { tab: 'settings', label: 'Limit of the queue' },
};

/** Why a run waits, in one sentence, and where to go about it. */
export function WaitingNotice({ run }: { run: Run }) {
  if (run.waiting === null || isFinal(run.state)) return null;
  const { message, estimateSeconds, reason } = run.waiting;
  const remedy = REMEDIES[reason];
  return (
    <p
      role="status"
      className="flex items-start gap-2 rounded-lg border border-warn/30 bg-warn-soft px-4 py-3 text-sm"
    >
      <Clock className="mt-0.5 size-4 shrink-0 text-warn" aria-hidden />
      <span className="min-w-0 flex-1">
        {message}
        {estimateSeconds !== null && !message.includes('usually') && (
          <span className="text-muted"> Usually starts in about {formatDuration(estimateSeconds)}.</span>
        )}
      </span>
      {remedy !== undefined && (
        <Link
          href={`${queuePage(run.entity, run.queue)}/${remedy.tab}`}
          className="shrink-0 font-medium text-accent-ink underline underline-offset-2"
        >
          {remedy.label}
        </Link>
      )}
    </p>
  );
}

/** SIGTERM and SIGKILL of a run that is being stopped; Force once the time is over. */
export function StoppingNotice({ run, onForce }: { run: Run; onForce: () => void }) {
  const now = useNow(run.stopping);
  if (!run.stopping || run.stop === null || isFinal(run.state)) return null;
  const since = (now - Date.parse(run.stop.at)) / 1000;
  const left = run.stop.killAfterSeconds - since;
  return (
    <div
      role="status"
      className="flex flex-wrap items-start gap-2 rounded-lg border border-warn/30 bg-warn-soft px-4 py-3 text-sm"
    >
      <OctagonX className="mt-0.5 size-4 shrink-0 text-warn" aria-hidden />
      <span className="min-w-0 flex-1" suppressHydrationWarning>
        {run.stop.by} asked to stop this run {formatDuration(since)} ago.{' '}
        {left > 0
          ? `The program was sent SIGTERM; SIGKILL follows in ${formatDuration(left)}.`
          : 'The time to end by itself is over; waiting for the agent to confirm the end.'}
      </span>
      {left <= 0 && run.permissions.stop && (
        <Button size="sm" variant="danger" onClick={onForce}>
          Force stop
        </Button>
      )}
    </div>
  );
}

/** What the platform warns of. */
export function Warnings({ run }: { run: Run }) {
  if (run.warnings.length === 0) return null;
  return (
    <ul
      aria-label="Warnings"
      className="divide-y divide-line rounded-lg border border-warn/30 bg-surface text-sm"
    >
      {run.warnings.map((warning) => (
        <li key={`${warning.reason}:${warning.message}`} className="flex items-start gap-2 px-4 py-2.5">
          <TriangleAlert className="mt-0.5 size-4 shrink-0 text-warn" aria-hidden />
          <span className="min-w-0 flex-1">
            <span className="font-medium">{warning.reason}</span>{' '}
            <span className="break-words text-muted">{warning.message}</span>
          </span>
          <span className="shrink-0 text-xs text-muted">
            {plural(warning.count, 'time')}, <RelativeTime at={warning.lastAt} />
          </span>
        </li>
      ))}
    </ul>
  );
}
