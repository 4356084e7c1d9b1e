'use client';
import { CloudOff, LoaderCircle, Radio } from 'lucide-react';
import { cn } from '../lib/cn';
import { formatClock } from '../lib/format';
import { useLiveStatus } from '../lib/live';
import { Badge } from './badge';
import { Tooltip } from './tooltip';

/** Whether what the page shows is live; a phone has room for it only when it is not. */
export function LiveBadge({ className }: { className?: string }) {
  const status = useLiveStatus();
  const look =
    status.state === 'live'
      ? {
          tone: 'ok' as const,
          text: 'Live',
          hint: 'Changes appear by themselves.',
          icon: <Radio aria-hidden />,
        }
      : status.state === 'connecting'
        ? {
            tone: 'neutral' as const,
            text: 'Connecting',
            hint: 'Opening the stream of changes.',
            icon: <LoaderCircle className="animate-spin" aria-hidden />,
          }
        : status.state === 'reconnecting'
          ? {
              tone: 'warn' as const,
              text: 'Reconnecting',
              hint: 'The stream of changes broke off; trying again.',
              icon: <LoaderCircle className="animate-spin" aria-hidden />,
            }
          : {
              tone: 'danger' as const,
              text: `Stale since ${formatClock(status.since)}`,
              hint: 'No stream of changes; the page asks every few seconds instead.',
              icon: <CloudOff aria-hidden />,
            };
  return (
    <Tooltip content={look.hint} side="bottom">
      <span
        tabIndex={0}
        className={cn('inline-flex rounded-full', status.state === 'live' && 'max-sm:hidden', className)}
        role="status"
      >
        <Badge tone={look.tone} icon={look.icon}>
          {look.text}
        </Badge>
      </span>
    </Tooltip>
  );
}
