'use client';
import { Search } from 'lucide-react';
import { RESOURCE_INFO } from '@/core/queue-config';
import type { QueueSummary } from '@/core/wire';
import { setSearchParams, useSearchParam } from '../lib/search-param';
import { Button } from '../ui/button';
import { Input } from '../ui/input';
import { Kbd } from '../ui/kbd';
import { Select } from '../ui/select';
import { QUEUE_CONDITION_LOOK, queueCondition } from '../ui/state-badge';

const ANY = 'any';

export interface QueueFilterState {
  text: string;
  resource: string;
  state: string;
  set: Record<'text' | 'resource' | 'state', (value: string) => void>;
  active: boolean;
  clear: () => void;
  matches: (queue: QueueSummary) => boolean;
}

/** Filters of the list; in the address. */
export function useQueueFilters(): QueueFilterState {
  const [text, setText] = useSearchParam('q');
  const [resource, setResource] = useSearchParam('resource');
  const [state, setState] = useSearchParam('state');
  const needle = text.trim().toLowerCase();
  return {
    text,
    resource,
    state,
    set: { text: setText, resource: setResource, state: setState },
    active: text !== '' || resource !== '' || state !== '',
    clear: () => setSearchParams({ q: '', resource: '', state: '' }),
    matches: (queue) =>
      (needle === '' ||
        queue.name.toLowerCase().includes(needle) ||
        queue.description.toLowerCase().includes(needle)) &&
      (resource === '' || queue.resource === resource) &&
      (state === '' || queueCondition(queue) === state),
  };
}

const options = (any: string, entries: readonly (readonly [string, { label: string }])[]) => [
  { value: ANY, label: any },
  ...entries.map(([value, { label }]) => ({ value, label })),
];

export function QueueFilters({ filters }: { filters: QueueFilterState }) {
  const choose = (name: 'resource' | 'state') => (value: string) =>
    filters.set[name](value === ANY ? '' : value);
  return (
    <div role="search" aria-label="Queues" className="mb-3 flex flex-wrap gap-2">
      <Input
        icon={<Search aria-hidden />}
        suffix={<Kbd keys="/" className="pr-1" />}
        aria-label="Search the queues by name or description"
        placeholder="Search queues"
        value={filters.text}
        onChange={(event) => filters.set.text(event.target.value)}
        className="w-64 max-sm:w-full"
        data-search
      />
      <Select
        aria-label="Resource"
        className="w-40"
        value={filters.resource || ANY}
        onValueChange={choose('resource')}
        options={options('Any resource', Object.entries(RESOURCE_INFO))}
      />
      <Select
        aria-label="State"
        className="w-36"
        value={filters.state || ANY}
        onValueChange={choose('state')}
        options={options('Any state', Object.entries(QUEUE_CONDITION_LOOK))}
      />
      {filters.active && (
        <Button variant="ghost" onClick={filters.clear}>
          Clear filters
        </Button>
      )}
    </div>
  );
}
