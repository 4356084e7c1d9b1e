'use client';
import { Copy, CopyPlus, MoreHorizontal, Pause, Play, Rocket } from 'lucide-react';
import dynamic from 'next/dynamic';
import Link from 'next/link';
import { useState } from 'react';
import type { QueueSummary, RoleName } from '@/core/wire';
import { useLaunchHref } from '../launch';
import { agentCommand } from '../lib/agent-command';
import { resumeQueue } from '../lib/changes';
import { copyText } from '../lib/clipboard';
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuSeparator,
  DropdownMenuTrigger,
} from '../ui/dropdown-menu';
import { toast, toastProblem } from '../ui/toast';
import { menuButtonStyle } from './menu-button';

const PauseQueueDialog = dynamic(
  () => import('./pause-queue-dialog').then((module) => module.PauseQueueDialog),
  { ssr: false },
);

/** What can be done with a queue from the list; it opens as it is loaded. */
export function QueueMenuItems({ queue, role }: { queue: QueueSummary; role: RoleName | undefined }) {
  const launchHref = useLaunchHref();
  const [pausing, setPausing] = useState(false);
  const resume = () => {
    resumeQueue(queue.entity, queue.name).then(
      () => toast.success(`${queue.name} hands out runs again`),
      toastProblem,
    );
  };
  const copyCommand = () => {
    const command = agentCommand({
      baseUrl: window.location.origin,
      entity: queue.entity,
      queues: [queue.name],
    });
    void copyText(command).then((copied) =>
      copied
        ? toast.success('Command copied', {
            description: 'Put an agent token in its place; Agents → Add agent makes one.',
          })
        : toast.error('The browser does not let pages copy here'),
    );
  };
  return (
    <>
      <DropdownMenu defaultOpen>
        <DropdownMenuTrigger aria-label={`Actions for ${queue.name}`} className={menuButtonStyle}>
          <MoreHorizontal aria-hidden />
        </DropdownMenuTrigger>
        <DropdownMenuContent>
          {role !== 'viewer' && (
            <DropdownMenuItem asChild>
              <Link href={launchHref({ entity: queue.entity, queue: queue.name })} scroll={false}>
                <Rocket aria-hidden /> Launch…
              </Link>
            </DropdownMenuItem>
          )}
          <DropdownMenuItem icon={<Copy aria-hidden />} onSelect={copyCommand}>
            Copy agent command
          </DropdownMenuItem>
          {role === 'admin' && (
            <>
              <DropdownMenuItem asChild>
                <Link
                  href={`/${encodeURIComponent(queue.entity)}/queues/new?from=${encodeURIComponent(queue.name)}`}
                >
                  <CopyPlus aria-hidden /> Duplicate…
                </Link>
              </DropdownMenuItem>
              <DropdownMenuSeparator />
              {queue.paused === null ? (
                <DropdownMenuItem icon={<Pause aria-hidden />} onSelect={() => setPausing(true)}>
                  Pause…
                </DropdownMenuItem>
              ) : (
                <DropdownMenuItem icon={<Play aria-hidden />} onSelect={resume}>
                  Resume
                </DropdownMenuItem>
              )}
            </>
          )}
        </DropdownMenuContent>
      </DropdownMenu>
      {pausing && <PauseQueueDialog queue={queue} open onOpenChange={setPausing} />}
    </>
  );
}
