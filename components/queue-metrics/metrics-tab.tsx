'use client';
import { useQuery } from '@tanstack/react-query';
import { ChartLine, Download } from 'lucide-react';
import type { Queue, QueueMetrics } from '@/core/wire';
import { useNow } from '../lib/clock';
import { formatCount, formatDuration, formatLocal } from '../lib/format';
import { setSearchParams, useSearchParam } from '../lib/search-param';
import { saveFile } from '../lib/save-file';
import { failureTitle } from '../runs/failure-advice';
import { Button } from '../ui/button';
import { Card } from '../ui/card';
import { EmptyState } from '../ui/empty-state';
import { ErrorCard } from '../ui/error-card';
import { Notice } from '../ui/notice';
import { Select } from '../ui/select';
import { Skeleton } from '../ui/skeleton';
import { BarList } from './bar-list';
import { metricsCsv } from './csv';
import { Gantt } from './gantt';
import { PrometheusHints } from './prometheus-hints';
import { metricsQueries } from './queries';
import { DEFAULT_RANGE, readRange, writeRange, type RangeName } from './range';
import { TimeChart } from './time-chart';

const RANGE_LABELS: Record<RangeName, string> = {
  '1h': 'Last hour',
  '6h': 'Last 6 hours',
  '24h': 'Last 24 hours',
  '7d': 'Last 7 days',
  '30d': 'Last 30 days',
  '90d': 'Last 90 days',
};
const number = (value: number) => formatCount(Math.round(value * 10) / 10);
const short = (seconds: number) => formatDuration(seconds).replace(/ (?=\D)/g, '');

/** How a queue does over time. The range stands in the address; drawing over any chart sets it for all. */
export function MetricsTab({ queue }: { queue: Pick<Queue, 'entity' | 'name'> }) {
  const [rangeName] = useSearchParam('range');
  const [fromText] = useSearchParam('from');
  const [toText] = useSearchParam('to');
  const [groupText] = useSearchParam('group');
  const group = groupText === 'job' ? 'job' : 'author';
  const now = useNow();
  const range = readRange({ range: rangeName, from: fromText, to: toText }, now);
  const metrics = useQuery(metricsQueries.metrics(queue.entity, queue.name, range, group));
  const timeline = useQuery(metricsQueries.timeline(queue.entity, queue.name, range));
  const choose = (from: number, to: number) => setSearchParams(writeRange(from, to), 'push');
  const { data } = metrics;
  return (
    <div className="flex flex-col gap-4">
      <div className="flex flex-wrap items-center gap-2">
        <Select
          aria-label="Range"
          className="w-40"
          value={range.name}
          placeholder="Chosen range"
          onValueChange={(name) =>
            setSearchParams({ range: name === DEFAULT_RANGE ? '' : name, from: '', to: '' }, 'push')
          }
          options={Object.entries(RANGE_LABELS).map(([value, label]) => ({
            value: value as RangeName,
            label,
          }))}
        />
        {range.name === undefined && (
          <>
            <span className="text-sm text-muted tabular-nums">
              {formatLocal(range.from)} to {formatLocal(range.to)}
            </span>
            <Button variant="ghost" onClick={() => setSearchParams({ from: '', to: '' })}>
              Reset
            </Button>
          </>
        )}
        <Select
          aria-label="Group by"
          className="w-36"
          value={group}
          onValueChange={(value) => setSearchParams({ group: value === 'author' ? '' : value })}
          options={[
            { value: 'author', label: 'By author' },
            { value: 'job', label: 'By job' },
          ]}
        />
        <span className="ml-auto hidden text-xs text-muted sm:inline">Draw over a chart to zoom in.</span>
        <Button
          disabled={data === undefined}
          onClick={() => data && saveFile(metricsCsv(data), `${queue.name}-metrics.csv`, 'text/csv')}
        >
          <Download aria-hidden /> CSV
        </Button>
      </div>
      {metrics.error !== null && (
        <ErrorCard
          problem={metrics.error}
          onRetry={() => void metrics.refetch()}
          retrying={metrics.isFetching}
        />
      )}
      {data === undefined ? (
        metrics.error === null && <MetricsSkeleton />
      ) : isEmpty(data) ? (
        <Card>
          <EmptyState icon={<ChartLine aria-hidden />} title="Nothing happened in this range">
            Choose a longer one, or launch a run.
          </EmptyState>
        </Card>
      ) : (
        <Charts data={data} onRange={choose} group={group} />
      )}
      {timeline.error !== null && (
        <ErrorCard
          problem={timeline.error}
          onRetry={() => void timeline.refetch()}
          retrying={timeline.isFetching}
        />
      )}
      {timeline.data !== undefined && data !== undefined && !isEmpty(data) && (
        <Gantt
          timeline={timeline.data}
          from={Date.parse(timeline.data.from)}
          to={Date.parse(timeline.data.to)}
          now={now}
          onRange={choose}
        />
      )}
      {data !== undefined && <PrometheusHints entity={queue.entity} queue={queue.name} />}
    </div>
  );
}

const isEmpty = ({ points }: QueueMetrics) =>
  points.every((point) => point.enqueued + point.started === 0 && point.waiting + point.inFlight === 0);

function Charts({
  data,
  onRange,
  group,
}: {
  data: QueueMetrics;
  onRange: (from: number, to: number) => void;
  group: 'author' | 'job';
}) {
  const rows = data.points.map(({ at, ...point }) => ({ time: Date.parse(at), ...point }));
  const from = Date.parse(data.from);
  const to = Date.parse(data.to);
  const common = { data: rows, from, to, onRange };
  const sum = (key: 'enqueued' | 'started') => data.points.reduce((total, point) => total + point[key], 0);
  // Behind means: of what came in the last third of the range, clearly less was started.
  const recent = data.points.slice(-Math.ceil(data.points.length / 3));
  const came = recent.reduce((total, point) => total + point.enqueued, 0);
  const went = recent.reduce((total, point) => total + point.started, 0);
  return (
    <>
      {came >= 5 && went < came * 0.8 && data.waiting > 0 && (
        <Notice tone="warn" title="The queue is falling behind">
          Lately {formatCount(came)} runs were launched and {formatCount(went)} started;{' '}
          {formatCount(data.waiting)} wait now.
        </Notice>
      )}
      <div className="grid gap-4 xl:grid-cols-2">
        <TimeChart
          {...common}
          title="Waiting and in flight"
          description="Runs, on average over each step"
          format={number}
          limit={
            data.maxInFlight === null
              ? undefined
              : { value: data.maxInFlight, label: `limit ${data.maxInFlight}` }
          }
          series={[
            { key: 'inFlight', label: 'In flight', color: 'var(--chart-in-flight)', kind: 'area' },
            { key: 'waiting', label: 'Waiting', color: 'var(--chart-waiting)' },
          ]}
        />
        <TimeChart
          {...common}
          title="Launched and started"
          description={`${formatCount(sum('enqueued'))} launched, ${formatCount(sum('started'))} started`}
          format={number}
          series={[
            { key: 'enqueued', label: 'Launched', color: 'var(--chart-waiting)' },
            { key: 'started', label: 'Started', color: 'var(--chart-in-flight)' },
          ]}
        />
        <TimeChart
          {...common}
          title="Time to start"
          description="Of the runs that started in each step, and the oldest that still waited"
          format={short}
          series={[
            { key: 'waitP50', label: 'Half within', color: 'var(--chart-1)' },
            { key: 'waitP95', label: '95 % within', color: 'var(--chart-2)' },
            { key: 'waitP99', label: '99 % within', color: 'var(--chart-5)' },
            { key: 'oldestWait', label: 'Oldest wait', color: 'var(--chart-stopped)' },
          ]}
        />
        <TimeChart
          {...common}
          title="Ends"
          format={number}
          series={[
            {
              key: 'finished',
              label: 'Finished',
              color: 'var(--chart-finished)',
              kind: 'bar',
              stack: 'ends',
            },
            { key: 'failed', label: 'Failed', color: 'var(--chart-failed)', kind: 'bar', stack: 'ends' },
            { key: 'stopped', label: 'Stopped', color: 'var(--chart-stopped)', kind: 'bar', stack: 'ends' },
          ]}
        />
      </div>
      <div className="grid gap-4 md:grid-cols-3">
        <BarList
          title="Failures by category"
          color="var(--chart-failed)"
          empty="No run failed."
          items={data.failures.map(({ name, failed }) => ({
            name: failureTitle(name),
            value: failed,
          }))}
        />
        <BarList
          title={group === 'author' ? 'Failures by author' : 'Failures by job'}
          color="var(--chart-failed)"
          empty="No run failed."
          items={data.groups
            .filter((each) => each.failed > 0)
            .toSorted((a, b) => b.failed - a.failed)
            .map(({ name, failed, finished }) => ({
              name,
              value: failed,
              note: `${Math.round((failed / Math.max(1, failed + finished)) * 100)} %`,
            }))}
        />
        <BarList
          title={group === 'author' ? 'Launches by author' : 'Launches by job'}
          color="var(--chart-1)"
          empty="Nothing was launched."
          items={data.groups.map(({ name, enqueued, busySeconds }) => ({
            name,
            value: enqueued,
            note: `${short(busySeconds)} in flight`,
          }))}
        />
      </div>
    </>
  );
}

function MetricsSkeleton() {
  return (
    <div role="status" aria-label="Loading the metrics" className="grid gap-4 xl:grid-cols-2">
      {[0, 1, 2, 3].map((each) => (
        <Skeleton key={each} className="h-72" />
      ))}
    </div>
  );
}
