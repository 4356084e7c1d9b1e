'use client';
import { useQuery } from '@tanstack/react-query';
import dynamic from 'next/dynamic';
import { RESOURCE_INFO } from '@/core/queue-config';
import type { Queue } from '@/core/wire';
import { useLive } from '../lib/live';
import { Badge } from '../ui/badge';
import { ErrorCard } from '../ui/error-card';
import { PageHeader } from '../ui/page-header';
import { ResourceIcon } from '../ui/resource-icon';
import { PageSkeleton, Skeleton } from '../ui/skeleton';
import { QueueStateBadge } from '../ui/state-badge';
import { Tabs } from '../ui/tabs';
import { AgentsTab, NoAgentBanner } from './agents-tab';
import { ConfigTab } from './config-tab';
import { queueQueries } from './queries';
import { QueueActions } from './queue-actions';
import { QueueSentence } from './queue-sentence';
import { QueueRunsTab } from './queue-runs-tab';
import { QUEUE_TABS, type QueueTab } from './queue-tabs';
import { SettingsTab } from './settings-tab';

/** With its charts only where they are looked at. */
const MetricsTab = dynamic(() => import('../queue-metrics').then((module) => module.MetricsTab), {
  loading: () => <Skeleton className="h-72 w-full" />,
});

const LABELS: Record<QueueTab, string> = {
  runs: 'Runs',
  agents: 'Agents',
  config: 'Config',
  metrics: 'Metrics',
  settings: 'Settings',
};

/** Everything about one queue, live; which tab is open is in the path. */
export function QueuePage({ entity, queue: name, tab }: { entity: string; queue: string; tab: QueueTab }) {
  useLive([`queue:${entity}/${name}`, `entity:${entity}`]);
  const { data: queue, error, refetch, isFetching } = useQuery(queueQueries.one(entity, name));
  if (queue === undefined) {
    return error !== null ? (
      <ErrorCard problem={error} onRetry={() => void refetch()} retrying={isFetching} />
    ) : (
      <PageSkeleton label="Loading the queue" />
    );
  }
  return <LoadedQueue queue={queue} tab={tab} />;
}

function LoadedQueue({ queue, tab }: { queue: Queue; tab: QueueTab }) {
  const base = `/${encodeURIComponent(queue.entity)}/queues/${encodeURIComponent(queue.name)}`;
  const counts: Partial<Record<QueueTab, number>> = {
    runs: queue.counts.waiting + queue.counts.inFlight,
    agents: queue.agents.online,
  };
  return (
    <>
      <PageHeader
        title={queue.name}
        badges={
          <>
            <QueueStateBadge queue={queue} />
            <Badge icon={<ResourceIcon resource={queue.resource} />}>
              {RESOURCE_INFO[queue.resource].label}
            </Badge>
            {queue.prioritized && <Badge tone="violet">Priorities</Badge>}
          </>
        }
        description={
          <>
            <p data-testid="queue-sentence">
              <QueueSentence queue={queue} />
            </p>
            {queue.maxInFlight !== null && queue.counts.inFlight < queue.maxInFlight && (
              <p>
                {queue.counts.inFlight} of at most {queue.maxInFlight} runs in flight.
              </p>
            )}
            {queue.description !== '' && <p className="mt-1 whitespace-pre-line">{queue.description}</p>}
          </>
        }
        actions={<QueueActions queue={queue} />}
      />
      <Tabs
        label="Parts of the queue"
        className="mb-4"
        items={QUEUE_TABS.map((each) => ({
          href: each === 'runs' ? base : `${base}/${each}`,
          label: LABELS[each],
          count: counts[each],
          active: tab === each,
        }))}
      />
      {tab === 'runs' && queue.agents.online === 0 && queue.servable && (
        <NoAgentBanner queue={queue} className="mb-4" />
      )}
      {tab === 'runs' && <QueueRunsTab queue={queue} />}
      {tab === 'agents' && <AgentsTab queue={queue} />}
      {tab === 'config' && <ConfigTab queue={queue} />}
      {tab === 'metrics' && <MetricsTab queue={queue} />}
      {tab === 'settings' && <SettingsTab key={queue.updatedAt} queue={queue} />}
    </>
  );
}
