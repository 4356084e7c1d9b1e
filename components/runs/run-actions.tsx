'use client';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { CircleStop, RotateCcw, Rocket } from 'lucide-react';
import Link from 'next/link';
import { useState } from 'react';
import { isFinal } from '@/core/run-state';
import type { Run } from '@/core/wire';
import { api, path } from '../lib/api';
import { Button } from '../ui/button';
import { ConfirmDialog } from '../ui/confirm-dialog';
import { toast, toastProblem } from '../ui/toast';
import { useLaunchHref } from '../launch/launch-link';
import { SaveAsJob } from '../jobs/save-as-job';
import { useRole } from '../queues/use-role';

/** Stop, requeue and force of one run. The answer is shown at once; what follows comes by the stream. */
export function useRunActions(id: string) {
  const client = useQueryClient();
  const onSuccess = (run: Run) => {
    client.setQueryData(['run', id], run);
    return client.invalidateQueries({ queryKey: ['run', id] });
  };
  const stop = useMutation({
    mutationFn: (force: boolean) => api.post<Run>(`${path('runs', id)}/stop`, { force }),
    onSuccess,
  });
  const requeue = useMutation({
    mutationFn: () => api.post<Run>(`${path('runs', id)}/requeue`),
    onSuccess: async (run: Run) => {
      await onSuccess(run);
      toast.success('Put back at the end of its queue.');
    },
    onError: toastProblem,
  });
  return { stop, requeue };
}

/** The buttons in the head of the run page. */
export function RunActions({ run }: { run: Run }) {
  const { stop, requeue } = useRunActions(run.id);
  const [asking, setAsking] = useState(false);
  const launchHref = useLaunchHref();
  const { mayLaunch } = useRole(run.entity);
  const ended = isFinal(run.state);
  return (
    <>
      {!ended && run.permissions.stop && (
        <Button variant="danger" onClick={() => setAsking(true)} disabled={run.stopping}>
          <CircleStop aria-hidden /> {run.stopping ? 'Stopping…' : 'Stop'}
        </Button>
      )}
      {ended && run.permissions.requeue && !run.queueDeleted && (
        <Button onClick={() => requeue.mutate()} loading={requeue.isPending}>
          <RotateCcw aria-hidden /> Requeue
        </Button>
      )}
      {mayLaunch && <SaveAsJob run={run} />}
      {mayLaunch && !run.queueDeleted && (
        <Button asChild variant={ended ? 'primary' : 'secondary'}>
          <Link href={launchHref({ entity: run.entity, queue: run.queue, from: run.id })} scroll={false}>
            <Rocket aria-hidden /> Launch again
          </Link>
        </Button>
      )}
      <ConfirmDialog
        open={asking}
        onOpenChange={setAsking}
        danger
        title={`Stop ${run.name}?`}
        description={
          run.state === 'pending'
            ? 'It waits in the queue and will not start.'
            : 'The program gets SIGTERM and time to end by itself, then SIGKILL.'
        }
        confirmLabel="Stop run"
        onConfirm={() => stop.mutateAsync(false)}
      />
    </>
  );
}
