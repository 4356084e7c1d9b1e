'use client';
import { CircleCheck, CirclePause, PlugZap } from 'lucide-react';
import Link from 'next/link';
import type { QueueSummary } from '@/core/wire';
import { cn } from '../lib/cn';
import { plural } from '../lib/format';

/** Each queue with the agents that serve it now: one without any stands out. */
export function CoverStrip({ entity, queues }: { entity: string; queues: readonly QueueSummary[] }) {
  const servable = queues.filter((queue) => queue.servable);
  if (servable.length === 0) return null;
  return (
    <section aria-label="Queues and their agents" className="mb-4">
      <ul className="flex flex-wrap gap-2">
        {servable.map((queue) => {
          const bare = queue.agents.online === 0;
          const Icon = bare ? PlugZap : queue.paused === null ? CircleCheck : CirclePause;
          return (
            <li key={queue.id} className="min-w-0 max-w-full">
              <Link
                href={`/${encodeURIComponent(entity)}/queues/${encodeURIComponent(queue.name)}/agents`}
                className={cn(
                  'flex h-8 items-center gap-2 rounded-full border px-3 text-xs transition-colors duration-(--speed)',
                  bare
                    ? 'border-danger/40 bg-danger-soft hover:border-danger'
                    : 'border-line bg-surface hover:bg-hover',
                )}
              >
                <Icon
                  className={cn(
                    'size-3.5 shrink-0',
                    bare ? 'text-danger' : queue.paused === null ? 'text-ok' : 'text-warn',
                  )}
                  aria-hidden
                />
                <span className="truncate font-medium">{queue.name}</span>
                <span className={bare ? 'whitespace-nowrap text-danger' : 'whitespace-nowrap text-muted'}>
                  {queue.paused !== null && 'paused; '}
                  {coverOf(queue)}
                </span>
              </Link>
            </li>
          );
        })}
      </ul>
    </section>
  );
}

function coverOf({ agents: { online, busy, slots, everHad } }: QueueSummary): string {
  if (online === 0) return everHad ? 'no agent now' : 'never had an agent';
  if (slots === null) return `${plural(online, 'agent')}, no limit`;
  return `${plural(online, 'agent')}, ${Math.max(0, slots - busy)} of ${slots} free`;
}
