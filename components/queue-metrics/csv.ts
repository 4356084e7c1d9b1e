import type { QueueMetrics } from '@/core/wire';

const COLUMNS = [
  'at',
  'enqueued',
  'started',
  'finished',
  'failed',
  'stopped',
  'waiting',
  'inFlight',
  'oldestWait',
  'waitP50',
  'waitP95',
  'waitP99',
] as const satisfies readonly (keyof QueueMetrics['points'][number])[];

/** The points as a table, times in seconds. RFC 4180; every cell is a number or a time, so none needs quotes. */
export function metricsCsv({ points }: Pick<QueueMetrics, 'points'>): string {
  const cell = (value: string | number | null) =>
    value === null ? '' : typeof value === 'number' ? String(Math.round(value * 1000) / 1000) : value;
  return (
    [COLUMNS.join(','), ...points.map((point) => COLUMNS.map((name) => cell(point[name])).join(','))].join(
      '\r\n',
    ) + '\r\n'
  );
}
