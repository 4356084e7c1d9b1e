'use client';
import { useQuery } from '@tanstack/react-query';
import { CircleCheck } from 'lucide-react';
import dynamic from 'next/dynamic';
import Link from 'next/link';
import { useState, type ReactNode } from 'react';
import type { Agent, Page, QueueSummary, RunSummary } from '@/core/wire';
import { useLaunchHref } from '../launch';
import { api, path } from '../lib/api';
import { cn } from '../lib/cn';
import { Button } from '../ui/button';
import { Card } from '../ui/card';
import { EmptyState } from '../ui/empty-state';

const AddAgentDialog = dynamic(
  () => import('../agents/add-agent-dialog').then((module) => module.AddAgentDialog),
  { ssr: false },
);

interface FirstUseProps {
  entity: string;
  queues: readonly QueueSummary[];
  agents: readonly Agent[] | undefined;
  admin: boolean;
}

/** From nothing to the first run in three steps that tick by themselves; gone when all are done. */
export function FirstUse({ entity, queues, agents, admin }: FirstUseProps) {
  const served = queues.some((queue) => queue.agents.everHad) || (agents?.length ?? 0) > 0;
  // Once an agent has been there and runs wait or run, nobody needs an introduction: the runs are asked for only before that.
  const busy = queues.some(({ counts }) => counts.waiting + counts.inFlight > 0);
  const firstRun = useQuery({
    queryKey: ['entity', entity, 'runs', 'any'],
    queryFn: ({ signal }) =>
      api.get<Page<RunSummary>>(`${path('entities', entity)}/runs`, { query: { limit: 1 }, signal }),
    enabled: !(served && busy),
  });
  const launched = busy || (firstRun.data?.items.length ?? 0) > 0;
  if (agents === undefined || (firstRun.data === undefined && !busy)) return null;
  if (queues.length > 0 && served && launched) return null;
  if (!admin && queues.length === 0) {
    return (
      <Card>
        <EmptyState title="No queues yet">
          An admin of {entity} makes the queues; then you can launch on them here.
        </EmptyState>
      </Card>
    );
  }
  if (!admin) return null;
  return <Steps entity={entity} queues={queues} served={served} launched={launched} />;
}

function Steps({
  entity,
  queues,
  served,
  launched,
}: {
  entity: string;
  queues: readonly QueueSummary[];
  served: boolean;
  launched: boolean;
}) {
  const launchHref = useLaunchHref();
  const [adding, setAdding] = useState(false);
  const made = queues.length > 0;
  return (
    <section aria-labelledby="first-use" className="mb-5">
      <Card className="overflow-hidden">
        <header className="border-b border-line px-5 py-4">
          <h2 id="first-use" className="text-base font-semibold">
            From here to your first run
          </h2>
          <p className="mt-0.5 text-sm text-muted">Three steps; each ticks itself off when it is done.</p>
        </header>
        <ol className="divide-y divide-line">
          <Step
            number={1}
            done={made}
            current={!made}
            title="Create a queue"
            text="A queue points at one kind of compute, a Docker host or a cluster, and says what people may choose when they launch."
          >
            <Button asChild variant="primary">
              <Link href={`/${encodeURIComponent(entity)}/queues/new`}>Create your first queue</Link>
            </Button>
          </Step>
          <Step
            number={2}
            done={served}
            current={made && !served}
            title="Start an agent"
            text="A small process on your own machine or cluster that takes runs from the queue. You get the command with a token in it."
          >
            <Button variant="primary" onClick={() => setAdding(true)} disabled={!made}>
              Add agent
            </Button>
          </Step>
          <Step
            number={3}
            done={launched}
            current={made && served && !launched}
            title="Launch a run"
            text="Give an image or a command, and watch its log live."
          >
            <Button asChild={made} variant="primary" disabled={!made}>
              {made ? (
                <Link href={launchHref({ entity, queue: queues[0]?.name })} scroll={false}>
                  Launch
                </Link>
              ) : (
                'Launch'
              )}
            </Button>
          </Step>
        </ol>
      </Card>
      {adding && (
        <AddAgentDialog
          entity={entity}
          queues={queues.filter(({ servable }) => servable).map(({ name }) => name)}
          open
          onOpenChange={setAdding}
        />
      )}
    </section>
  );
}

function Step({
  number,
  done,
  current,
  title,
  text,
  children,
}: {
  number: number;
  done: boolean;
  current: boolean;
  title: string;
  text: string;
  children: ReactNode;
}) {
  return (
    <li className="flex flex-wrap items-center gap-4 px-5 py-4" aria-current={current ? 'step' : undefined}>
      {done ? (
        <CircleCheck className="size-6 shrink-0 text-ok" aria-label="Done" />
      ) : (
        <span
          aria-hidden
          className={cn(
            'grid size-6 shrink-0 place-items-center rounded-full border text-xs font-semibold',
            current ? 'border-accent bg-accent-soft text-accent-ink' : 'border-line-strong text-muted',
          )}
        >
          {number}
        </span>
      )}
      <div className="min-w-0 flex-1 basis-64">
        <h3 className={cn('font-medium', done && 'text-muted')}>{title}</h3>
        {!done && <p className="mt-0.5 max-w-prose text-sm text-muted">{text}</p>}
      </div>
      {current && children}
    </li>
  );
}
