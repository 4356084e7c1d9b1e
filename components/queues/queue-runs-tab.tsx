'use client';
import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import { CircleStop } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import type { z } from 'zod';
import { PRIORITIES, type Priority, type Queue, type bulkAnswerSchema } from '@/core/wire';
import { api, path } from '../lib/api';
import { plural } from '../lib/format';
import { useShortcut } from '../lib/shortcuts';
import { runQueries, type RunFilter } from '../runs/queries';
import { RunTable } from '../runs/run-table';
import { Button } from '../ui/button';
import { ConfirmDialog } from '../ui/confirm-dialog';
import { SectionCard } from '../ui/card';
import { ErrorCard } from '../ui/error-card';
import { Select } from '../ui/select';
import { TableSkeleton } from '../ui/skeleton';
import { toast, toastProblem } from '../ui/toast';
import { useRole } from './use-role';

type BulkAnswer = z.infer<typeof bulkAnswerSchema>;
const NOBODY: ReadonlySet<string> = new Set();

/** What runs, what waits in its real order with the reason, and what has ended. */
export function QueueRunsTab({ queue }: { queue: Queue }) {
  const { mayLaunch } = useRole(queue.entity);
  const [selected, setSelected] = useState(NOBODY);
  const selection = mayLaunch ? { selected, onChange: setSelected } : undefined;
  return (
    <div className="flex flex-col gap-4">
      {mayLaunch && selected.size > 0 && (
        <SelectionBar queue={queue} selected={selected} onDone={() => setSelected(NOBODY)} />
      )}
      <RunSection
        queue={queue}
        title="In flight"
        filter={{ state: 'leased,building,starting,running' }}
        empty="Nothing runs at the moment."
        selection={selection}
      />
      <RunSection
        queue={queue}
        title="Waiting"
        filter={{ state: 'pending', order: 'queue' }}
        empty="Nothing waits."
        waiting
        selection={selection}
      />
      <RunSection
        queue={queue}
        title="History"
        filter={{ state: 'finished,failed,stopped' }}
        empty="No run has ended yet."
      />
    </div>
  );
}

interface RunSectionProps {
  queue: Queue;
  title: string;
  filter: RunFilter;
  empty: ReactNode;
  waiting?: boolean;
  selection?: { selected: ReadonlySet<string>; onChange: (selected: ReadonlySet<string>) => void };
}

function RunSection({ queue, title, filter, empty, waiting = false, selection }: RunSectionProps) {
  const runs = useInfiniteQuery(runQueries.list(queue.entity, { queue: queue.name, limit: 25, ...filter }));
  const items = runs.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <SectionCard title={title} flush>
      {runs.error !== null && (
        <ErrorCard
          problem={runs.error}
          onRetry={() => void runs.refetch()}
          retrying={runs.isFetching}
          compact
          className="m-3"
        />
      )}
      {runs.data === undefined ? (
        runs.error === null && <TableSkeleton rows={2} columns={5} label={`Loading: ${title}`} />
      ) : items.length === 0 ? (
        <p className="px-4 py-3 text-sm text-muted">{empty}</p>
      ) : (
        <RunTable label={title} runs={items} hideQueue waiting={waiting} selection={selection} />
      )}
      {runs.hasNextPage && (
        <div className="flex justify-center border-t border-line p-2">
          <Button
            size="sm"
            variant="ghost"
            onClick={() => void runs.fetchNextPage()}
            loading={runs.isFetchingNextPage}
          >
            Show more
          </Button>
        </div>
      )}
    </SectionCard>
  );
}

/** What can be done with the runs that are ticked. Keys 1 to 4 set priorities. */
function SelectionBar({
  queue,
  selected,
  onDone,
}: {
  queue: Queue;
  selected: ReadonlySet<string>;
  onDone: () => void;
}) {
  const client = useQueryClient();
  const [asking, setAsking] = useState(false);
  const ids = [...selected];
  const bulk = useMutation({
    mutationFn: (body: { action: 'stop' } | { action: 'priority'; priority: Priority }) =>
      api.post<BulkAnswer>(`${path('entities', queue.entity)}/runs/bulk`, { ...body, ids }),
    onSuccess: async ({ results }, { action }) => {
      const refused = results.filter((result) => !result.ok);
      const done = plural(results.length - refused.length, 'run');
      if (refused.length > 0)
        toast.error(`${done} changed, ${refused.length} refused`, { description: refused[0]?.message });
      else toast.success(action === 'stop' ? `${done} asked to stop.` : `Priority of ${done} changed.`);
      onDone();
      await client.invalidateQueries({ queryKey: ['entity', queue.entity, 'runs'] });
    },
  });
  const prioritize = (priority: Priority) =>
    bulk.mutate({ action: 'priority', priority }, { onError: toastProblem });
  return (
    <div
      role="toolbar"
      aria-label="Selected runs"
      className="sticky top-0 z-20 flex flex-wrap items-center gap-2 rounded-lg border border-accent bg-accent-soft px-4 py-2 text-sm"
    >
      <span className="mr-auto font-medium">{plural(selected.size, 'run')} selected</span>
      {queue.prioritized && (
        <>
          {PRIORITIES.map((priority, index) => (
            <PriorityKey key={priority} keys={String(index + 1)} priority={priority} onPress={prioritize} />
          ))}
          <Select<Priority>
            size="sm"
            className="w-44"
            aria-label="Set the priority of the selected runs"
            placeholder="Set priority…"
            value={undefined}
            onValueChange={prioritize}
            options={PRIORITIES.map((value, index) => ({ value, label: `${value} (key ${index + 1})` }))}
          />
        </>
      )}
      <Button size="sm" variant="danger" onClick={() => setAsking(true)}>
        <CircleStop aria-hidden /> Stop
      </Button>
      <Button size="sm" variant="ghost" onClick={onDone}>
        Clear
      </Button>
      <ConfirmDialog
        open={asking}
        onOpenChange={setAsking}
        danger
        title={`Stop ${plural(selected.size, 'run')}?`}
        description="Running programs get SIGTERM, then SIGKILL; waiting ones will not start."
        confirmLabel="Stop runs"
        onConfirm={() => bulk.mutateAsync({ action: 'stop' })}
      />
    </div>
  );
}

function PriorityKey({
  keys,
  priority,
  onPress,
}: {
  keys: string;
  priority: Priority;
  onPress: (priority: Priority) => void;
}) {
  useShortcut({ keys, description: `Set priority ${priority} on the selected runs`, group: 'Queue' }, () =>
    onPress(priority),
  );
  return null;
}
