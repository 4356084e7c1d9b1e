'use client';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { CircleStop, RotateCcw } from 'lucide-react';
import { useState } from 'react';
import type { z } from 'zod';
import { PRIORITIES, type Priority, type RunFilter, type bulkAnswerSchema } from '@/core/wire';
import { api, path } from '../lib/api';
import { plural } from '../lib/format';
import { useShortcut } from '../lib/shortcuts';
import { Button } from '../ui/button';
import { ConfirmDialog } from '../ui/confirm-dialog';
import { Dialog } from '../ui/dialog';
import { Select } from '../ui/select';
import { toast, toastProblem } from '../ui/toast';

type BulkAnswer = z.infer<typeof bulkAnswerSchema>;
type Action = { action: 'stop' } | { action: 'requeue' } | { action: 'priority'; priority: Priority };
/** Runs that one call changes at most; the server's number. */
const MOST = 1000;

export interface RunSelectionProps {
  entity: string;
  selected: ReadonlySet<string>;
  onDone: () => void;
  /** Where given: all runs that pass it can be taken instead of the ticked ones. */
  filter?: RunFilter;
  /** Whether the runs have priorities; keys 1 to 4 then set them. */
  prioritized?: boolean;
  onCompare?: (ids: [string, string]) => void;
}

/** What can be done with the runs that are ticked, or with all that pass the filter. */
export function RunSelection({
  entity,
  selected,
  onDone,
  filter,
  prioritized = false,
  onCompare,
}: RunSelectionProps) {
  const client = useQueryClient();
  const [everything, setEverything] = useState(false);
  const [asking, setAsking] = useState<{ action: Action; count: number }>();
  const [refused, setRefused] = useState<BulkAnswer['results']>([]);
  const ids = [...selected];
  const whole = everything && filter !== undefined;
  const send = (action: Action, rest: { dryRun?: boolean; expect?: number } = {}) =>
    api.post<BulkAnswer>(`${path('entities', entity)}/runs/bulk`, {
      ...action,
      ...(whole ? { filter, ...rest } : { ids }),
    });
  const run = useMutation({
    mutationFn: ({ action, expect }: { action: Action; expect?: number }) =>
      send(action, expect === undefined ? {} : { expect }),
    onSuccess: async ({ results }, { action: { action } }) => {
      const bad = results.filter((result) => !result.ok);
      const done = plural(results.length - bad.length, 'run');
      const words = { stop: 'asked to stop', requeue: 'put back into their queues', priority: 'moved' }[
        action
      ];
      if (bad.length > 0) setRefused(bad);
      else toast.success(`${done} ${words}.`);
      if (bad.length === 0) onDone();
      await client.invalidateQueries({ queryKey: ['entity', entity, 'runs'] });
    },
  });
  /** The server says how many it would be; that many are confirmed. */
  const ask = async (action: Action) => {
    const count = whole ? (await send(action, { dryRun: true })).matched : ids.length;
    if (count === 0) toast.info('No run of this filter is in a state for that.');
    else setAsking({ action, count });
  };
  const prioritize = (priority: Priority) =>
    whole
      ? void ask({ action: 'priority', priority }).catch(toastProblem)
      : run.mutate({ action: { action: 'priority', priority } }, { onError: toastProblem });
  const [first, second] = ids;
  return (
    <>
      <div
        role="toolbar"
        aria-label="Selected runs"
        className="sticky top-14 z-20 mb-3 flex flex-wrap items-center gap-2 rounded-lg border border-accent bg-accent-soft px-4 py-2 text-sm"
      >
        <span className="font-medium">
          {whole ? 'All runs of this filter' : `${plural(selected.size, 'run')} selected`}
        </span>
        <span className="mr-auto">
          {filter !== undefined && (
            <Button size="sm" variant="ghost" onClick={() => setEverything(!everything)}>
              {whole ? 'Only the ticked ones' : 'Take all of this filter'}
            </Button>
          )}
        </span>
        {onCompare && first !== undefined && second !== undefined && ids.length === 2 && !whole && (
          <Button size="sm" onClick={() => onCompare([first, second])}>
            Compare
          </Button>
        )}
        {PRIORITIES.map((priority, index) => (
          <PriorityKey
            key={priority}
            keys={String(index + 1)}
            enabled={prioritized}
            priority={priority}
            onPress={prioritize}
          />
        ))}
        {prioritized && (
          <Select<Priority>
            size="sm"
            className="w-44"
            aria-label="Set the priority of the selected runs"
            placeholder="Set priority…"
            value={undefined}
            onValueChange={prioritize}
            options={PRIORITIES.map((value, index) => ({ value, label: `${value} (key ${index + 1})` }))}
          />
        )}
        <Button size="sm" onClick={() => void ask({ action: 'requeue' }).catch(toastProblem)}>
          <RotateCcw aria-hidden /> Requeue
        </Button>
        <Button size="sm" variant="danger" onClick={() => void ask({ action: 'stop' }).catch(toastProblem)}>
          <CircleStop aria-hidden /> Stop
        </Button>
        <Button size="sm" variant="ghost" onClick={onDone}>
          Clear
        </Button>
      </div>
      {asking && (
        <ConfirmDialog
          open
          onOpenChange={(open) => !open && setAsking(undefined)}
          danger={asking.action.action === 'stop'}
          {...wordsOf(asking.action, asking.count)}
          onConfirm={() =>
            run.mutateAsync({ action: asking.action, expect: whole ? asking.count : undefined })
          }
        >
          {asking.count > MOST && (
            <p className="text-sm text-muted">
              One call changes {MOST.toLocaleString('en-US')}; repeat it for the others.
            </p>
          )}
        </ConfirmDialog>
      )}
      <Dialog
        open={refused.length > 0}
        onOpenChange={() => {
          setRefused([]);
          onDone();
        }}
        title={`${plural(refused.length, 'run')} could not be changed`}
        description="The others were."
      >
        <ul className="flex max-h-80 flex-col gap-1 overflow-auto text-sm">
          {refused.map((result) => (
            <li key={result.id}>
              <code className="font-mono text-xs">{result.id}</code>{' '}
              <span className="text-muted">{result.message}</span>
            </li>
          ))}
        </ul>
      </Dialog>
    </>
  );
}

function wordsOf(action: Action, count: number) {
  const runs = plural(count, 'run');
  switch (action.action) {
    case 'stop':
      return {
        title: `Stop ${runs}?`,
        description: 'Running programs get SIGTERM, then SIGKILL; waiting ones will not start.',
        confirmLabel: 'Stop runs',
      };
    case 'requeue':
      return {
        title: `Requeue ${runs}?`,
        description: 'They go to the end of their queues and run again.',
        confirmLabel: 'Requeue runs',
      };
    case 'priority':
      return {
        title: `Set the priority of ${runs} to ${action.priority}?`,
        description: 'They move within what waits.',
        confirmLabel: 'Set priority',
      };
  }
}

function PriorityKey({
  keys,
  enabled,
  priority,
  onPress,
}: {
  keys: string;
  enabled: boolean;
  priority: Priority;
  onPress: (priority: Priority) => void;
}) {
  useShortcut(
    { keys, description: `Set priority ${priority} on the selected runs`, group: 'Runs' },
    () => onPress(priority),
    { enabled },
  );
  return null;
}
