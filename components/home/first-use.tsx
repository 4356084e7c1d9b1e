'use client';
import { useQuery } from '@tanstack/react-query';
import { CircleCheck } from 'lucide-react';
import dynamic from 'next/dynamic';
import Link from 'next/link';
import { useState, type ReactNode } from 'react';
// Not from the index: the checks there bring the schemas with them, which the first load can do without.
import { RESOURCE_INFO } from '@/core/queue-config/resources';
import type { Overview, QueueSummary } from '@/core/wire';
import { useLaunchHref } from '../launch';
import { cn } from '../lib/cn';
import { queueQueries } from '../queues/queries';
import { Button } from '../ui/button';
import { Card } from '../ui/card';
import { EmptyState } from '../ui/empty-state';
import { ResourceIcon } from '../ui/resource-icon';

const AddAgentDialog = dynamic(
  () => import('../agents/add-agent-dialog').then((module) => module.AddAgentDialog),
  { ssr: false },
);

/** From nothing to the first finished run in three steps that tick by themselves. */
export function FirstUse({
  entity,
  overview,
  admin,
}: {
  entity: string;
  overview: Overview;
  admin: boolean;
}) {
  if (!admin) {
    if (overview.queues > 0) return null;
    return (
      <Card>
        <EmptyState title="No queues yet">
          An admin of {entity} makes the queues; then you can launch on them here.
        </EmptyState>
      </Card>
    );
  }
  return <Steps entity={entity} overview={overview} />;
}

function Steps({ entity, overview }: { entity: string; overview: Overview }) {
  const [adding, setAdding] = useState(false);
  const made = overview.queues > 0;
  const served = overview.agents.ever;
  const queues = useQuery({ ...queueQueries.table(entity, {}), enabled: made });
  const known = queues.data?.items;
  const first = known?.find(({ servable }) => servable);
  const newQueue = `/${encodeURIComponent(entity)}/queues/new`;
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
            below={
              <ul aria-label="Sample queues" className="mt-2 flex flex-wrap items-center gap-2 text-sm">
                <li className="text-muted">Begin with a sample:</li>
                {Object.values(RESOURCE_INFO).map(({ id, label }) => (
                  <li key={id}>
                    <Link
                      href={`${newQueue}?sample=${id}`}
                      className="inline-flex h-7 items-center gap-1.5 rounded-md border border-line-strong px-2 hover:bg-hover"
                    >
                      <ResourceIcon resource={id} className="size-3.5 text-muted" /> {label}
                    </Link>
                  </li>
                ))}
              </ul>
            }
          >
            <Button asChild variant="primary">
              <Link href={newQueue}>Create your first queue</Link>
            </Button>
          </Step>
          <Step
            number={2}
            done={served}
            current={made && !served}
            title="Start an agent"
            text="A small process on your own machine or cluster that takes runs from the queue. You get the command with a token in it, and see here when it calls."
          >
            <Button variant="primary" onClick={() => setAdding(true)} disabled={!made}>
              Add agent
            </Button>
          </Step>
          <Step
            number={3}
            done={overview.firstRun === 'finished'}
            current={made && served && overview.firstRun !== 'finished'}
            title="Launch hello-world"
            text={
              overview.firstRun === 'launched'
                ? 'Your first run is on its way; this ticks when one has finished.'
                : 'A run that says hello, filled in for you: look at the preview, launch it and watch its log live.'
            }
          >
            {overview.firstRun === 'launched' && (
              <Button asChild>
                <Link href={`/${encodeURIComponent(entity)}/runs`}>See the runs</Link>
              </Button>
            )}
            <HelloButton entity={entity} queue={first} again={overview.firstRun === 'launched'} />
          </Step>
        </ol>
      </Card>
      {adding && (
        <AddAgentDialog
          entity={entity}
          queues={known?.filter(({ servable }) => servable).map(({ name }) => name)}
          open
          onOpenChange={setAdding}
        />
      )}
    </section>
  );
}

/** Opens the launch drawer with something that runs anywhere. */
function HelloButton({
  entity,
  queue,
  again,
}: {
  entity: string;
  queue: QueueSummary | undefined;
  again: boolean;
}) {
  const launchHref = useLaunchHref();
  const hello =
    queue !== undefined && RESOURCE_INFO[queue.resource].takes === 'command'
      ? { entrypoint: 'echo "Hello from Slipway"' }
      : { image: 'hello-world' };
  return (
    <Button asChild variant={again ? 'secondary' : 'primary'}>
      <Link href={launchHref({ entity, queue: queue?.name, ...hello })} scroll={false}>
        {again ? 'Launch again' : 'Launch hello-world'}
      </Link>
    </Button>
  );
}

function Step({
  number,
  done,
  current,
  title,
  text,
  below,
  children,
}: {
  number: number;
  done: boolean;
  current: boolean;
  title: string;
  text: string;
  /** Under the text, while the step is the next one. */
  below?: ReactNode;
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
        {current && below}
      </div>
      {current && <span className="flex flex-wrap gap-2">{children}</span>}
    </li>
  );
}
