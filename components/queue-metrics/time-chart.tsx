'use client';
import { useState } from 'react';
import {
  Area,
  Bar,
  CartesianGrid,
  ComposedChart,
  Line,
  ReferenceArea,
  ReferenceLine,
  ResponsiveContainer,
  Tooltip,
  XAxis,
  YAxis,
} from 'recharts';
import { formatLocal } from '../lib/format';
import { SectionCard } from '../ui/card';
import { formatTick } from './range';

export interface Series {
  key: string;
  label: string;
  /** A CSS colour, from the tokens of charts. */
  color: string;
  kind?: 'line' | 'area' | 'bar';
  /** Series of one stack stand on each other. */
  stack?: string;
}
export interface TimeChartProps {
  title: string;
  description?: string;
  data: readonly ({ time: number } & Record<string, number | null>)[];
  from: number;
  to: number;
  series: readonly Series[];
  format: (value: number) => string;
  /** A line across at this value, with a name. */
  limit?: { value: number; label: string };
  /** A span of time was drawn over the chart. */
  onRange: (from: number, to: number) => void;
}

/** Numbers over time. Drawing over it chooses a range for the whole page. */
export function TimeChart({
  title,
  description,
  data,
  from,
  to,
  series,
  format,
  limit,
  onRange,
}: TimeChartProps) {
  const [brush, setBrush] = useState<{ from: number; to: number }>();
  const timeOf = (label: unknown): number | undefined => {
    const value = Number(label);
    return label === undefined || label === null || Number.isNaN(value) ? undefined : value;
  };
  const end = () => {
    if (brush && brush.from !== brush.to) onRange(brush.from, brush.to);
    setBrush(undefined);
  };
  // Runs that were counted are not labelled 0.8.
  const whole = data.every((row) => series.every(({ key }) => Number.isInteger(row[key] ?? 0)));
  return (
    <SectionCard title={title} description={description}>
      <ul className="mb-2 flex flex-wrap gap-x-4 gap-y-1 text-xs text-muted" aria-hidden>
        {series.map((each) => (
          <li key={each.key} className="flex items-center gap-1.5">
            <span className="size-2 rounded-full" style={{ background: each.color }} /> {each.label}
          </li>
        ))}
      </ul>
      <div
        role="img"
        aria-label={`${title}: ${summaryOf(data, series, format)}`}
        className="h-48 select-none"
      >
        <ResponsiveContainer width="100%" height="100%" initialDimension={{ width: 480, height: 192 }}>
          <ComposedChart
            data={data}
            margin={{ top: 4, right: 8, bottom: 0, left: 0 }}
            accessibilityLayer={false}
            onMouseDown={(state) => {
              const at = timeOf(state.activeLabel);
              if (at !== undefined) setBrush({ from: at, to: at });
            }}
            onMouseMove={(state) => {
              const at = timeOf(state.activeLabel);
              if (at !== undefined) setBrush((before) => before && { from: before.from, to: at });
            }}
            onMouseUp={end}
            onMouseLeave={end}
          >
            <CartesianGrid stroke="var(--line)" vertical={false} />
            <XAxis
              dataKey="time"
              type="number"
              domain={[from, to]}
              scale="time"
              tickFormatter={(at: number) => formatTick(at, to - from)}
              tick={{ fill: 'var(--muted)', fontSize: 11 }}
              stroke="var(--line-strong)"
              minTickGap={48}
            />
            <YAxis
              width={52}
              allowDecimals={!whole}
              tickFormatter={format}
              tick={{ fill: 'var(--muted)', fontSize: 11 }}
              stroke="var(--line-strong)"
              domain={[0, (max: number) => Math.max(1, max, limit?.value ?? 0)]}
            />
            <Tooltip
              isAnimationActive={false}
              labelFormatter={(label) => formatLocal(Number(label))}
              formatter={(value) => (typeof value === 'number' ? format(value) : '–')}
              contentStyle={{
                background: 'var(--raised)',
                border: '1px solid var(--line)',
                borderRadius: 8,
                fontSize: 12,
                color: 'var(--ink)',
              }}
            />
            {limit && (
              <ReferenceLine
                y={limit.value}
                stroke="var(--chart-limit)"
                strokeDasharray="4 3"
                label={{ value: limit.label, position: 'insideTopRight', fill: 'var(--muted)', fontSize: 11 }}
              />
            )}
            {series.map((each) => {
              const common = { key: each.key, dataKey: each.key, name: each.label, isAnimationActive: false };
              if (each.kind === 'bar')
                return <Bar {...common} key={each.key} fill={each.color} stackId={each.stack} />;
              if (each.kind === 'area')
                return (
                  <Area
                    {...common}
                    key={each.key}
                    stroke={each.color}
                    fill={each.color}
                    fillOpacity={0.18}
                    stackId={each.stack}
                    dot={false}
                    type="stepAfter"
                  />
                );
              return (
                <Line
                  {...common}
                  key={each.key}
                  stroke={each.color}
                  strokeWidth={1.75}
                  dot={false}
                  connectNulls
                  type="linear"
                />
              );
            })}
            {brush && <ReferenceArea x1={brush.from} x2={brush.to} fill="var(--accent)" fillOpacity={0.16} />}
          </ComposedChart>
        </ResponsiveContainer>
      </div>
    </SectionCard>
  );
}

/** What a person who cannot see the chart is told: the last and the highest value of each series. */
function summaryOf(
  data: TimeChartProps['data'],
  series: readonly Series[],
  format: (value: number) => string,
): string {
  return series
    .map(({ key, label }) => {
      const values = data.flatMap((point) => (typeof point[key] === 'number' ? [point[key]] : []));
      const last = values.at(-1);
      return last === undefined
        ? `${label} unknown`
        : `${label} ${format(last)} at the end, at most ${format(Math.max(...values))}`;
    })
    .join(', ');
}
