'use client';
import { useQuery } from '@tanstack/react-query';
import { ArrowDown, ArrowUp } from 'lucide-react';
import Link from 'next/link';
import { stripAnsi } from '@/core/ansi';
import type { Run } from '@/core/wire';
import { useLive } from '../lib/live';
import { Button } from '../ui/button';
import { CloseButton } from '../ui/close-button';
import { ErrorCard } from '../ui/error-card';
import { IconButton } from '../ui/icon-button';
import { BlockSkeleton } from '../ui/skeleton';
import { StateBadge } from '../ui/state-badge';
import { explainFailure } from './failure-advice';
import { readLogLines } from './log/use-log';
import { PhaseBar } from './phase-bar';
import { runQueries } from './queries';

const TAIL_LINES = 12;

export interface PeekPanelProps {
  id: string;
  onClose: () => void;
  /** To the run above or below in the list. */
  onWalk: (by: 1 | -1) => void;
}

/** One run beside the list, without leaving it. */
export function PeekPanel({ id, onClose, onWalk }: PeekPanelProps) {
  const { data: run, error, refetch, isFetching } = useQuery(runQueries.one(id));
  useLive([`run:${id}`]);
  return (
    <aside
      aria-label="Peek at a run"
      data-testid="peek"
      className="fixed inset-y-0 right-0 z-40 flex w-full flex-col border-l border-line bg-raised shadow-pop sm:w-112"
    >
      <header className="flex min-h-12 items-center gap-1 border-b border-line px-4">
        <h2 className="min-w-0 flex-1 truncate font-semibold" title={run?.name}>
          {run?.name ?? id}
        </h2>
        <IconButton label="Run above" shortcut="k" size="sm" onClick={() => onWalk(-1)}>
          <ArrowUp aria-hidden />
        </IconButton>
        <IconButton label="Run below" shortcut="j" size="sm" onClick={() => onWalk(1)}>
          <ArrowDown aria-hidden />
        </IconButton>
        <CloseButton onClick={onClose} />
      </header>
      <div className="flex min-h-0 flex-1 flex-col gap-4 overflow-y-auto p-4 text-sm">
        {error !== null && run === undefined && (
          <ErrorCard problem={error} onRetry={() => void refetch()} retrying={isFetching} compact />
        )}
        {run === undefined ? (
          error === null && <BlockSkeleton label="Loading the run" className="h-48" />
        ) : (
          <Peek run={run} />
        )}
      </div>
      <footer className="flex gap-2 border-t border-line p-3">
        <Button asChild variant="primary">
          <Link href={`/runs/${id}`}>Open the run</Link>
        </Button>
      </footer>
    </aside>
  );
}

function Peek({ run }: { run: Run }) {
  const tail = useQuery({
    queryKey: ['log', run.id, 'tail', run.log.bytes],
    queryFn: async ({ signal }) => {
      const { lines } = await readLogLines(run.id, { limit: TAIL_LINES }, signal);
      return lines.map((line) => stripAnsi(line.text));
    },
    enabled: run.log.bytes > 0,
  });
  return (
    <>
      <p className="flex flex-wrap items-center gap-2">
        <StateBadge state={run.state} stopping={run.stopping} />
        <span className="text-muted">
          {run.queue} v{run.queueVersion}, by {run.author}
        </span>
      </p>
      <PhaseBar run={run} />
      {run.waiting !== null && <p className="text-warn">{run.waiting.message}</p>}
      {run.failure !== null && (
        <div className="rounded-md border border-danger/35 bg-danger-soft p-3">
          <p className="font-medium">{explainFailure(run.failure.category).title}</p>
          <p className="mt-1 break-words text-muted">{run.failure.message}</p>
        </div>
      )}
      {tail.error !== null && (
        <ErrorCard
          problem={tail.error}
          onRetry={() => void tail.refetch()}
          retrying={tail.isFetching}
          compact
        />
      )}
      {tail.data !== undefined && tail.data.length > 0 && (
        <pre
          tabIndex={0}
          role="region"
          aria-label="Last lines of the log"
          className="min-h-0 overflow-auto rounded-md border border-line bg-sunken p-3 font-mono text-xs leading-5"
        >
          {tail.data.join('\n')}
        </pre>
      )}
    </>
  );
}
