'use client';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { CirclePause, CirclePlay, Rocket } from 'lucide-react';
import Link from 'next/link';
import { useState } from 'react';
import type { Queue } from '@/core/wire';
import { useLaunchHref } from '../launch/launch-link';
import { api } from '../lib/api';
import { Button } from '../ui/button';
import { ConfirmDialog } from '../ui/confirm-dialog';
import { Field } from '../ui/field';
import { Input } from '../ui/input';
import { toastProblem } from '../ui/toast';
import { queuePath } from './queries';
import { useRole } from './use-role';

/** Pause with a note, resume, launch. */
export function QueueActions({ queue }: { queue: Queue }) {
  const client = useQueryClient();
  const { mayLaunch, mayAdminister } = useRole(queue.entity);
  const launchHref = useLaunchHref();
  const [asking, setAsking] = useState(false);
  const [note, setNote] = useState('');
  const address = queuePath(queue.entity, queue.name);
  const change = useMutation({
    mutationFn: (to: 'pause' | 'resume') =>
      api.post<Queue>(`${address}/${to}`, { note: to === 'pause' ? note.trim() : '' }),
    onSuccess: () => {
      setNote('');
      return Promise.all([
        client.invalidateQueries({ queryKey: ['queue', queue.entity, queue.name] }),
        client.invalidateQueries({ queryKey: ['entity', queue.entity] }),
      ]);
    },
  });
  return (
    <>
      {mayAdminister &&
        (queue.paused === null ? (
          <Button onClick={() => setAsking(true)}>
            <CirclePause aria-hidden /> Pause
          </Button>
        ) : (
          <Button
            loading={change.isPending}
            onClick={() => change.mutate('resume', { onError: toastProblem })}
          >
            <CirclePlay aria-hidden /> Resume
          </Button>
        ))}
      {mayLaunch && (
        <Button asChild variant="primary">
          <Link href={launchHref({ entity: queue.entity, queue: queue.name })} scroll={false}>
            <Rocket aria-hidden /> Launch
          </Link>
        </Button>
      )}
      <ConfirmDialog
        open={asking}
        onOpenChange={setAsking}
        title={`Pause ${queue.name}?`}
        description="Runs that are in flight go on; nothing new starts until the queue is resumed."
        confirmLabel="Pause queue"
        onConfirm={() => change.mutateAsync('pause')}
      >
        <Field label="Note" optional hint="Shown to everybody whose run waits.">
          <Input
            value={note}
            maxLength={500}
            onChange={(event) => setNote(event.target.value)}
            placeholder="GPU driver update until 15:00"
          />
        </Field>
      </ConfirmDialog>
    </>
  );
}
