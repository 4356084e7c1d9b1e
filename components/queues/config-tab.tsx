'use client';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Queue } from '@/core/wire';
import { SectionCard } from '../ui/card';
import { RelativeTime } from '../ui/time';
import { ConfigForm } from './config-form';
import { queueQueries } from './queries';
import { VersionList } from './version-list';

/** The configuration of a queue: who made it, the text with its tiles, versions, what launches have chosen. */
export function ConfigTab({ queue }: { queue: Queue }) {
  const [base, setBase] = useState(queue);
  const [dirty, setDirty] = useState(false);
  // A new version is shown at once unless somebody is in the middle of a change here.
  if (base.version !== queue.version && !dirty) setBase(queue);
  return (
    <div className="flex flex-col gap-4">
      <p className="text-sm text-muted">
        Created <RelativeTime at={queue.createdAt} /> by <span className="text-ink">{queue.createdBy}</span>.
        Version {queue.version} is in force; a run keeps the version it was enqueued with.
      </p>
      <ConfigForm
        key={base.version}
        base={base}
        current={queue}
        onDirty={setDirty}
        onSaved={(saved) => {
          setDirty(false);
          setBase(saved);
        }}
      />
      <VersionList queue={queue} />
      <Overrides queue={queue} />
    </div>
  );
}

function Overrides({ queue }: { queue: Queue }) {
  const { data } = useQuery(queueQueries.overrides(queue.entity, queue.name));
  const rows =
    data === undefined
      ? []
      : [...data.templateValues.map((each) => ({ ...each, path: each.name })), ...data.resourceArgs];
  return (
    <SectionCard
      title="Overrides"
      description="Values that launches on this queue have chosen, the most frequent first."
    >
      {rows.length === 0 ? (
        <p className="text-sm text-muted">
          {data === undefined ? 'Loading…' : 'No launch has chosen a value yet.'}
        </p>
      ) : (
        <ul className="flex flex-wrap gap-2">
          {rows
            .toSorted((a, b) => b.runs - a.runs)
            .map((each) => (
              <li
                key={`${each.path}=${JSON.stringify(each.value)}`}
                className="inline-flex max-w-full items-center gap-2 rounded-md border border-line bg-sunken px-2 py-1 text-xs"
              >
                <code className="truncate font-mono">
                  {each.path} = {typeof each.value === 'string' ? each.value : JSON.stringify(each.value)}
                </code>
                <span className="text-muted tabular-nums">{each.runs}×</span>
              </li>
            ))}
        </ul>
      )}
    </SectionCard>
  );
}
