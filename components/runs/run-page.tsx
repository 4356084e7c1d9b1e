'use client';
import { useQuery } from '@tanstack/react-query';
import Link from 'next/link';
import { usePathname, useSearchParams } from 'next/navigation';
import { useState } from 'react';
import type { Run } from '@/core/wire';
import { useLive } from '../lib/live';
import { Badge } from '../ui/badge';
import { CopyButton } from '../ui/copy-button';
import { ErrorCard } from '../ui/error-card';
import { PageHeader } from '../ui/page-header';
import { Skeleton } from '../ui/skeleton';
import { StateBadge } from '../ui/state-badge';
import { Tabs } from '../ui/tabs';
import { RelativeTime } from '../ui/time';
import { BuildTab, buildOf } from './build-tab';
import { EventsTab } from './events-tab';
import { FailureCard } from './failure-card';
import { InputsTab } from './inputs-tab';
import { LogViewer } from './log/log-viewer';
import { PhaseBar } from './phase-bar';
import { runQueries } from './queries';
import { RunActions, useRunActions } from './run-actions';
import { RunParts } from './run-parts';
import { StoppingNotice, WaitingNotice, Warnings } from './run-notices';
import { SubmissionTab } from './submission-tab';

const TABS = [
  { id: 'logs', label: 'Logs' },
  { id: 'submission', label: 'Submission' },
  { id: 'inputs', label: 'Inputs' },
  { id: 'build', label: 'Build' },
  { id: 'events', label: 'Events' },
] as const;

/** Everything about one run, live. */
export function RunPage({ id }: { id: string }) {
  const { data: run, error, refetch, isFetching } = useQuery(runQueries.one(id));
  const [liveBytes, setLiveBytes] = useState(0);
  useLive([`run:${id}`], (message) => {
    if (message.type === 'log' && message.runId === id) setLiveBytes(message.bytes);
  });
  if (run === undefined) {
    return error !== null ? (
      <ErrorCard problem={error} onRetry={() => void refetch()} retrying={isFetching} />
    ) : (
      <RunSkeleton />
    );
  }
  return <LoadedRun run={run} liveBytes={liveBytes} />;
}

function LoadedRun({ run, liveBytes }: { run: Run; liveBytes: number }) {
  const pathname = usePathname();
  const search = useSearchParams();
  const { stop } = useRunActions(run.id);
  const events = useQuery(runQueries.events(run.id));
  const build = events.data === undefined ? undefined : buildOf(events.data);
  const tabs = TABS.filter((each) => each.id !== 'build' || build !== undefined);
  const tab = tabs.find((each) => each.id === search.get('tab'))?.id ?? 'logs';
  return (
    <div className="flex min-h-0 flex-col gap-4">
      <div>
        <PageHeader
          title={run.name}
          badges={
            <>
              <StateBadge state={run.state} stopping={run.stopping} />
              {run.priority !== null && <Badge>{run.priority} priority</Badge>}
            </>
          }
          description={
            <span className="flex flex-wrap items-center gap-x-3 gap-y-1">
              <span className="inline-flex items-center font-mono text-xs">
                {run.id} <CopyButton text={run.id} label="Copy the id" size="sm" />
              </span>
              <span>
                {run.queueDeleted ? (
                  <>{run.queue} (deleted)</>
                ) : (
                  <Link
                    href={`/${run.entity}/queues/${run.queue}`}
                    className="underline decoration-line-strong underline-offset-3 hover:text-ink"
                  >
                    {run.entity}/{run.queue}
                  </Link>
                )}{' '}
                v{run.queueVersion}
              </span>
              <span>
                by {run.author}, <RelativeTime at={run.createdAt} />
              </span>
              {run.exitCode !== null && <span>exit code {run.exitCode}</span>}
            </span>
          }
          actions={<RunActions run={run} />}
        />
        <PhaseBar run={run} usual />
      </div>
      <StoppingNotice run={run} onForce={() => stop.mutate(true)} />
      <WaitingNotice run={run} />
      <FailureCard run={run} />
      <Warnings run={run} />
      <RunParts run={run} />
      <Tabs
        label="Parts of the run"
        items={tabs.map(({ id, label }) => ({
          href: id === 'logs' ? pathname : `${pathname}?tab=${id}`,
          label,
          active: tab === id,
        }))}
      />
      {tab === 'logs' && <LogViewer run={run} liveBytes={liveBytes} className="h-[70dvh] min-h-80" />}
      {tab === 'submission' && <SubmissionTab run={run} />}
      {tab === 'build' && build !== undefined && <BuildTab build={build} />}
      {tab === 'inputs' && <InputsTab run={run} />}
      {tab === 'events' && <EventsTab run={run} />}
    </div>
  );
}

function RunSkeleton() {
  return (
    <div role="status" aria-label="Loading the run" className="flex flex-col gap-4">
      <Skeleton className="h-7 w-64" />
      <Skeleton className="w-96" />
      <Skeleton className="h-2.5 w-full" />
      <Skeleton className="h-96 w-full" />
    </div>
  );
}
