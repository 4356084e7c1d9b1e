'use client';
import { queryOptions, useQuery } from '@tanstack/react-query';
import type { Job, JobVersion, JsonObject, Page } from '@/core/wire';
import { api, path } from '../lib/api';
import { everyPage } from '../lib/queries';
import { Combobox } from '../ui/combobox';
import { Field } from '../ui/field';
import { Select } from '../ui/select';

const jobQueries = {
  list: (entity: string) =>
    queryOptions({
      queryKey: ['entity', entity, 'jobs', 'choices'],
      queryFn: ({ signal }) =>
        everyPage((cursor) =>
          api.get<Page<Job>>(`${path('entities', entity)}/jobs`, { query: { limit: 200, cursor }, signal }),
        ),
    }),
  versions: (entity: string, job: string) =>
    queryOptions({
      queryKey: ['entity', entity, 'jobs', job, 'choices'],
      queryFn: ({ signal }) =>
        api.get<Page<JobVersion>>(`${path('entities', entity, 'jobs', job)}/versions`, {
          query: { limit: 200 },
          signal,
        }),
    }),
};

/** `train:v3` in its two parts; without the second its latest version is meant. */
function partsOf(reference: string): { name: string; version: string } {
  const at = reference.indexOf(':');
  return at === -1
    ? { name: reference, version: '' }
    : { name: reference.slice(0, at), version: reference.slice(at + 1) };
}

/** The input schema of the job version that a launch names; undefined when it has none or is not known (yet). */
export function useInputSchema(entity: string, reference: string): JsonObject | undefined {
  const { name, version } = partsOf(reference.trim());
  const own = name !== '' && !name.includes('/');
  const jobs = useQuery({ ...jobQueries.list(entity), enabled: own && entity !== '' });
  const job = jobs.data?.find((each) => each.name === name);
  const latest = version === '' || version === 'latest';
  const versions = useQuery({ ...jobQueries.versions(entity, name), enabled: job !== undefined && !latest });
  const found = latest
    ? job?.latest
    : versions.data?.items.find((each) => `v${each.version}` === version || each.aliases.includes(version));
  return found?.inputSchema ?? undefined;
}

/** Which job, and which of its versions. */
export function JobField({
  entity,
  value,
  onChange,
  error,
}: {
  entity: string;
  value: string;
  onChange: (job: string) => void;
  error: string | undefined;
}) {
  const { name, version } = partsOf(value);
  const jobs = useQuery(jobQueries.list(entity));
  const job = jobs.data?.find((each) => each.name === name);
  const versions = useQuery({ ...jobQueries.versions(entity, name), enabled: job !== undefined });
  const options = (jobs.data ?? []).map((each) => ({
    value: each.name,
    label: each.name,
    description: `v${each.latest.version}, ${each.latest.source.type}`,
  }));
  const choices = [
    { value: 'latest', label: `latest${job === undefined ? '' : ` (v${job.latest.version})`}` },
    ...(versions.data?.items ?? []).map((each) => ({
      value: `v${each.version}`,
      label: `v${each.version}${each.aliases
        .filter((alias) => alias !== 'latest')
        .map((alias) => `, ${alias}`)
        .join('')}`,
    })),
  ];
  const chosen = version === '' ? 'latest' : version;
  // An alias, or a version beyond those that are listed.
  if (!choices.some((each) => each.value === chosen)) choices.push({ value: chosen, label: chosen });
  return (
    <div className="grid gap-4 sm:grid-cols-[minmax(0,1fr)_12rem]">
      <Field
        label="Job"
        required
        error={error ?? jobs.error?.message}
        hint="Of another entity: entity/name or entity/name:v3."
      >
        <Combobox
          value={name}
          onValueChange={onChange}
          options={options}
          allowCustom
          placeholder="Choose a job"
          empty="No job of this name."
        />
      </Field>
      <Field label="Version">
        <Select
          value={chosen}
          onValueChange={(next) => onChange(next === 'latest' ? name : `${name}:${next}`)}
          options={choices}
          disabled={name === ''}
        />
      </Field>
    </div>
  );
}
