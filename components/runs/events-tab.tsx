'use client';
import { useQuery } from '@tanstack/react-query';
import { isJsonObject } from '@/core/config-tree';
import type { Json, JsonObject, Run, RunEvent } from '@/core/wire';
import { actorLabel } from '../lib/actor';
import { formatLocal } from '../lib/format';
import { Card } from '../ui/card';
import { ErrorCard } from '../ui/error-card';
import { TableSkeleton } from '../ui/skeleton';
import { StateBadge } from '../ui/state-badge';
import { RelativeTime } from '../ui/time';
import { runQueries } from './queries';

/** Every change of a run in order, with who made it. */
export function EventsTab({ run }: { run: Run }) {
  const { data, error, refetch, isFetching } = useQuery(runQueries.events(run.id));
  if (error !== null && data === undefined)
    return <ErrorCard problem={error} onRetry={() => void refetch()} retrying={isFetching} />;
  if (data === undefined) return <TableSkeleton rows={4} columns={3} label="Loading the events" />;
  return (
    <Card>
      <ol aria-label="Events" className="divide-y divide-line">
        {data.map((event) => (
          <li
            key={event.seq}
            className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-4 gap-y-1 px-4 py-2.5 text-sm sm:grid-cols-[10rem_7.5rem_minmax(0,1fr)_auto]"
          >
            <span
              className="text-xs text-muted tabular-nums"
              suppressHydrationWarning
              title={formatLocal(event.at)}
            >
              <RelativeTime at={event.at} />
              {event.attempt > 1 && <span className="ml-2 text-faint">attempt {event.attempt}</span>}
            </span>
            <span>
              {event.state !== null ? (
                <StateBadge state={event.state} />
              ) : (
                <span className="text-muted">{event.kind}</span>
              )}
            </span>
            <span className="min-w-0 text-muted max-sm:col-span-2">{describe(event)}</span>
            <span className="text-xs text-muted max-sm:col-span-2">{actorLabel(event.actor)}</span>
          </li>
        ))}
      </ol>
    </Card>
  );
}

/** What came of a build: the image, or that it was there already. */
function describeBuild(build: JsonObject): string {
  const text = (key: string) => (typeof build[key] === 'string' ? build[key] : '');
  const from = text('commit') === '' ? '' : ` at commit ${text('commit').slice(0, 12)}`;
  const files = typeof build.contextFiles === 'number' ? build.contextFiles : 0;
  const what = `${files} files${from} and ${text('dockerfile')}`;
  return build.cached === true
    ? `${text('image')} exists already: not built again (${what})`
    : `${text('image')} was built of ${what}`;
}

/** The key of a datum as people read it: `exitCode` → `exit code`. */
const inWords = (key: string): string =>
  key === 'externalRef' ? 'reference' : key.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);

/** The data of an event as `key: value`, long documents left out: the tab Submission shows those. */
function describe(event: RunEvent): string {
  if (typeof event.data !== 'object' || event.data === null || Array.isArray(event.data)) return '';
  const shown = (value: Json): string | undefined => {
    if (typeof value === 'string') return value;
    return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
  };
  const { build, source } = event.data;
  if (isJsonObject(build)) return describeBuild(build);
  const entries = isJsonObject(source) ? { ...source, ...event.data } : event.data;
  return Object.entries(entries)
    .flatMap(([key, value]) => {
      const text = key === 'kind' ? undefined : shown(value);
      return text === undefined || text === '' ? [] : [key === 'message' ? text : `${inWords(key)}: ${text}`];
    })
    .join(' · ');
}
