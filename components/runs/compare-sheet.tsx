'use client';
import { useQueries } from '@tanstack/react-query';
import Link from 'next/link';
import { useState } from 'react';
import { compareDocuments, launchOf, submissionOf, type Difference } from '@/core/run-facts';
import type { Run } from '@/core/wire';
import { cn } from '../lib/cn';
import { formatDuration } from '../lib/format';
import { Checkbox } from '../ui/checkbox';
import { ErrorCard } from '../ui/error-card';
import { Sheet } from '../ui/sheet';
import { BlockSkeleton } from '../ui/skeleton';
import { StateBadge } from '../ui/state-badge';
import { Differences, PAIR } from './differences';
import { phaseSeconds, phasesOf } from './phases';
import { runQueries } from './queries';

/** Two runs side by side: how they went, what they were launched with, what was sent. */
export function CompareSheet({ ids, onClose }: { ids: readonly [string, string]; onClose: () => void }) {
  const [equal, setEqual] = useState(false);
  const runs = useQueries({ queries: ids.map((id) => runQueries.one(id)) });
  const sent = useQueries({ queries: ids.map((id) => runQueries.submissions(id)) });
  const failed = [...runs, ...sent].filter((query) => query.error !== null);
  const [left, right] = runs.map((query) => query.data);
  const [leftSent, rightSent] = sent.map((query) => query.data?.items ?? []);
  return (
    <Sheet
      open
      onOpenChange={(open) => !open && onClose()}
      title="Compare two runs"
      size="xl"
      actions={
        <label className="mr-2 flex items-center gap-2 text-sm text-muted">
          <Checkbox checked={equal} onCheckedChange={(on) => setEqual(on === true)} /> Show what is equal
        </label>
      }
    >
      {failed[0] !== undefined && (
        <ErrorCard
          problem={failed[0].error}
          onRetry={() => failed.forEach((query) => void query.refetch())}
          retrying={failed.some((query) => query.isFetching)}
        />
      )}
      {left === undefined || right === undefined ? (
        failed.length === 0 && <BlockSkeleton label="Loading the two runs" className="h-96" />
      ) : (
        <div className="flex flex-col gap-6">
          <div className={cn(PAIR, 'text-sm')}>
            <span className="max-sm:hidden" />
            {[left, right].map((run) => (
              <span key={run.id} className="flex min-w-0 flex-wrap items-center gap-2">
                <Link href={`/runs/${run.id}`} className="truncate font-semibold hover:text-accent-ink">
                  {run.name}
                </Link>
                <StateBadge state={run.state} />
              </span>
            ))}
          </div>
          <Differences title="Timing" rows={timingOf(left, right)} equal />
          <Differences
            title="Launch"
            rows={compareDocuments(launchOf(left), launchOf(right))}
            equal={equal}
          />
          <Differences
            title="Submission"
            rows={compareDocuments(submissionOf(left, leftSent ?? []), submissionOf(right, rightSent ?? []))}
            equal={equal}
          />
        </div>
      )}
    </Sheet>
  );
}

function timingOf(left: Run, right: Run): Difference[] {
  const seconds = (run: Run) =>
    new Map(
      phasesOf(run).map((phase) => [phase.name as string, formatDuration(phaseSeconds(phase, Date.now()))]),
    );
  const [a, b] = [seconds(left), seconds(right)];
  return [
    ...[...new Set([...a.keys(), ...b.keys()])].map((path) => ({
      path,
      left: a.get(path),
      right: b.get(path),
    })),
    { path: 'Attempts', left: String(left.attempt), right: String(right.attempt) },
    { path: 'Exit code', left: text(left.exitCode), right: text(right.exitCode) },
    { path: 'Failure', left: left.failure?.category, right: right.failure?.category },
  ];
}
const text = (value: number | null) => (value === null ? undefined : String(value));
