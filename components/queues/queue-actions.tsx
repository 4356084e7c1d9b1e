'use client';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { CirclePause, CirclePlay, Rocket } from 'lucide-react';
import Link from 'next/link';
import { useState } from 'react';
import type { Queue } from '@/core/wire';
import { PauseQueueDialog } from '../home/pause-queue-dialog';
import { useLaunchHref } from '../launch/launch-link';
import { resumeQueue } from '../lib/changes';
import { Button } from '../ui/button';
import { toastProblem } from '../ui/toast';
import { useRole } from './use-role';

/** Pause with a note, resume, launch. */
export function QueueActions({ queue }: { queue: Queue }) {
  const client = useQueryClient();
  const { mayLaunch, mayAdminister } = useRole(queue.entity);
  const launchHref = useLaunchHref();
  const [asking, setAsking] = useState(false);
  const resume = useMutation({
    mutationFn: () => resumeQueue(queue.entity, queue.name),
    onSuccess: () =>
      Promise.all([
        client.invalidateQueries({ queryKey: ['queue', queue.entity, queue.name] }),
        client.invalidateQueries({ queryKey: ['entity', queue.entity] }),
      ]),
    onError: toastProblem,
  });
  return (
    <>
      {mayAdminister &&
        (queue.paused === null ? (
          <Button onClick={() => setAsking(true)}>
            <CirclePause aria-hidden /> Pause
          </Button>
        ) : (
          <Button loading={resume.isPending} onClick={() => resume.mutate()}>
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
      <PauseQueueDialog queue={queue} open={asking} onOpenChange={setAsking} />
    </>
  );
}
